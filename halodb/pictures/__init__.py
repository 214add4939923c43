"""Pictures of molecules and the pages that show them: coordinates, what changed, compact SVG, templates."""
