"""The rules of one query: what is compiled of them, and what is left to RDKit's engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from rdkit import Chem

from halodb.chemistry.compile_rule import substitution_of
from halodb.chemistry.edit_sequence import edit_sequences
from halodb.chemistry.queries import ANY_ATOM, BONDS, COUNTED, primitives_of
from halodb.chemistry.reaction import Reaction
from halodb.chemistry.screen import Screen
from halodb.chemistry.touched import touched_places
from halodb.rules import Rule

MOST_MATCHES = 100_000
"""Above RDKit's default of 1,000, which large molecules reach."""

Match = tuple[int, ...]
"""The atoms of a parent that a query matches, in the order of the query's atoms."""

_SEEN_UNSANITIZED = ANY_ATOM | COUNTED | BONDS
"""Primitives that see the same in a molecule that is not sanitized; chirality and directions of bonds decide no match.
"""


class Matched(NamedTuple):
    """A query and where it matches a parent.

    Attributes:
        group: the query with its rules.
        matches: those that are not masked.
        masked: sites of those that are.
    """

    group: QueryGroup
    matches: tuple[Match, ...]
    masked: frozenset[int] = frozenset()


class QueryGroup:
    """Rules that share their query, and the sugar mask or none.

    Attributes:
        query: what matches.
        site: place of the atom with map number 1 in it.
        matches_unsanitized: whether it matches the same in a parent that was not sanitized, see `parse.parse_attested`.
        screen: what a plain SMILES must have for it.
        members: places of the rules, ascending.
        sequences: of the rules that are substitutions.
        removes_alike: whether all of these remove the same atoms, so that sites equivalent for one are so for all.
        touched: places of the atoms that must be outside of sugars; none where these are not masked.

    Args:
        smarts: the query.
        rules: each after its place.
        touched: see there.
    """

    def __init__(self, smarts: str, rules: Sequence[tuple[int, Rule]], touched: frozenset[int] = frozenset()) -> None:
        self.touched = tuple(sorted(touched))
        self.query = Chem.MolFromSmarts(smarts)
        self.site = next(atom.GetIdx() for atom in self.query.GetAtoms() if atom.GetAtomMapNum() == 1)
        self.matches_unsanitized = primitives_of(self.query).all_in(_SEEN_UNSANITIZED)
        self.screen = Screen(self.query)
        self.members = [place for place, _ in rules]
        self._rules = dict(rules)
        self.sequences = edit_sequences([(place, found) for place, rule in rules if (found := substitution_of(rule))])
        self.removes_alike = len({sequence.strictest.removes for sequence in self.sequences}) == 1

    @cached_property
    def reactions(self) -> dict[int, Reaction]:
        """Of each rule by place, RDKit's reaction; made when first wanted."""
        return {place: Reaction(rule) for place, rule in self._rules.items()}

    def matches(self, parent: Chem.Mol) -> tuple[Match, ...]:
        """All matches, also those of the same atoms in another order, as the engine takes them."""
        found: tuple[Match, ...] = parent.GetSubstructMatches(self.query, uniquify=False, maxMatches=MOST_MATCHES)
        return found

    def outside(self, matches: tuple[Match, ...], masked: frozenset[int]) -> Matched:
        """The matches that touch no masked atom, and the sites of the others."""
        kept, inside = [], set()
        for match in matches:
            if any(match[place] in masked for place in self.touched):
                inside.add(match[self.site])
            else:
                kept.append(match)
        return Matched(self, tuple(kept), frozenset(inside))


def query_groups(rules: Sequence[tuple[int, Rule]]) -> list[QueryGroup]:
    """Rules, each after its place, by their queries and what of these must be outside of sugars."""
    by_query: dict[tuple[str, frozenset[int]], list[tuple[int, Rule]]] = {}
    for place, rule in rules:
        touched = touched_places(rule) if rule.sugar_mask else frozenset[int]()
        by_query.setdefault((rule.query_smarts, touched), []).append((place, rule))
    return [QueryGroup(smarts, members, touched) for (smarts, touched), members in by_query.items()]
