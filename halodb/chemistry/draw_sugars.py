"""Drawings of molecules with their sugar mask, to see what halogenation leaves alone."""

from __future__ import annotations

from collections.abc import Mapping

from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from halodb.chemistry.parse import parse_parent
from halodb.chemistry.sugars import sugar_atoms

_MOST_ATOMS = 1000
_COLOUR = (1.0, 0.75, 0.45)
_MOST_COLUMNS = 3


def draw_sugar_mask(smiles: str, legend: str = "", width: int = 600, height: int = 450) -> str:
    """An SVG of a molecule, the atoms of its sugars and the bonds between them in orange.

    Args:
        smiles: the molecule.
        legend: a line below it.
        width: pixels.
        height: pixels.

    Raises:
        ParentRejectedError: it is no molecule, or has more than 1,000 heavy atoms; the text is the reason.

    Example:
        >>> draw_sugar_mask("OCC1OC(Oc2ccccc2)C(O)C(O)C1O").startswith("<?xml")
        True
    """
    return draw_sugar_masks({legend: smiles}, width, height)


def draw_sugar_masks(molecules: Mapping[str, str], width: int = 400, height: int = 300) -> str:
    """One SVG of several molecules, as `draw_sugar_mask` draws them.

    Args:
        molecules: SMILES by the line below each.
        width: of one, in pixels.
        height: of one, in pixels.

    Raises:
        ParentRejectedError: one is no molecule, or has more than 1,000 heavy atoms; the text is the reason.
    """
    drawn, atoms, bonds = [], [], []
    for smiles in molecules.values():
        molecule = parse_parent(smiles, _MOST_ATOMS)
        sugars = sugar_atoms(molecule)
        between = [b.GetIdx() for b in molecule.GetBonds() if {b.GetBeginAtomIdx(), b.GetEndAtomIdx()} <= sugars]
        rdDepictor.Compute2DCoords(molecule)
        drawn.append(molecule)
        atoms.append(sorted(sugars))
        bonds.append(between)
    columns = min(len(drawn), _MOST_COLUMNS)
    rows = -(-len(drawn) // columns)
    drawer = rdMolDraw2D.MolDraw2DSVG(columns * width, rows * height, width, height)
    drawer.drawOptions().setHighlightColour(_COLOUR)
    drawer.DrawMolecules(drawn, highlightAtoms=atoms, highlightBonds=bonds, legends=list(molecules))
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())
