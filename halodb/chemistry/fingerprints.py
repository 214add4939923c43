"""Fingerprints as words of 64 bits, for molecules of a library and for what is asked of them.

The *screen* is RDKit's pattern fingerprint (512 bits) of a molecule, with two changes:

- Without its terminal halogens. Halogen analogues have the same screen, so it is made once for all of them and takes
  fewer bytes; which halogens a query needs, their counts tell.
- All bonds between two aromatic atoms are aromatic ones. In SMARTS the bond of `cc` may be single, as between two
  rings, and RDKit sets no bit of a query for what may be several: of `c1ccncc1` it would see a ring of six atoms.

The bits of a query are those of a molecule that has of each atom and bond only what the query leaves no choice of,
without the atoms that could match a terminal halogen. What matches the query has all of that, so it has these bits.

The *Morgan* fingerprint has radius 2 and 1,024 bits; Tanimoto similarities are its.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import Any, NamedTuple

from rdkit import Chem, DataStructs
from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator

from halodb.chemistry.elements import CARBON, HALOGENS, NITROGEN, OXYGEN, PHOSPHORUS, SULFUR

SCREEN_BITS, MORGAN_BITS, MORGAN_RADIUS = 512, 1024, 2
WORD = 64
SCREEN_WORDS, MORGAN_WORDS = SCREEN_BITS // WORD, MORGAN_BITS // WORD


_ELEMENT = re.compile(r"Atom(Type|AtomicNum) (\d+) = val")
"""A condition of an atom's query, as RDKit describes it."""
_AROMATIC = 1000
"""RDKit adds it to the atomic number where the atom must be aromatic."""


_ORDERS = {
    "": Chem.BondType.SINGLE,
    "-": Chem.BondType.SINGLE,
    "=": Chem.BondType.DOUBLE,
    "#": Chem.BondType.TRIPLE,
}
"""Of bonds that are not aromatic, by their SMARTS; the others may be several."""
_MOST_BONDS = 100_000


COUNTED = (*HALOGENS, CARBON, NITROGEN, OXYGEN, PHOSPHORUS, SULFUR)
"""Elements whose atoms are counted. Of a natural product 300 of the 512 bits are set, and small queries have few: half
of the polyphenols, which have no nitrogen, would pass for azides."""


class Needs(NamedTuple):
    """What every molecule has that a query matches.

    Attributes:
        screen: bits of the screen, as bytes.
        atoms: of each element of `COUNTED`, the least number of atoms.
    """

    screen: bytes
    atoms: tuple[int, ...]


def screen_of(molecule: Chem.Mol) -> bytes:
    """The screen of a molecule.

    >>> screen_of(Chem.MolFromSmiles("Oc1ccccc1Br")) == screen_of(Chem.MolFromSmiles("Oc1ccccc1"))
    True
    """
    halogens = [
        atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetAtomicNum() in HALOGENS and atom.GetDegree() == 1
    ]
    between = molecule.GetSubstructMatches(_between_aromatic(), maxMatches=_MOST_BONDS)
    if not halogens and not between:
        return _pattern(molecule)
    bare = Chem.RWMol(molecule)
    for first, second in between:
        _make_aromatic(bare.GetBondBetweenAtoms(first, second))
    bare.BeginBatchEdit()
    for index in halogens:
        bare.RemoveAtom(index)
    bare.CommitBatchEdit()
    return _pattern_of_new(bare)


def needs_of(query: Chem.Mol) -> Needs:
    """What a molecule must have for a query to match.

    Args:
        query: from SMARTS, as `Chem.MolFromSmarts` reads it, or a molecule.

    >>> needs_of(Chem.MolFromSmarts("c[Br]")).atoms
    (0, 0, 1, 0, 1, 0, 0, 0, 0)
    """
    kinds = [_kind_of(atom) for atom in query.GetAtoms()]
    elements = [kind.element for kind in kinds]
    sure, places = Chem.RWMol(), dict[int, int]()
    for atom, kind in zip(query.GetAtoms(), kinds, strict=True):
        may_be_halogen = kind.element is None or kind.element in HALOGENS
        if not may_be_halogen or atom.GetDegree() > 1:  # a terminal atom has one bond
            known = Chem.AtomFromSmarts("*") if kind.element is None else Chem.Atom(kind.element)
            places[atom.GetIdx()] = sure.AddAtom(known)
    for bond in query.GetBonds():
        first, second = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if first in places and second in places:
            sure.AddBond(places[first], places[second], Chem.BondType.SINGLE)
            added = sure.GetBondBetweenAtoms(places[first], places[second])
            order = _order_of(bond, kinds[first], kinds[second])
            if order is None:
                sure.ReplaceBond(added.GetIdx(), Chem.BondFromSmarts("~"))
            elif order == Chem.BondType.AROMATIC:
                _make_aromatic(added)
            else:
                added.SetBondType(order)
    return Needs(_pattern_of_new(sure), tuple(elements.count(number) for number in COUNTED))


def morgan_of(molecule: Chem.Mol) -> tuple[bytes, int]:
    """The Morgan fingerprint of a molecule, and how many of its bits are set."""
    fingerprint = _morgan().GetFingerprint(molecule)
    return DataStructs.BitVectToBinaryText(fingerprint), fingerprint.GetNumOnBits()


def words_of(bits: bytes) -> tuple[int, ...]:
    """Bits as words of 64, the lowest bit of the first word first."""
    return struct.unpack(f"<{len(bits) // 8}Q", bits)


class _Kind(NamedTuple):
    """What surely holds of all atoms that an atom of a query can match: None where it may be several things."""

    element: int | None
    aromatic: bool | None


def _kind_of(atom: Chem.Atom) -> _Kind:
    if not atom.HasQuery():
        return _Kind(atom.GetAtomicNum() or None, atom.GetIsAromatic())
    element, aromatic = None, None
    of_all = 0  # depth of conditions that must all hold
    for line in atom.DescribeQuery().splitlines():
        condition = line.strip()
        depth = (len(line) - len(line.lstrip())) // 2
        if depth > of_all:
            continue
        of_all = depth + (condition == "AtomAnd")
        found = _ELEMENT.fullmatch(condition)
        if found:
            element = int(found[2]) % _AROMATIC
            if found[1] == "Type":
                aromatic = int(found[2]) >= _AROMATIC
        elif condition == "AtomIsAromatic 1 = val":
            aromatic = True
        elif condition == "AtomIsAliphatic 1 = val":
            aromatic = False
    return _Kind(element, aromatic)


def _order_of(bond: Chem.Bond, first: _Kind, second: _Kind) -> Chem.BondType | None:
    """The type, in a screen, of all bonds that a bond of a query can match; None where there are several."""
    smarts: str = bond.GetSmarts()  # type: ignore[call-arg]  # RDKit's stubs take the bond for an argument
    if (first.aromatic and second.aromatic) or smarts == ":":
        return Chem.BondType.AROMATIC
    if first.aromatic is False or second.aromatic is False:  # so it is no aromatic bond
        return _ORDERS.get(smarts) if bond.HasQuery() else bond.GetBondType()
    return None


def _make_aromatic(bond: Chem.Bond) -> None:
    bond.SetBondType(Chem.BondType.AROMATIC)
    bond.SetIsAromatic(True)


def _pattern_of_new(molecule: Chem.Mol) -> bytes:
    Chem.FastFindRings(molecule)  # the patterns ask for rings
    return _pattern(molecule)


def _pattern(molecule: Chem.Mol) -> bytes:
    bits: bytes = DataStructs.BitVectToBinaryText(Chem.PatternFingerprint(molecule, SCREEN_BITS))
    return bits


@cache
def _between_aromatic() -> Chem.Mol:
    return Chem.MolFromSmarts("a!:a")


@cache
def _morgan() -> Any:
    return GetMorganGenerator(radius=MORGAN_RADIUS, fpSize=MORGAN_BITS)
