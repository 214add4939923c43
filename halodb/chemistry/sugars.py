"""Which atoms of a molecule are of sugars: the sugar mask.

A sugar here is a ring of five, six or seven atoms, one of them oxygen and the others carbon, that looks like a
monosaccharide:

- it has an anomeric carbon, one beside the ring oxygen that bears an oxygen, nitrogen or sulfur;
- enough of its carbons bear such an atom, whether free, acylated or in a glycosidic bond: three, or two where the
  place of the others says deoxy sugar (digitoxose, rhodinose, deoxyribose), and four in a septanose;
- what else hangs on it by carbon is small, as CH2OH, CH3, COOH or the glycerol chain of sialic acids are; a long chain,
  an aromatic ring or a fused carbocycle is of an aglycone.

A C-glycoside has its aglycone on the anomeric carbon in place of the oxygen; then the other carbons must bear what
those of a sugar do.

Of published criteria, those of the Sugar Removal Utility (Schaub et al., J. Cheminform. 2020, 12, 67) are the nearest:
rings of five to seven atoms with one oxygen, and oxygens on half of the ring's atoms. By default they leave out rings
that share a bond with another one (anhydro sugars, ellagitannins, doubly bound sugars), amino and most deoxy sugars,
all of which are meant here, and take the polyhydroxylated rings of polyethers for sugars, which these are not.

No sugars, for this purpose: lactones, cyclitols, imino and thio sugars (another atom in the ring), glycals, and
open chains (alditols, aldonic acids).

All is read off elements and bonds. Halogens count as the hydrogens that they replaced: to halogenate an aglycone
changes no sugar, and halogen analogues have the same mask.

Where other atoms are taken for sugars than before, `rules.model.MASK_VERSION` is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rdkit import Chem

from halodb.chemistry.elements import CARBON, NITROGEN, OXYGEN, SULFUR

_SELENIUM = 34
_HETERO = frozenset({NITROGEN, OXYGEN, SULFUR, _SELENIUM})
_MOST_CARBONS = 3
"""Of a substituent that is part of a sugar: sialic acids and lincosamine have three, in a chain."""
_FURANOSE, _PYRANOSE, _SEPTANOSE = 4, 5, 6
"""Carbons of the ring."""
_ENOUGH = {_FURANOSE: 3, _PYRANOSE: 3, _SEPTANOSE: 4}
"""Carbons with N, O or S that make a sugar of a ring with an anomeric carbon, by the carbons of the ring."""
_OF_DEOXY = 2
"""The same, of a ring that looks like a deoxy sugar in other ways."""
_MOST_MATCHES = 100_000

_SINGLE, _DOUBLE = Chem.BondType.SINGLE, Chem.BondType.DOUBLE


@dataclass(slots=True)
class _RingCarbon:
    """A carbon of a ring that may be a sugar's.

    Attributes:
        hetero: whether it bears N, O or S by a single bond.
        free: whether one of these is no nitrogen in a ring.
        base: whether it bears a nitrogen of an aromatic ring, as in nucleosides.
        oxo: whether it is a keto group.
        double: whether a double bond of the ring ends here.
        small: whether it bears a carbon substituent that may be a sugar's.
        small_hetero: whether such a one has N, O or S on its first carbon, as CH2OH and COOH have.
        large: whether it bears another carbon substituent.
        planar: whether that begins with an aromatic atom, or one of a double bond in a ring.
        atoms: what hangs on it and is the sugar's.
    """

    hetero: bool = False
    free: bool = False
    base: bool = False
    oxo: bool = False
    double: bool = False
    small: bool = False
    small_hetero: bool = False
    large: bool = False
    planar: bool = False
    atoms: tuple[int, ...] = ()

    @property
    def oxidized(self) -> bool:
        """Whether it bears what a carbon of a sugar bears."""
        return self.hetero or self.oxo


def sugar_atoms(molecule: Chem.Mol) -> frozenset[int]:
    """The atoms that the sugar mask covers.

    These are the rings of sugars, the heteroatoms on them (hydroxyl, anomeric and glycosidic oxygens, amines) and their
    small carbon substituents (CH2OH, CH3, COOH) with the heteroatoms on these. Acyl groups, alkyl groups on oxygen,
    nucleobases and all of the aglycone are not of the sugar.

    Args:
        molecule: with hydrogens and rings known; it need not be sanitized.

    >>> len(sugar_atoms(Chem.MolFromSmiles("OCC1OC(Oc2ccccc2)C(O)C(O)C1O")))
    12
    >>> sugar_atoms(Chem.MolFromSmiles("O=C1OC(CO)C(O)C(O)C1O")), sugar_atoms(Chem.MolFromSmiles("OC1CCCCO1"))
    (frozenset(), frozenset())
    """
    ring_oxygen, rings = _queries()
    if not molecule.HasSubstructMatch(ring_oxygen):
        return frozenset()
    found: set[int] = set()
    for query in rings:
        for ring in molecule.GetSubstructMatches(query, maxMatches=_MOST_MATCHES):
            found.update(_sugar_of(molecule, ring))
    return frozenset(found)


@cache
def _queries() -> tuple[Chem.Mol, tuple[Chem.Mol, ...]]:
    """A ring oxygen; and rings by their atoms, not by RDKit's choice of smallest rings, which may follow the order."""
    sizes = (_FURANOSE, _PYRANOSE, _SEPTANOSE)
    rings = tuple(Chem.MolFromSmarts(f"[OX2;R]1~{'~'.join(['[C;R]'] * size)}~1") for size in sizes)
    return Chem.MolFromSmarts("[OX2;R]([C;R])[C;R]"), rings


def _sugar_of(molecule: Chem.Mol, ring: Sequence[int]) -> set[int]:
    """The atoms of the sugar that has this ring, its oxygen first; none where it is no sugar."""
    inside = frozenset(ring)
    carbons: list[_RingCarbon] = []
    for index in ring[1:]:
        carbon = _look_at(molecule, index, inside)
        if carbon is None:
            return set()
        carbons.append(carbon)
    if not (_is_sugar(carbons) or _is_sugar(carbons[::-1])):
        return set()
    return set(inside).union(*(carbon.atoms for carbon in carbons))


def _look_at(molecule: Chem.Mol, index: int, ring: frozenset[int]) -> _RingCarbon | None:
    """What a carbon of the ring bears; None where the ring is two, with a bond across."""
    found, atoms, neighbours = _RingCarbon(), [], 0
    for bond in molecule.GetAtomWithIdx(index).GetBonds():
        other = bond.GetOtherAtomIdx(index)
        atom, order = molecule.GetAtomWithIdx(other), bond.GetBondType()
        element = atom.GetAtomicNum()
        if other in ring:
            neighbours += 1
            found.double |= order != _SINGLE
        elif element == CARBON:
            substituent = _substituent(molecule, other, index, ring)
            if substituent is None:
                found.large = True
                found.planar |= atom.GetIsAromatic() or _is_planar_in_ring(atom)
            else:
                found.small = True
                found.small_hetero |= any(each.GetAtomicNum() in _HETERO for each in atom.GetNeighbors())
                atoms.extend(substituent)
        elif element in _HETERO and order == _SINGLE:
            found.hetero = True
            if element == NITROGEN and atom.IsInRing():
                found.base |= atom.GetIsAromatic()
            else:
                found.free = True
                atoms.append(other)
        elif element == OXYGEN and order == _DOUBLE:
            found.oxo = True
            atoms.append(other)
    found.atoms = tuple(atoms)
    return found if neighbours == 2 else None  # noqa: PLR2004


def _substituent(molecule: Chem.Mol, first: int, carbon: int, ring: frozenset[int]) -> list[int] | None:
    """The carbons of a substituent that may be a sugar's, and the heteroatoms on them; None where it is not."""
    carbons, hetero, queue = {first}, [], [first]
    while queue:
        atom = molecule.GetAtomWithIdx(queue.pop())
        if atom.GetIsAromatic():
            return None
        for other in atom.GetNeighbors():
            index, element = other.GetIdx(), other.GetAtomicNum()
            if index == carbon and atom.GetIdx() == first:
                continue
            if element == CARBON and index not in carbons:
                if index in ring or len(carbons) == _MOST_CARBONS:
                    return None
                carbons.add(index)
                queue.append(index)
            elif element in _HETERO and index not in ring and not (element == NITROGEN and other.IsInRing()):
                hetero.append(index)
    return [*carbons, *hetero]


def _is_planar_in_ring(atom: Chem.Atom) -> bool:
    return any(bond.GetBondType() == _DOUBLE and bond.IsInRing() for bond in atom.GetBonds())


def _is_sugar(carbons: Sequence[_RingCarbon]) -> bool:
    """Whether the carbons of a ring, in its order, are those of a sugar whose first one is anomeric."""
    first, last, inner = carbons[0], carbons[-1], carbons[1:-1]
    if first.oxo or last.oxo or first.double or any(carbon.large for carbon in inner):
        return False
    if sum(carbon.double for carbon in carbons) > 2 or sum(carbon.oxo for carbon in inner) > 1:  # noqa: PLR2004
        return False
    if first.hetero:
        return _is_glycoside(first, last, carbons)
    if first.large:
        return not last.large and _is_c_glycoside(first, last, inner)
    return not last.large and _is_anhydro(first, last, inner)


def _is_glycoside(first: _RingCarbon, last: _RingCarbon, carbons: Sequence[_RingCarbon]) -> bool:
    """Whether it is a sugar whose anomeric carbon bears a heteroatom: glycosides and free sugars."""
    size, oxidized = len(carbons), sum(carbon.oxidized for carbon in carbons)
    if first.large:  # as in papulacandins; a spiroketal of an aglycone is not oxidized all round
        all_round = oxidized >= size - 1 and not last.large
        return all_round and (size != _FURANOSE or (first.planar and last.small_hetero))
    if last.large:  # sugars with a longer chain, such as tunicamine
        return size != _SEPTANOSE and all(carbon.oxidized for carbon in carbons[:-1])
    if oxidized >= _ENOUGH[size]:
        return True
    if size == _FURANOSE:  # deoxynucleosides; of dideoxynucleosides only those
        return last.small_hetero and (first.base or (first.free and oxidized == _OF_DEOXY))
    return size == _PYRANOSE and oxidized == _OF_DEOXY and last.small


def _is_c_glycoside(first: _RingCarbon, last: _RingCarbon, inner: Sequence[_RingCarbon]) -> bool:
    """Whether it is a sugar whose anomeric carbon bears an aglycone by carbon."""
    oxidized = [carbon.oxidized for carbon in inner]
    if len(inner) == _PYRANOSE - 2:
        deoxy = first.planar and last.small and all(oxidized[1:])
        return deoxy or (all(oxidized) and (first.planar or last.small_hetero))
    return len(inner) == _FURANOSE - 2 and first.planar and last.small_hetero and oxidized[-1]


def _is_anhydro(first: _RingCarbon, last: _RingCarbon, inner: Sequence[_RingCarbon]) -> bool:
    """Whether it is a sugar with nothing, or a halogen, in place of the anomeric oxygen: anhydroalditols."""
    if not all(carbon.oxidized for carbon in inner) or not last.small_hetero:
        return False
    return len(inner) == _PYRANOSE - 2 or (len(inner) == _FURANOSE - 2 and first.small_hetero)
