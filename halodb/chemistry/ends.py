"""Ends of a plain SMILES: atoms with one neighbour, and what bears them, read off the text.

In a plain SMILES (see `screen`) an atom with one neighbour is the first of the text, or stands before a `)` or at
the end. What bears it stands before it, behind whole branches and ring numbers, or after it where it is the first.
"""

from __future__ import annotations

import re
from functools import cache

OXO, MAYBE, BARE = "C+", "C?", "C-"
"""Bearers: a carbon outside brackets that surely, perhaps, or surely not has an oxygen on a double bond."""
CENTRE = "@"
"""Bearer: a stereo centre, a carbon with four neighbours."""
OTHER = "*"
"""Bearer: any other atom but an aromatic one outside brackets, which is known by its letter."""

_BONDS = ("/", "\\", "-")
_BETWEEN = frozenset("%/\\-")
_CARBONS = {(True, True): OXO, (True, False): OXO, (False, True): MAYBE, (False, False): BARE}


@cache
def _single_ends(symbol: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![=#]){symbol}(?=\)|$)")


def bearers(smiles: str, symbol: str) -> set[str]:
    """What bears the ends of one element (one letter) that hang on a single bond."""
    found = {_before(smiles, match.start()) for match in _single_ends(symbol).finditer(smiles)}
    if smiles.startswith(symbol) and smiles[1:2] not in ("=", "#"):
        found.add(_after_first(smiles))
    return found


def _after_first(smiles: str) -> str:
    """The bearer of the text's first atom, which is one letter."""
    at = 2 if smiles[1:2] in _BONDS else 1
    if smiles[at : at + 1] != "C" or smiles[at : at + 2] == "Cl":
        return _name(smiles, at)
    rest = smiles[at + 1 :].lstrip("0123456789%")
    return _CARBONS[rest.startswith(("(=O)", "=O")), rest.startswith("(")]


def _before(smiles: str, place: int) -> str:
    """The bearer of the end at a place of the text, not the first."""
    at = place - 1
    sure = branch = False
    before = at - 1 if smiles[at] == "(" else at
    if before > 1 and smiles[before] == "]":  # by far the most in saturated rings
        return CENTRE if "@" in smiles[before - 2 : before] else OTHER
    while at >= 0:
        char = smiles[at]
        if char == ")":
            opening = _opening(smiles, at)
            sure = sure or smiles[opening : at + 1] == "(=O)"
            at = opening - 1
        elif char == "(":
            branch = True
            at -= 1
        elif char.isdigit() or char in _BETWEEN:
            at -= 1
        else:
            break
    if at < 0:
        return OTHER  # the end is all there is
    if smiles[at] != "C":
        return _name(smiles, at)
    sure = sure or smiles[:at] == "O="
    rest = smiles[place + 2 :] if branch else ""
    return _CARBONS[sure or rest.startswith("=O"), rest.startswith("(")]


def _name(smiles: str, at: int) -> str:
    """The atom whose text begins, or ends, at a place; no carbon outside brackets."""
    char = smiles[at : at + 1]
    if char == "[":
        return CENTRE if smiles.startswith("[C@", at) else OTHER
    if char == "]":
        return CENTRE if "@" in smiles[smiles.rindex("[", 0, at) : at] else OTHER
    return char if char.islower() and not smiles.startswith(("Cl", "Br"), at - 1) else OTHER


def _opening(smiles: str, closing: int) -> int:
    """Where the branch that closes here opens."""
    depth = 0
    for at in range(closing, -1, -1):
        if smiles[at] == ")":
            depth += 1
        elif smiles[at] == "(":
            depth -= 1
            if depth == 0:
                return at
    return 0
