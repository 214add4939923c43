"""Telling from its SMILES alone that a query cannot match a molecule: most parents of a pass have no site for most rules.

Only for plain SMILES as RDKit writes them, see `is_plain_smiles`: there every atom that bears a hydrogen stands outside
brackets, but for `[nH]` and stereo centres, so an atom with a hydrogen and one other neighbour is an end of the text, or of
a branch.
"""

from __future__ import annotations

import re

from rdkit import Chem

_NOT_PLAIN = re.compile(r"\[(?!C@@?H?\]|nH\]|N\+\]|O-\]|n\+\])|[.*]")
_LINE = re.compile(r"( *)(\S+)(?: (-?\d+) (=|!=) val)?")
_AROMATIC = 1000  # RDKit's AtomType of an aromatic atom is its atomic number and so much
_VALENCES = {6: 4, 7: 3, 8: 2, 16: 2}
_UPPER = {5: "B", 6: "C", 7: "N", 8: "O", 9: "F", 15: "P", 16: "S", 17: "Cl", 35: "Br", 53: "I"}


def is_plain_smiles(smiles: str) -> bool:
    """Whether it is one fragment whose only bracket atoms are carbon centres, [nH], [N+], [n+] and [O-]."""
    return _NOT_PLAIN.search(smiles) is None


def may_hold(smiles: str, element: int, spared: int) -> bool:
    """Whether a molecule may have more than `spared` atoms of an element; False is sure, whatever the SMILES."""
    symbol = _UPPER.get(element)
    if symbol is None or "#" in smiles and "[#" in smiles:
        return True
    count = smiles.count(symbol)
    if len(symbol) == 1 and count <= spared:
        count += smiles.count(symbol.lower())
    return count > spared


class Screen:
    """What a plain SMILES must have for a query to match."""

    def __init__(self, query: Chem.Mol) -> None:
        """Read the query; parts of it that the screen does not understand ask for nothing."""
        patterns = {pattern for atom in query.GetAtoms() for pattern in [_pattern(atom)] if pattern}
        self._searches = [re.compile(pattern).search for pattern in sorted(patterns, key=len, reverse=True)]

    def passes(self, smiles: str) -> bool:
        """False only where the query cannot match; the SMILES must be plain."""
        return all(search(smiles) for search in self._searches)


def _pattern(atom: Chem.Atom) -> str | None:
    """A regular expression that a plain SMILES with a match of this query atom must contain."""
    asked = _conjuncts(atom.DescribeQuery())
    kind = asked.get("AtomType", asked.get("AtomAtomicNum"))
    if kind is None or kind % _AROMATIC not in _UPPER:
        return None
    symbol = _UPPER[kind % _AROMATIC]
    if kind > _AROMATIC:
        return symbol.lower()
    if "AtomType" not in asked:
        return symbol if len(symbol) > 1 else f"[{symbol}{symbol.lower()}]"
    hydrogens, connections = asked.get("AtomHCount", 0), asked.get("AtomTotalDegree")
    if hydrogens and connections == hydrogens + 1 and _VALENCES.get(kind) == connections:
        return f"^{symbol}(?![=#])|(?<![=#]){symbol}(?:\\)|$)"
    return symbol


def _conjuncts(description: str) -> dict[str, int]:
    """What an atom must be, of RDKit's description of its query: `name value`, where no `or` or `not` is above it."""
    found: dict[str, int] = {}
    open_to: int | None = None
    for line in description.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        depth = len(match[1])
        if open_to is not None and depth > open_to:
            continue
        open_to = None
        if match[2] == "AtomAnd":
            continue
        if match[4] == "=":
            found[match[2]] = int(match[3])
        else:
            open_to = depth
    return found
