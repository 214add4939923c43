"""Telling from its SMILES alone that a query cannot match a molecule: most parents have no site for most rules.

Only for plain SMILES as RDKit writes them, see `is_plain_smiles`: there every atom that bears a hydrogen stands
outside brackets, but for `[nH]` and stereo centres, and hydrogens are no atoms of their own.
"""

from __future__ import annotations

import re

from rdkit import Chem

from halodb.chemistry.ends import BARE, CENTRE, MAYBE, OTHER, OXO, bearers
from halodb.chemistry.queries import AROMATIC, bond_mark, conjuncts

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9=#/\\()%@+\-\[\]]|%\(|\[(?!C@@?H?\]|nH\]|N\+\]|O-\]|n\+\])")
_ATOM = re.compile(r"\[[^\]]*\]|Cl|Br|[BCNOFPSIbcnops]")
_CARBON, _OXYGEN, _SATURATED = 6, 8, 4
_VALENCES = {7: 3, 8: 2}
_SYMBOLS = {5: "B", 6: "C", 7: "N", 8: "O", 9: "F", 15: "P", 16: "S", 17: "Cl", 35: "Br", 53: "I"}

Ends = dict[str, set[str]]
"""Of an element, what bears its ends in one SMILES; filled when first wanted."""


def is_plain_smiles(smiles: str) -> bool:
    """Whether it is one fragment whose only bracket atoms are carbon centres, [nH], [N+], [n+] and [O-], and no more.

    What follows a space is a name or an extension; bonds are single, double or triple ones; ring numbers have two
    digits at most. Nor may it begin with a branch on its first atom, as in `N(C)`, which RDKit never writes.
    """
    return not smiles.startswith(("(", "l(", "r("), 1) and _NOT_PLAIN.search(smiles) is None


def atoms_of(smiles: str) -> list[str]:
    """The atoms of a plain SMILES as written, in its order, which is that of the molecule."""
    return _ATOM.findall(smiles)


def may_hold(smiles: str, element: int, spared: int) -> bool:
    """Whether a molecule may have more than `spared` atoms of an element; False is sure, whatever the SMILES."""
    symbol = _SYMBOLS.get(element)
    if symbol is None or "[#" in smiles:
        return True
    count = smiles.count(symbol)
    if len(symbol) == 1 and count <= spared:
        count += smiles.count(symbol.lower())
    return count > spared


class Screen:
    """What a plain SMILES must have for a query to match."""

    def __init__(self, query: Chem.Mol) -> None:
        """Read the query; parts of it that the screen does not understand ask for nothing."""
        self._letters: set[str] = set()
        self._ends: list[tuple[str, frozenset[str] | None]] = []
        for atom in query.GetAtoms():
            asked = conjuncts(atom)
            kind = asked.get("AtomType", 0)
            symbol = _SYMBOLS.get(kind % AROMATIC)
            if symbol is None:
                continue
            self._letters.add(symbol.lower() if kind > AROMATIC else symbol)
            hydrogens, connections = asked.get("AtomHCount", 0), asked.get("AtomTotalDegree")
            if hydrogens and connections == hydrogens + 1 and _VALENCES.get(kind) == connections:
                neighbours = atom.GetNeighbors()
                self._ends.append((symbol, _possible(neighbours[0]) if len(neighbours) == 1 else None))

    def passes(self, smiles: str, ends: Ends) -> bool:
        """False only where the query cannot match.

        Args:
            smiles: must be plain.
            ends: of this SMILES; the screens of several queries share it.
        """
        for letter in self._letters:
            if letter not in smiles:
                return False
        for symbol, possible in self._ends:
            if symbol not in ends:
                ends[symbol] = bearers(smiles, symbol)
            if not ends[symbol] if possible is None else possible.isdisjoint(ends[symbol]):
                return False
        return True


def _possible(bearer: Chem.Atom) -> frozenset[str] | None:
    """The names, see `ends`, of what this query atom may be; None where it may be anything."""
    asked = conjuncts(bearer)
    kind = asked.get("AtomType")
    if kind is None:
        return None
    if kind > AROMATIC:
        return frozenset((_SYMBOLS.get(kind % AROMATIC, OTHER).lower(), OTHER))
    if kind != _CARBON:
        return frozenset((OTHER,))
    saturated = asked.get("AtomTotalDegree") == _SATURATED
    carbons = (MAYBE, BARE, CENTRE) if saturated else (OXO, MAYBE) if _has_oxo(bearer) else (OXO, MAYBE, BARE, CENTRE)
    return frozenset(carbons)


def _has_oxo(bearer: Chem.Atom) -> bool:
    for bond in bearer.GetBonds():
        asked = conjuncts(bond.GetOtherAtom(bearer))
        if bond_mark(bond) == "=" and asked.get("AtomType") == _OXYGEN and asked.get("AtomTotalDegree") == 1:
            return True
    return False
