"""What is said of a parent beside its class: glycoside, saponin, and how much of it is sugar."""

from __future__ import annotations

from typing import NamedTuple

from rdkit import Chem

from halodb.chemistry.elements import CARBON
from halodb.chemistry.sugars import sugar_atoms

GLYCOSIDE, SAPONIN, SUGAR = "glycoside", "saponin", "sugar"

_LEAST_AGLYCONE = 4
"""Heavy atoms: methyl and ethyl glycosides are sugars."""
_LEAST_OF_SAPONIN = 19
"""Carbons of the aglycone."""
_RINGS_OF_SAPONIN = 4
"""Carbocycles of it; of diterpenes few have as many."""


class Tags(NamedTuple):
    """Tags, set apart by commas, None where there is none; and the share of heavy atoms that are of sugars."""

    tags: str | None
    sugar_fraction: float


def tags_of(molecule: Chem.Mol) -> Tags:
    """The tags of a sanitized molecule.

    `glycoside`: sugars on something that is none. `saponin`: a glycoside of a steroid or triterpenoid, by an aglycone
    of 19 carbons or more in four carbocycles or more, none of them aromatic. `sugar`: nothing else.

    Example:
        >>> tags_of(Chem.MolFromSmiles("OC[C@H]1O[C@@H](Oc2ccccc2)[C@H](O)[C@@H](O)[C@@H]1O"))
        Tags(tags='glycoside', sugar_fraction=0.667)
    """
    sugars = set(sugar_atoms(molecule))
    heavy = molecule.GetNumHeavyAtoms()
    fraction = round(len(sugars) / heavy, 3) if heavy else 0.0
    if not sugars:
        return Tags(None, fraction)
    rest = heavy - len(sugars)
    if rest < _LEAST_AGLYCONE:
        return Tags(SUGAR, fraction)
    return Tags(f"{GLYCOSIDE},{SAPONIN}" if _is_saponin(molecule, sugars) else GLYCOSIDE, fraction)


def _is_saponin(molecule: Chem.Mol, sugars: set[int]) -> bool:
    carbons = sum(atom.GetAtomicNum() == CARBON for atom in molecule.GetAtoms() if atom.GetIdx() not in sugars)
    rings = [ring for ring in molecule.GetRingInfo().AtomRings() if not sugars.intersection(ring)]
    atoms = list(molecule.GetAtoms())
    return (
        carbons >= _LEAST_OF_SAPONIN
        and sum(
            all(atoms[place].GetAtomicNum() == CARBON and not atoms[place].GetIsAromatic() for place in ring)
            for ring in rings
        )
        >= _RINGS_OF_SAPONIN
    )
