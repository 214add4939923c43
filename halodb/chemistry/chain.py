"""Putting the recipes of one query into chains, so that one copy of the parent becomes many products.

The copy only ever grows: taking a bond away makes RDKit forget the rings. So in a chain each new group's shape is the
beginning of the next one's, and each site needs one copy a chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdkit import Chem

from halodb.chemistry.recipe import Recipe

_DEEPEST = 3
"""Bonds within a group that `stereo` reckons with when an atom of it is the only one of its element."""

_ATOMS = {number: Chem.Atom(number) for number in range(119)}


@dataclass(frozen=True)
class Step:
    """One product of a chain, as the difference from the one before. Place 0 is the anchor, place n + 1 is slot n.

    Attributes:
        rule: place of its rule.
        recipe: what to make.
        changes: places of atoms that are there and become another element, each with its atomic number.
        additions: new atoms, each after the place of the atom that it hangs on and before the order of their bond.
        lone: elements that occur once in the new group, not far from the anchor.
    """

    rule: int
    recipe: Recipe
    changes: tuple[tuple[int, int], ...]
    additions: tuple[tuple[int, Chem.Atom, Chem.BondType], ...]
    lone: tuple[int, ...]


def chains_of(recipes: Sequence[tuple[int, Recipe]]) -> list[list[Step]]:
    """Recipes of one query in chains; all of a chain change the same atoms, and grow one shape."""
    chains: list[list[Step]] = []
    for rule, recipe in sorted(recipes, key=lambda each: (len(each[1].slots), each[0])):
        for chain in chains:
            last = chain[-1].recipe
            same = (last.anchor, last.first, last.doomed) == (recipe.anchor, recipe.first, recipe.doomed)
            if same and recipe.shape[: len(last.shape)] == last.shape:
                chain.append(_step(rule, recipe, [slot.element for slot in last.slots]))
                break
        else:
            chains.append([_step(rule, recipe, [] if recipe.first is None else [None])])
    return chains


def _step(rule: int, recipe: Recipe, before: Sequence[int | None]) -> Step:
    """A step after one that left these elements in the first slots; None is any."""
    elements = [slot.element for slot in recipe.slots]
    there = len(before)
    return Step(
        rule,
        recipe,
        changes=tuple(
            (place, new) for place, (new, old) in enumerate(zip(elements, before, strict=False), 1) if new != old
        ),
        additions=tuple((slot.parent + 1, _ATOMS[slot.element], slot.order) for slot in recipe.slots[there:]),
        lone=tuple(
            element
            for place, element in enumerate(elements)
            if elements.count(element) == 1 and recipe.depth(place) <= _DEEPEST
        ),
    )
