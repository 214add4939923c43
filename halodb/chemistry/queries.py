"""What a query looks at: the primitives of its SMARTS, as RDKit itself describes them.

Other modules take a short cut only for queries all of whose primitives they know, see `Primitives.all_in`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdkit import Chem

AROMATIC = 1000
"""RDKit's AtomType of an aromatic atom is its atomic number and so much."""

ANY_ATOM = frozenset({"AtomAnd", "AtomOr", "AtomXor", "AtomNull", "AtomType", "AtomAtomicNum", "RecursiveStructure"})
"""How primitives are joined, and those that speak of elements."""

COUNTED = frozenset(
    {
        "AtomHCount", "AtomTotalDegree", "AtomExplicitDegree", "AtomNonHydrogenDegree", "AtomTotalValence",
        "AtomNumHeteroatomNeighbors", "AtomNumAliphaticHeteroatomNeighbors", "AtomFormalCharge", "AtomIsotope",
        "AtomIsAromatic", "AtomIsAliphatic", "AtomInRing", "AtomInNRings", "AtomRingBondCount", "AtomHasRingBond",
        "AtomMinRingSize", "AtomRingSize",
    }
)  # fmt: skip
"""What RDKit counts of neighbours, bonds and rings, the same for any terminal halogen, and whether or not the molecule
was sanitized. Not here: hybridization, which only a full parse knows, and implicit hydrogens, for a full
parse turns the explicit hydrogen of what proves to be no stereo centre into an implicit one."""

BONDS = frozenset({"BondAnd", "BondOr", "BondXor", "BondNull", "BondOrder", "BondInRing", "SingleOrAromaticBond",
                   "DoubleOrAromaticBond"})  # fmt: skip

_ELEMENTS = ("AtomType", "AtomAtomicNum")
_MARKS = {"SingleOrAromaticBond 1 = val": "", **{f"BondOrder {order} = val": "-=#"[order - 1] for order in (1, 2, 3)}}
_LINE = re.compile(r"( *)(?:(less|greater|range)_)?(\S+)(?: (-?\d+) (=|!=) val)?")


@dataclass(frozen=True)
class Primitives:
    """The primitives of a query, those in its recursive SMARTS too.

    Attributes:
        names: RDKit's, such as `AtomHCount`; of a range `range_AtomType` where it is one of elements.
        elements: atomic numbers that it asks for, or asks not to be.
    """

    names: frozenset[str]
    elements: frozenset[int]

    def all_in(self, known: frozenset[str]) -> bool:
        """Whether there are no others."""
        return self.names <= known


def primitives_of(query: Chem.Mol) -> Primitives:
    """The primitives of a query; what is not understood is there by a name that nobody knows.

    >>> sorted(primitives_of(Chem.MolFromSmarts("[OX2H]")).names)
    ['AtomAnd', 'AtomHCount', 'AtomTotalDegree', 'AtomType']
    """
    names: set[str] = set()
    elements: set[int] = set()
    for atom in query.GetAtoms():
        for _, name, value, _ in _described(atom):
            names.add(name)
            if name in _ELEMENTS and value is not None:
                elements.add(value % AROMATIC)
        for inner in _recursive(atom):
            names |= inner.names
            elements |= inner.elements
    for bond in query.GetBonds():
        names.update(_described_bond(bond))
    return Primitives(frozenset(names), frozenset(elements))


def conjuncts(atom: Chem.Atom) -> dict[str, int]:
    """What an atom must be: primitives that have one value and no `or` or `not` above them.

    >>> conjuncts(Chem.MolFromSmarts("[OX2;H1]").GetAtomWithIdx(0))
    {'AtomType': 8, 'AtomTotalDegree': 2, 'AtomHCount': 1}
    """
    found: dict[str, int] = {}
    closed: int | None = None
    for depth, name, value, equal in _described(atom):
        if closed is not None and depth > closed:
            continue
        closed = None
        if equal and value is not None:
            found[name] = value
        elif name != "AtomAnd":
            closed = depth
    return found


def only_element(atom: Chem.Atom) -> tuple[str, int] | None:
    """The primitive of an atom that says nothing but its element, and its value."""
    described = list(_described(atom))
    if len(described) != 1:
        return None
    ((_, name, value, equal),) = described
    return (name, value) if name in _ELEMENTS and equal and value is not None else None


def bond_mark(bond: Chem.Bond) -> str:
    """Nothing or `-`, `=`, `#` where a bond says that and no more; else RDKit's description of it."""
    described = str(bond.DescribeQuery()).strip()
    return _MARKS.get(described, described)


def written(atom: Chem.Atom) -> str:
    """The SMARTS of an atom; RDKit can read some, such as `[C&!13C,N]` and `[$([#171])]`, that it cannot write."""
    try:
        return str(atom.GetSmarts())
    except (ValueError, RuntimeError):
        return "an atom that RDKit cannot write"


def _described(atom: Chem.Atom) -> Iterator[tuple[int, str, int | None, bool]]:
    """Depth, name, value and whether it must be that value, of each primitive."""
    for line in atom.DescribeQuery().splitlines():
        match = _LINE.match(line)
        if match is not None:
            indent, ranged, name, value, sign = match.groups()
            if ranged and name in _ELEMENTS:
                name = f"{ranged}_{name}"
            yield len(indent), name, None if value is None else int(value), sign == "="


def _described_bond(bond: Chem.Bond) -> Iterator[str]:
    for line in bond.DescribeQuery().splitlines():
        yield line.split()[0]


def _recursive(atom: Chem.Atom) -> Iterator[Primitives]:
    """The primitives of each recursive SMARTS of an atom, of which RDKit's description says nothing."""
    expected = sum(name == "RecursiveStructure" for _, name, _, _ in _described(atom))
    if not expected:
        return
    smarts = written(atom)
    inner = list(_arguments(smarts))
    if len(inner) != expected:
        yield Primitives(frozenset({smarts}), frozenset())
        return
    for text in inner:
        query = Chem.MolFromSmarts(text)
        yield Primitives(frozenset({text}), frozenset()) if query is None else primitives_of(query)


def _arguments(smarts: str) -> Iterator[str]:
    """What stands in the parentheses of each outermost `$( )` in the SMARTS of one atom."""
    end = 0
    while (start := smarts.find("$(", end)) >= 0:
        depth, end = 1, start + 2
        while depth and end < len(smarts):
            depth += {"(": 1, ")": -1}.get(smarts[end], 0)
            end += 1
        yield smarts[start + 2 : end - 1]
