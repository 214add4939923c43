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
HALOGENS = {9: "F", 17: "Cl", 35: "Br", 53: "I"}
"""Symbols by atomic number."""

_LIGHTEST_HALOGEN = min(HALOGENS)


@dataclass(frozen=True)
class Step:
    """One product of a chain, as the difference from the one before. Place 0 is the anchor, place n + 1 is slot n.

    Attributes:
        rule: place of its rule.
        recipe: what to make.
        changes: places of atoms that are there and become another element, each with its atomic number.
        additions: new atoms, each after the place of the atom that it hangs on and before the order of their bond.
        lone: elements that occur once in the new group, not far from the anchor.
        halogen: the only kind of halogen in the new group, see `halogens_brought`; empty where there is not just one.
        frame: what the new group is but for this halogen.
    """

    rule: int
    recipe: Recipe
    changes: tuple[tuple[int, int], ...]
    additions: tuple[tuple[int, Chem.Atom, Chem.BondType], ...]
    lone: tuple[int, ...]
    halogen: str
    frame: tuple[object, ...]


@dataclass(frozen=True)
class Chain:
    """Products of one site made from one copy of the parent.

    Attributes:
        steps: one after another.
        guard: the recipe that asks most of a match.
        twinned: whether there are steps that differ in their halogen alone.
    """

    steps: tuple[Step, ...]
    guard: Recipe
    twinned: bool


def chains_of(recipes: Sequence[tuple[int, Recipe]]) -> list[Chain]:
    """Recipes of one query in chains; all of a chain change the same atoms, and grow one shape."""
    found: list[list[Step]] = []
    for rule, recipe in sorted(recipes, key=lambda each: (len(each[1].slots), each[0])):
        for steps in found:
            last = steps[-1].recipe
            same = (last.anchor, last.first, last.doomed) == (recipe.anchor, recipe.first, recipe.doomed)
            if same and recipe.shape[: len(last.shape)] == last.shape:
                steps.append(_step(rule, recipe, [slot.element for slot in last.slots]))
                break
        else:
            found.append([_step(rule, recipe, [] if recipe.first is None else [None])])
    return [_chain(steps) for steps in found]


def halogens_brought(recipe: Recipe) -> frozenset[str] | None:
    """The halogens that a recipe brings to the ends of single bonds; None where it may break the order of elements.

    Elements lighter than all halogens stay before them, whichever these are. Any other one may come between two of
    them: sulfur comes after fluorine and before chlorine.
    """
    bearers = {slot.parent for slot in recipe.slots}
    found = set()
    first_new = int(recipe.keeps_first)
    for place, slot in enumerate(recipe.slots[first_new:], first_new):
        if slot.element < _LIGHTEST_HALOGEN:
            continue
        if slot.element not in HALOGENS or place in bearers or slot.order != Chem.BondType.SINGLE:
            return None
        found.add(HALOGENS[slot.element])
    return frozenset(found)


def _chain(steps: list[Step]) -> Chain:
    guard = max((step.recipe for step in steps), key=lambda recipe: recipe.hydrogens)
    frames = [step.frame for step in steps if step.halogen]
    return Chain(tuple(steps), guard, len(set(frames)) < len(frames))


def _step(rule: int, recipe: Recipe, before: Sequence[int | None]) -> Step:
    """A step after one that left these elements in the first slots; None is any."""
    elements = [slot.element for slot in recipe.slots]
    there = len(before)
    brought = halogens_brought(recipe)
    halogen = min(brought) if brought is not None and len(brought) == 1 else ""
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
        halogen=halogen,
        frame=(recipe.shape, recipe.hydrogens, *("X" if HALOGENS.get(each) == halogen else each for each in elements)),
    )
