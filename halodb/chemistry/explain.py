"""What becomes of a rule, in words: the compiled edit, or why RDKit's reaction engine applies it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from rdkit import Chem

from halodb.chemistry.queries import written
from halodb.chemistry.recipe import ANCHOR, NotARecipeError, Recipe, compile_recipe
from halodb.chemistry.siblings import spoken_of
from halodb.rules import Rule

EDIT, ENGINE = "edit", "engine"

_BONDS = {Chem.BondType.SINGLE: "single", Chem.BondType.DOUBLE: "double", Chem.BondType.TRIPLE: "triple"}


@dataclass(frozen=True)
class Explanation:
    """How a rule is applied.

    Attributes:
        path: `edit` or `engine`.
        reason: why, a sentence.
        steps: what the edit does to a parent, in order; empty for the engine.
        exceptions: where an edit is left to the engine all the same; empty for the engine.
        siblings: what becomes of parents that differ in their halogens alone; empty for the engine.
    """

    path: str
    reason: str
    steps: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    siblings: str = ""

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def explain(rule: Rule) -> Explanation:
    """How a valid rule is applied, and why."""
    try:
        recipe = compile_recipe(rule)
    except NotARecipeError as error:
        return Explanation(ENGINE, f"RDKit's reaction engine makes its products, because {error}.")
    what = "a group takes the place of a hydrogen" if recipe.first is None else "one terminal group becomes another"
    return Explanation(
        EDIT,
        f"{what}, so atoms are set directly.",
        _steps(recipe, Chem.MolFromSmarts(rule.query_smarts)),
        (
            "salts and other parents of several fragments",
            "a parent with hydrogens that stay atoms, or with stereo centres that only spiro rings tell apart",
            "a site with a charge, isotope, radical or explicit hydrogen that the exchange would touch",
            "an anchor that is an end of a stereo double bond",
        ),
        "one is made, the products of the others are read off"
        if spoken_of(rule) is not None
        else "each is made for itself: the rule asks for or brings several halogens, one that is no end, or an element"
        " that may come between two of them",
    )


def _steps(recipe: Recipe, query: Chem.Mol) -> tuple[str, ...]:
    names = [f"atom {atom.GetAtomMapNum()}" if atom.GetAtomMapNum() else "an atom" for atom in query.GetAtoms()]
    anchor = names[recipe.anchor]
    steps = [f"remove {names[place]}, {written(query.GetAtomWithIdx(place))}" for place, _ in recipe.doomed]
    head = recipe.slots[0]
    element = _element(head.element)
    if recipe.first is None:
        steps.append(f"take a hydrogen from {anchor} and add {element} to it by a {_BONDS[head.order]} bond")
        called = {ANCHOR: anchor, 0: element}
    else:
        first = names[recipe.first]
        verb = "keep" if recipe.keeps_first else "make"
        becomes = (
            f" on {anchor}"
            if recipe.keeps_first
            else f", {written(query.GetAtomWithIdx(recipe.first))}, {element} on {anchor}"
        )
        steps.append(f"{verb} {first}{becomes}")
        called = {ANCHOR: anchor, 0: first if recipe.keeps_first else f"that {element}"}
    for place, slot in enumerate(recipe.slots[1:], 1):
        element = _element(slot.element)
        steps.append(f"add {element} to {called[slot.parent]} by a {_BONDS[slot.order]} bond")
        called[place] = f"new {element} {place}"
    return tuple(steps)


def _element(number: int) -> str:
    return str(Chem.GetPeriodicTable().GetElementSymbol(number))
