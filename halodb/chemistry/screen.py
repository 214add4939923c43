"""Telling from its SMILES alone that a query cannot match a molecule: most parents have no site for most rules.

In a plain SMILES every atom with a hydrogen stands outside brackets, but for `[nH]` and stereo centres, and hydrogens
are never atoms of their own (see `plain_smiles`). So letters tell which elements are there, and `terminal_atoms` tells
what hydroxyl and amino groups are attached to. A screen may let a molecule pass that has no match; it never holds one
back that has (`tests/chemistry/test_screen.py`).
"""

from __future__ import annotations

from rdkit import Chem

from halodb.chemistry.elements import AROMATIC_SYMBOLS, CARBON, NITROGEN, OXYGEN, SYMBOLS
from halodb.chemistry.plain_smiles import PlainSmiles
from halodb.chemistry.queries import AROMATIC, bond_mark, conjuncts
from halodb.chemistry.terminal_atoms import BARE, CENTRE, MAYBE, OTHER, OXO, attachments

_SATURATED = 4
_VALENCES = {NITROGEN: 3, OXYGEN: 2}

Attachments = dict[str, set[str]]
"""Of an element, what its terminal atoms in one SMILES are attached to; filled when first wanted."""


class Screen:
    """What a plain SMILES must have for a query to match."""

    def __init__(self, query: Chem.Mol) -> None:
        """Read the query; parts of it that the screen does not understand ask for nothing."""
        self._letters: set[str] = set()
        self._terminal: list[tuple[str, frozenset[str] | None]] = []
        for atom in query.GetAtoms():
            asked = conjuncts(atom)
            kind = asked.get("AtomType", 0)
            symbol = SYMBOLS.get(kind % AROMATIC)
            if symbol is None:
                continue
            self._letters.add(AROMATIC_SYMBOLS.get(kind - AROMATIC, symbol))
            hydrogens, connections = asked.get("AtomHCount", 0), asked.get("AtomTotalDegree")
            if hydrogens and connections == hydrogens + 1 and _VALENCES.get(kind) == connections:
                neighbours = atom.GetNeighbors()
                self._terminal.append((symbol, _possible(neighbours[0]) if len(neighbours) == 1 else None))

    def passes(self, smiles: PlainSmiles, attached: Attachments) -> bool:
        """False only where the query cannot match.

        Args:
            smiles: of the molecule.
            attached: of this SMILES, empty at first; the screens of several queries share it.

        >>> phenol = Screen(Chem.MolFromSmarts("[c:1][OX2H]"))
        >>> phenol.passes(PlainSmiles("Oc1ccccc1"), {}), phenol.passes(PlainSmiles("COc1ccccc1"), {})
        (True, False)
        """
        for letter in self._letters:
            if letter not in smiles:
                return False
        for symbol, possible in self._terminal:
            if symbol not in attached:
                attached[symbol] = attachments(smiles, symbol)
            if not attached[symbol] if possible is None else possible.isdisjoint(attached[symbol]):
                return False
        return True


def _possible(attachment: Chem.Atom) -> frozenset[str] | None:
    """The names, see `terminal_atoms`, of what this query atom may be; None where it may be anything."""
    asked = conjuncts(attachment)
    kind = asked.get("AtomType")
    if kind is None:
        return None
    if kind > AROMATIC:
        return frozenset((AROMATIC_SYMBOLS.get(kind % AROMATIC, OTHER), OTHER))
    if kind != CARBON:
        return frozenset((OTHER,))
    saturated = asked.get("AtomTotalDegree") == _SATURATED
    carbons = (
        (MAYBE, BARE, CENTRE) if saturated else (OXO, MAYBE) if _has_oxo(attachment) else (OXO, MAYBE, BARE, CENTRE)
    )
    return frozenset(carbons)


def _has_oxo(attachment: Chem.Atom) -> bool:
    for bond in attachment.GetBonds():
        asked = conjuncts(bond.GetOtherAtom(attachment))
        if bond_mark(bond) == "=" and asked.get("AtomType") == OXYGEN and asked.get("AtomTotalDegree") == 1:
            return True
    return False
