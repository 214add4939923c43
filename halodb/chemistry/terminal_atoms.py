"""Terminal atoms of a plain SMILES, and the atoms that they are attached to, read off the text.

A terminal atom has one neighbour. In a plain SMILES (see `plain_smiles`) it is the first atom of the text, or stands
before a `)` or at the end. Its attachment atom stands before it, behind whole branches and ring numbers, or after it
where it is the first.

`screen` uses this: a phenol, for example, can only be where an aromatic carbon has a terminal oxygen.
"""

from __future__ import annotations

import re
from functools import cache

from halodb.chemistry.elements import AROMATIC_SYMBOLS
from halodb.chemistry.plain_smiles import PlainSmiles

OXO, MAYBE, BARE = "C+", "C?", "C-"
"""Attachment atoms: a carbon outside brackets that surely, perhaps, or surely not has an oxygen on a double bond."""
CENTRE = "@"
"""Attachment atom: a stereo centre, a carbon with four neighbours."""
OTHER = "*"
"""Attachment atom: any other one, but for aromatic atoms outside brackets, whose name is their letter."""

_BONDS = ("/", "\\", "-")
_AROMATIC = frozenset(AROMATIC_SYMBOLS.values())
_BETWEEN = frozenset("%/\\-")
_CARBONS = {(True, True): OXO, (True, False): OXO, (False, True): MAYBE, (False, False): BARE}


@cache
def _terminal_by_single_bond(symbol: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![=#]){symbol}(?=\)|$)")


def attachments(smiles: PlainSmiles, symbol: str) -> set[str]:
    """The kinds of atoms that the terminal atoms of one element are attached to by a single bond.

    Args:
        smiles: a plain one.
        symbol: of the element, one letter: `O` or `N`.

    Returns:
        `OXO`, `MAYBE`, `BARE`, `CENTRE`, `OTHER`, or the letter of an aromatic atom.

    >>> sorted(attachments(PlainSmiles("Oc1ccc(CC(=O)O)cc1"), "O"))
    ['C+', 'c']
    """
    found = {_before(smiles, match.start()) for match in _terminal_by_single_bond(symbol).finditer(smiles)}
    if smiles.startswith(symbol) and smiles[1:2] not in ("=", "#"):
        found.add(_after_first(smiles))
    return found


def _after_first(smiles: str) -> str:
    """What the text's first atom, which is one letter, is attached to."""
    at = 2 if smiles[1:2] in _BONDS else 1
    if smiles[at : at + 1] != "C" or smiles[at : at + 2] == "Cl":
        return _name(smiles, at)
    rest = smiles[at + 1 :].lstrip("0123456789%")
    return _CARBONS[rest.startswith(("(=O)", "=O")), rest.startswith("(")]


def _before(smiles: str, place: int) -> str:
    """What the terminal atom at a place of the text, not the first, is attached to."""
    before = place - (2 if smiles[place - 1] == "(" else 1)
    if before > 1 and smiles[before] == "]":  # by far the most in saturated rings
        return CENTRE if "@" in smiles[before - 2 : before] else OTHER
    at, sure, branch = _skip_branches(smiles, place - 1)
    if at < 0:
        return OTHER  # this atom is all there is
    if smiles[at] != "C":
        return _name(smiles, at)
    sure = sure or smiles[:at] == "O="
    rest = smiles[place + 2 :] if branch else ""
    return _CARBONS[sure or rest.startswith("=O"), rest.startswith("(")]


def _skip_branches(smiles: str, at: int) -> tuple[int, bool, bool]:
    """Go back over branches, ring numbers and marks of bonds.

    Returns:
        Where the next atom ends, whether an oxo group `(=O)` was passed, and whether a branch was left.
    """
    oxo = branch = False
    while at >= 0:
        char = smiles[at]
        if char == ")":
            opening = _opening(smiles, at)
            oxo = oxo or smiles[opening : at + 1] == "(=O)"
            at = opening - 1
        elif char == "(":
            branch = True
            at -= 1
        elif char.isdigit() or char in _BETWEEN:
            at -= 1
        else:
            break
    return at, oxo, branch


def _name(smiles: str, at: int) -> str:
    """The atom whose text begins, or ends, at a place; no carbon outside brackets."""
    char = smiles[at : at + 1]
    if char == "[":
        return CENTRE if smiles.startswith("[C@", at) else OTHER
    if char == "]":
        return CENTRE if "@" in smiles[smiles.rindex("[", 0, at) : at] else OTHER
    return char if char in _AROMATIC and not smiles.startswith(("Cl", "Br"), at - 1) else OTHER


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
