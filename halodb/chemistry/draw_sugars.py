"""A drawing of a molecule with its sugar mask, to see what halogenation leaves alone."""

from __future__ import annotations

from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from halodb.chemistry.parse import parse_parent
from halodb.chemistry.sugars import sugar_atoms

_MOST_ATOMS = 1000
_COLOUR = (1.0, 0.75, 0.45)


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
    molecule = parse_parent(smiles, _MOST_ATOMS)
    return draw_atoms(molecule, sugar_atoms(molecule), legend, width, height)


def draw_atoms(molecule: Chem.Mol, atoms: frozenset[int], legend: str, width: int, height: int) -> str:
    """An SVG of a molecule with some of its atoms in orange."""
    molecule = Chem.Mol(molecule)
    rdDepictor.Compute2DCoords(molecule)
    between = [bond.GetIdx() for bond in molecule.GetBonds() if {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()} <= atoms]
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    drawer.drawOptions().setHighlightColour(_COLOUR)
    drawer.DrawMolecule(molecule, highlightAtoms=sorted(atoms), highlightBonds=between, legend=legend)
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())
