"""Molecules that differ in their halogens alone have SMILES that differ in their halogens alone.

RDKit ranks atoms for canonical SMILES (new_canon.h of RDKit 2026.09) and for legacy stereo perception (Chirality.cpp)
by comparing atomic numbers, and looks at them for nothing else where the atoms are halogens that hang on one atom by a
single bond: those have no hydrogens, are written outside brackets, and are no stereo centres. So where halogens become
others and all elements of a molecule keep their order, each comparison comes out as before, and the canonical SMILES
changes in the symbols of these halogens only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from halodb.chemistry.chain import HALOGENS, Step

_ASCENDING = ("F", "P", "S", "Cl", "Br", "I")
"""Elements of a plain SMILES that are not lighter than all halogens, by atomic number."""
_HALOGEN = f"(?:{'|'.join(HALOGENS.values())})"
_MENTIONED = re.compile(rf"{_HALOGEN}|#(?:{'|'.join(map(str, HALOGENS))})(?!\d)")
_NUMBERED = {f"#{number}": symbol for number, symbol in HALOGENS.items()}
_ANY = re.compile(_HALOGEN)
_END = re.compile(rf"^{_HALOGEN}(?=[/\\]?[A-Za-z\[])|(?<=[A-Za-z0-9\]()/\\]){_HALOGEN}(?=\)|\Z)")
_MARKS = "\x01\x02\x03\x04\x05\x06"
"""What stands for a halogen, by its place among the elements that are there."""

Marks = tuple[tuple[str, str], ...]
"""Of each halogen of a molecule, its symbol and what stands for it."""

Twin = tuple[int, str, str]
"""The place of a step in its chain, its halogen, and the halogen to put in its place."""


def halogens_of(smarts: str) -> frozenset[str]:
    """The halogens that a SMARTS or SMIRKS may speak of."""
    return frozenset(_NUMBERED.get(found, found) for found in _MENTIONED.findall(smarts))


def without_halogens(smirks: str) -> str:
    """What SMIRKS have in common that speak of one halogen each, in the same way."""
    return _MENTIONED.sub(lambda found: "#" if found[0].startswith("#") else _MARKS[0], smirks)


def are_ends(smiles: str) -> bool:
    """Whether every halogen of a plain SMILES (or of SMIRKS' products) surely hangs on one atom by a single bond."""
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
