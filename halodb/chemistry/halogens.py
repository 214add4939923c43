"""Molecules that differ in their halogens alone have SMILES that differ in their halogens alone.

RDKit ranks atoms for canonical SMILES (new_canon.h of RDKit 2026.09) and for legacy stereo perception (Chirality.cpp)
by comparing atomic numbers, and looks at them for nothing else where the atoms are halogens that hang on one atom by a
single bond: those have no hydrogens, are written outside brackets, and are no stereo centres. So where halogens become
others and all elements of a molecule keep their order, each comparison comes out as before, and the canonical SMILES
changes in the symbols of these halogens only.

The elements are those of the parent and those that a rule brings: sulfur beside fluorine comes after it, beside
chlorine before (`chain.halogens_brought`). And the rule must not tell one halogen from another where it looks for its
sites (`halogens_asked`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rdkit import Chem

from halodb.chemistry.chain import HALOGENS, Step
from halodb.chemistry.queries import ANY_ATOM, BONDS, COUNTED, primitives_of

_ASCENDING = ("F", "P", "S", "Cl", "Br", "I")
"""Elements of a plain SMILES that are not lighter than all halogens, by atomic number."""
_INDIFFERENT = ANY_ATOM | COUNTED | BONDS
"""Primitives that look at a halogen at the end of a bond for nothing but, perhaps, whether it is a certain element."""
_HALOGEN = f"(?:{'|'.join(HALOGENS.values())})"
_ANY = re.compile(_HALOGEN)
_END = re.compile(rf"^{_HALOGEN}(?=[/\\]?[A-Za-z\[])|(?<=[A-Za-z0-9\]()/\\]){_HALOGEN}(?=\)|\Z)")
_MARKS = "\x01\x02\x03\x04\x05\x06"
"""What stands for a halogen, by its place among the elements that are there."""

Marks = tuple[tuple[str, str], ...]
"""Of each halogen of a molecule, its symbol and what stands for it."""

Twin = tuple[int, str, str]
"""The place of a step in its chain, its halogen, and the halogen to put in its place."""


def halogens_asked(query: Chem.Mol) -> frozenset[str] | None:
    """The halogens that a query tells from other atoms; None where it may look at more of them than their element."""
    primitives = primitives_of(query)
    if not primitives.all_in(_INDIFFERENT):
        return None
    return frozenset(HALOGENS[element] for element in primitives.elements if element in HALOGENS)


def are_ends(smiles: str) -> bool:
    """Whether every halogen of a plain SMILES surely hangs on one atom by a single bond."""
    return len(_END.findall(smiles)) == len(_ANY.findall(smiles))


def marked(smiles: str, further: str = "") -> tuple[str, Marks]:
    """What a plain SMILES shares with those that differ in halogens alone and keep the order of their elements.

    Args:
        smiles: a plain one.
        further: a halogen that counts as one of its elements, wherever it comes from; or nothing.

    Returns:
        The SMILES with marks for halogens, and what the marks stand for.
    """
    pattern, marks, place = smiles, [], 0
    for symbol in _ASCENDING:
        if symbol == further or _holds(smiles, symbol):
            if symbol in HALOGENS.values():
                pattern = pattern.replace(symbol, _MARKS[place])
                marks.append((symbol, _MARKS[place]))
            place += 1
    return pattern, tuple(marks)


def twins_of(smiles: str, steps: Sequence[Step]) -> list[Twin | None]:
    """Of each step of a chain, an earlier one whose products differ from its own in one halogen only, if there is any.

    Args:
        smiles: of the parent, a plain one.
        steps: of a chain.
    """
    twins: list[Twin | None] = []
    seen: dict[tuple[object, ...], int] = {}
    there = [symbol for symbol in _ASCENDING if _holds(smiles, symbol)]
    for place, step in enumerate(steps):
        halogen = step.halogen
        twin: Twin | None = None
        if halogen and halogen not in there:
            lighter = sum(_ASCENDING.index(symbol) < _ASCENDING.index(halogen) for symbol in there)
            first = seen.setdefault((step.frame, lighter), place)
            if first != place:
                twin = (first, steps[first].halogen, halogen)
        twins.append(twin)
    return twins


def _holds(smiles: str, symbol: str) -> bool:
    return symbol in smiles or (symbol == "S" and "s" in smiles) or (symbol == "P" and "p" in smiles)
