"""The canonical SMILES of a molecule: one, and of a few molecules several.

RDKit does not read every SMILES that it wrote as what it wrote: of a few molecules it has several canonical SMILES, by
the order of their atoms (its issues 1965, 4710, 6420 and 7429), and writes one where it has read another. All of them
are right, and a library may have any of them.
"""

from __future__ import annotations

from rdkit import Chem

_REWRITINGS = 3
"""RDKit goes round few SMILES of a molecule, mostly two."""
_ORDERS = 20
"""Of two writings each came up for a third of all orders or more: so many miss one of them less than once in 3,000."""


def written_again(smiles: str) -> str | None:
    """What RDKit writes for the molecule of a SMILES, or None where it is none."""
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else Chem.MolToSmiles(molecule)


def writings_of(molecule: Chem.Mol) -> set[str]:
    """The canonical SMILES that RDKit has for a molecule, in whatever order its atoms come.

    All cases that are known are of stereochemistry, so 20 orders of the atoms are tried where there is any; it takes
    some milliseconds. The orders are random ones, always the same.

    >>> writings_of(Chem.MolFromSmiles("OCC")), len(writings_of(Chem.MolFromSmiles("C[C@H](N)C(=O)O")))
    ({'CCO'}, 1)
    """
    found = {Chem.MolToSmiles(molecule)}
    if any(mark in text for text in found for mark in "@/\\"):
        orders = Chem.MolToRandomSmilesVect(molecule, _ORDERS, randomSeed=1)
        found.update(again for order in orders if (again := written_again(order)) is not None)
    for _ in range(_REWRITINGS):
        found.update(again for smiles in tuple(found) if (again := written_again(smiles)) is not None)
    return found
