"""Coordinates of a molecule: in the plane, or in space by ETKDG."""

from __future__ import annotations

import hashlib
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdDepictor, rdDistGeom

_ATTEMPTS = 20
_ATTEMPTS_FROM_ANYWHERE = 50
"""From random coordinates, where the first attempts fail: it is slower, and finds more."""

NO_COORDINATES = "ETKDG found no coordinates in space"


def in_the_plane(molecule: Chem.Mol) -> Chem.Mol:
    """The molecule with RDKit's coordinates of a drawing."""
    rdDepictor.SetPreferCoordGen(False)
    rdDepictor.Compute2DCoords(molecule)
    return molecule


def in_space(molecule: Chem.Mol) -> Chem.Mol:
    """The molecule with its hydrogens and one conformer by ETKDG, version 3.

    The seed follows from the molecule alone: the same molecule has the same coordinates in any file and in any order.
    Where a stereo centre or a double bond is left open, the conformer has one of the ways, always the same.

    Raises:
        ValueError: no coordinates were found.
    """
    parameters: Any = rdDistGeom.ETKDGv3()  # RDKit's stubs have the wrong types
    parameters.randomSeed = seed_of(Chem.MolToSmiles(molecule))
    parameters.embedFragmentsSeparately = False  # or the parts of a salt would lie upon each other
    complete = Chem.AddHs(molecule)
    for attempts, anywhere in ((_ATTEMPTS, False), (_ATTEMPTS_FROM_ANYWHERE, True)):
        parameters.maxIterations = attempts
        parameters.useRandomCoords = anywhere
        if rdDistGeom.EmbedMolecule(complete, parameters) >= 0:
            return complete
    raise ValueError(NO_COORDINATES)


def seed_of(smiles: str) -> int:
    """A seed for RDKit, which takes 31 bits, from a canonical SMILES."""
    return int.from_bytes(hashlib.blake2b(smiles.encode(), digest_size=4).digest(), "big") >> 1
