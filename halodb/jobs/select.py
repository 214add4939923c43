"""Jobs of a library by name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from halodb.errors import LibraryError, UsageError
from halodb.jobs.manifest import Manifest, load_manifests


def choose_jobs(library: Path, names: Sequence[str] = ()) -> list[Manifest]:
    """Manifests of the jobs named, or of all, sorted by name.

    Raises:
        LibraryError: the directory is not there or holds no job.
        UsageError: a name that is no job of the library.
    """
    if not library.is_dir():
        raise LibraryError(f"{library} does not exist.", "Give the directory that `halodb transform` wrote to.")
    manifests = {manifest.job: manifest for manifest in load_manifests(library)}
    if not manifests:
        raise LibraryError(f"{library} holds no job.", "Give the directory that `halodb transform` wrote to.")
    for name in names:
        if name not in manifests:
            near = get_close_matches(name, manifests, n=1)
            hint = f"Did you mean {near[0]}?" if near else "`halodb sql 'SELECT job FROM jobs'` lists them."
            raise UsageError(f"{library} has no job {name}.", hint)
    return [manifest for name, manifest in manifests.items() if not names or name in names]
