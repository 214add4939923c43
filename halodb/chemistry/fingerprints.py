"""Fingerprints as words of 64 bits, for molecules of a library and for what is asked of them.

The *screen* is RDKit's pattern fingerprint (512 bits) of a molecule without its terminal halogens. Halogen analogues
have the same screen, so it is made once for all of them and takes fewer bytes; which halogens a query needs, their
counts tell. The bits of a query are those that it has without the atoms that could match such a halogen: all others
match atoms that are still there. For RDKit sets a bit for the elements and bonds of some atoms only where the query
leaves no choice, and one for their mere topology.

The *Morgan* fingerprint has radius 2 and 1,024 bits; Tanimoto similarities are its.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import Any, NamedTuple

from rdkit import Chem, DataStructs
from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator

from halodb.chemistry.elements import HALOGENS

SCREEN_BITS, MORGAN_BITS, MORGAN_RADIUS = 512, 1024, 2
WORD = 64
SCREEN_WORDS, MORGAN_WORDS = SCREEN_BITS // WORD, MORGAN_BITS // WORD


_ELEMENT = re.compile(r"Atom(?:Type|AtomicNum) (\d+) = val")
"""A condition of an atom's query, as RDKit describes it."""
_AROMATIC = 1000
"""RDKit adds it to the atomic number where the atom must be aromatic."""


class Needs(NamedTuple):
    """What every molecule has that a query matches.

    Attributes:
        screen: bits of the screen, as bytes.
        halogens: of each halogen (F, Cl, Br, I), the least number of atoms.
    """

    screen: bytes
    halogens: tuple[int, int, int, int]


def screen_of(molecule: Chem.Mol) -> bytes:
    """The screen of a molecule.

    >>> screen_of(Chem.MolFromSmiles("Oc1ccccc1Br")) == screen_of(Chem.MolFromSmiles("Oc1ccccc1"))
    True
    """
    halogens = [
        atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetAtomicNum() in HALOGENS and atom.GetDegree() == 1
    ]
    return _pattern(_without(molecule, halogens) if halogens else molecule)


def needs_of(query: Chem.Mol) -> Needs:
    """What a molecule must have for a query to match.

    Args:
        query: from SMARTS, as `Chem.MolFromSmarts` reads it, or a molecule.

    >>> needs_of(Chem.MolFromSmarts("c[Br]")).halogens
    (0, 0, 1, 0)
    """
    elements = [_element(atom) for atom in query.GetAtoms()]
    fluorine, chlorine, bromine, iodine = (elements.count(number) for number in HALOGENS)
    gone = [
        atom.GetIdx()
        for atom, element in zip(query.GetAtoms(), elements, strict=True)
        if atom.GetDegree() < 2 and (element is None or element in HALOGENS)  # noqa: PLR2004  a terminal atom has one bond
    ]
    return Needs(_pattern(_without(query, gone) if gone else query), (fluorine, chlorine, bromine, iodine))


def morgan_of(molecule: Chem.Mol) -> tuple[bytes, int]:
    """The Morgan fingerprint of a molecule, and how many of its bits are set."""
    fingerprint = _morgan().GetFingerprint(molecule)
    return DataStructs.BitVectToBinaryText(fingerprint), fingerprint.GetNumOnBits()


def words_of(bits: bytes) -> tuple[int, ...]:
    """Bits as words of 64, the lowest bit of the first word first."""
    return struct.unpack(f"<{len(bits) // 8}Q", bits)


def _element(atom: Chem.Atom) -> int | None:
    """The atomic number of all that an atom of a query, or of a molecule, can match; None where it may be several."""
    if not atom.HasQuery():
        return atom.GetAtomicNum() or None
    of_all = 0  # depth of conditions that must all hold
    for line in atom.DescribeQuery().splitlines():
        condition = line.strip()
        depth = (len(line) - len(line.lstrip())) // 2
        if depth <= of_all:
            of_all = depth + (condition == "AtomAnd")
            found = _ELEMENT.fullmatch(condition)
            if found:
                return int(found[1]) % _AROMATIC
    return None


def _pattern(molecule: Chem.Mol) -> bytes:
    bits: bytes = DataStructs.BitVectToBinaryText(Chem.PatternFingerprint(molecule, SCREEN_BITS))
    return bits


def _without(molecule: Chem.Mol, atoms: list[int]) -> Chem.Mol:
    rest = Chem.RWMol(molecule)
    rest.BeginBatchEdit()
    for index in atoms:
        rest.RemoveAtom(index)
    rest.CommitBatchEdit()
    Chem.FastFindRings(rest)  # lost with the atoms; the patterns ask for rings
    return rest


@cache
def _morgan() -> Any:
    return GetMorganGenerator(radius=MORGAN_RADIUS, fpSize=MORGAN_BITS)
