"""The rules of one query: what is compiled of them, and what is left to RDKit's engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from rdkit import Chem

from halodb.chemistry.chain import chains_of
from halodb.chemistry.queries import ANY_ATOM, BONDS, COUNTED, primitives_of
from halodb.chemistry.reaction import Reaction
from halodb.chemistry.recipe import NotARecipeError, Recipe, compile_recipe
from halodb.chemistry.screen import Screen
from halodb.rules import Rule

MOST_MATCHES = 100_000

_SEEN_LIGHTLY = ANY_ATOM | COUNTED | BONDS
"""Primitives that see the same in a light and a full parse; chirality and directions of bonds decide no match."""


class Family:
    """Rules that share their query.

    Attributes:
        query: what matches.
        site: place of the atom with map number 1 in it.
        light: whether it matches the same in a lightly parsed parent, see `parse.parse_attested`.
        screen: what a plain SMILES must have for it.
        members: places of the rules, ascending.
        chains: of the rules that are recipes.
        uncompiled: places of the rules that are no recipes.
        probed: whether all recipes change the same atoms, so that sites equivalent for one are so for all.
    """

    def __init__(self, smarts: str, rules: Sequence[tuple[int, Rule]]) -> None:
        self.query = Chem.MolFromSmarts(smarts)
        self.site = next(atom.GetIdx() for atom in self.query.GetAtoms() if atom.GetAtomMapNum() == 1)
        self.light = primitives_of(self.query).all_in(_SEEN_LIGHTLY)
        self.screen = Screen(self.query)
        self.members = [place for place, _ in rules]
        self._rules = dict(rules)
        recipes: list[tuple[int, Recipe]] = []
        self.uncompiled: list[int] = []
        for place, rule in rules:
            try:
                recipes.append((place, compile_recipe(rule)))
            except NotARecipeError:
                self.uncompiled.append(place)
        self.chains = chains_of(recipes)
        guards = [chain.guard for chain in self.chains]
        self.probed = len({(each.anchor, each.first, each.doomed) for each in guards}) == 1

    @cached_property
    def reactions(self) -> dict[int, Reaction]:
        """Of each rule by place, RDKit's reaction; made when first wanted."""
        return {place: Reaction(rule) for place, rule in self._rules.items()}

    def matches(self, parent: Chem.Mol) -> tuple[tuple[int, ...], ...]:
        """All matches, also those of the same atoms in another order, as the engine takes them."""
        found: tuple[tuple[int, ...], ...] = parent.GetSubstructMatches(
            self.query, uniquify=False, maxMatches=MOST_MATCHES
        )
        return found
