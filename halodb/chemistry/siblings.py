"""Siblings: parents that differ in their halogens alone. One is enumerated, the products of the others are read off.

A halogenated input has them side by side: a halogen takes each site as F, Cl, Br and I. Why this is right is said in
`halogens`. It holds for rules too: what a rule that brings F makes of a parent with Br tells what the same rule with Cl
makes of the parent with I.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter

from rdkit import Chem

from halodb.chemistry.chain import HALOGENS, halogens_brought
from halodb.chemistry.enumeration import Enumeration
from halodb.chemistry.halogens import Marks, are_ends, halogens_asked, marked
from halodb.chemistry.recipe import NotARecipeError, Recipe, compile_recipe
from halodb.rules import Rule

MOST_BYTES = 4 * 1024**2
"""About what an enumerator keeps: hundreds to thousands of parents. Siblings are a few hundred rows apart at most."""

_BYTES_AN_ENTRY = 400
_BYTES_A_PRODUCT = 20  # beside its SMILES

Product = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rules that speak of one halogen, or of none.

    Attributes:
        halogen: its symbol, or nothing.
        rules: their places, in the order of what they are but for the halogen: one order for all groups of a kind.
        kind: number of what the rules are but for the halogen.
        asks: whether a query speaks of the halogen, so that other siblings do not tell whether it matches.
    """

    halogen: str
    rules: tuple[int, ...]
    kind: int
    asks: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """Products of a group's rules for one parent.

    Attributes:
        rules: of each product, the place of its rule in the group.
        sites: of each product.
        text: their SMILES with marks for halogens, one a line.
        further: other groups whose rules have sites too.
    """

    rules: tuple[int, ...]
    sites: tuple[int, ...]
    text: str
    further: tuple[_Group, ...]

    @property
    def size(self) -> int:
        """Bytes, about."""
        return _BYTES_AN_ENTRY + len(self.text) + _BYTES_A_PRODUCT * len(self.rules)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of a parent by a sibling: products of some rules, and the places of the other ones."""

    found: Enumeration
    missing: frozenset[int]


class Siblings:
    """Remembers the products of parents for their siblings, under a budget of bytes: the oldest go first."""

    def __init__(self, rules: Sequence[Rule], most_bytes: int = MOST_BYTES) -> None:
        self._count = len(rules)
        self._plain, *self._others = _groups(rules)
        known = {place for group in (self._plain, *self._others) for place in group.rules}
        self._unknowable = [place for place in range(self._count) if place not in known]
        self._known: OrderedDict[tuple[int, str, str], _Known] = OrderedDict()
        self._bytes, self._most_bytes = 0, most_bytes

    def recall(self, smiles: str) -> Recalled | None:
        """What is remembered of a parent's siblings, if anything."""
        key, marks = _key(self._plain, smiles)
        known = self._known.get(key) if marks else None
        if known is None:
            return None
        found = Enumeration(sites=[0] * self._count)
        missing = list(self._unknowable)
        _read_off(self._plain, known, marks, found)
        for group in known.further:
            key, marks = _key(group, smiles)
            further = self._known.get(key)
            if further is None:
                missing.extend(group.rules)
            else:
                _read_off(group, further, marks, found)
        found.products.sort(key=itemgetter(0))
        return Recalled(found, frozenset(missing))

    def remember(self, smiles: str, found: Enumeration, rules: Collection[int] | None) -> None:
        """Keep what edits made of a plain parent.

        Args:
            smiles: the parent.
            found: without rejects.
            rules: those whose products were not recalled; None for all.
        """
        key, marks = _key(self._plain, smiles)
        if not marks or not are_ends(smiles):
            return
        further = []
        for group in self._others:
            products = [product for product in found.products if product[0] in group.rules]
            if products or group.asks:
                further.append(group)
                if rules is None or group.rules[0] in rules:
                    self._keep(*_key(group, smiles), group, products, ())
        if rules is None:
            products = [product for product in found.products if product[0] in self._plain.rules]
            self._keep(key, marks, self._plain, products, tuple(further))

    def _keep(
        self,
        key: tuple[int, str, str],
        marks: Marks,
        group: _Group,
        products: list[Product],
        further: tuple[_Group, ...],
    ) -> None:
        rules = tuple(group.rules.index(rule) for rule, _, _ in products)
        text = "\n".join(product for _, _, product in products)
        for symbol, mark in marks:
            text = text.replace(symbol, mark)
        known = _Known(rules, tuple(site for _, site, _ in products), text, further)
        before = self._known.pop(key, None)
        self._known[key] = known
        self._bytes += known.size - (before.size if before else 0)
        while self._bytes > self._most_bytes:
            self._bytes -= self._known.popitem(last=False)[1].size


@dataclass(frozen=True, order=True)
class Spoken:
    """What siblings must know of a rule.

    Attributes:
        frame: what the rule is but for the halogen; rules of the same frame are told apart by it alone.
        halogen: the only one that it brings or asks for, or nothing.
        asks: whether its query asks for it.
    """

    frame: tuple[str, ...]
    halogen: str
    asks: bool


def spoken_of(rule: Rule) -> Spoken | None:
    """How a rule speaks of halogens; None where siblings cannot tell of it, and so each parent is looked at for itself.

    A rule that is no recipe is never remembered where it has sites: its query alone decides.
    """
    asked = halogens_asked(Chem.MolFromSmarts(rule.query_smarts))
    recipe = _recipe_of(rule)
    brought = frozenset[str]() if recipe is None else halogens_brought(recipe)
    if asked is None or brought is None or len(asked | brought) > 1:
        return None
    return Spoken(_frame(rule, recipe, bool(asked)), "".join(asked | brought), bool(asked))


def _recipe_of(rule: Rule) -> Recipe | None:
    try:
        return compile_recipe(rule)
    except NotARecipeError:
        return None


def _frame(rule: Rule, recipe: Recipe | None, asks: bool) -> tuple[str, ...]:
    """See `Spoken`; a rule that is no recipe, or asks for its halogen, is like no other one."""
    if recipe is None or asks:
        return (rule.query_smarts, rule.smirks)
    group = [(slot.parent, int(slot.order), "X" if slot.element in HALOGENS else slot.element) for slot in recipe.slots]
    return (rule.query_smarts, str((recipe.anchor, recipe.first, recipe.doomed, recipe.hydrogens, group)))


def _groups(rules: Sequence[Rule]) -> list[_Group]:
    """The rules that speak of no halogen, if any, and those that speak of each one."""
    by_halogen: dict[str, list[tuple[Spoken, int]]] = {"": []}
    for place, rule in enumerate(rules):
        spoken = spoken_of(rule)
        if spoken is not None:
            by_halogen.setdefault(spoken.halogen, []).append((spoken, place))
    kinds: dict[tuple[tuple[str, ...], ...], int] = {}
    groups = []
    for halogen, members in by_halogen.items():
        members.sort()
        kind = kinds.setdefault(tuple(spoken.frame for spoken, _ in members), len(kinds))
        groups.append(
            _Group(halogen, tuple(place for _, place in members), kind, any(spoken.asks for spoken, _ in members))
        )
    return groups


def _key(group: _Group, smiles: str) -> tuple[tuple[int, str, str], Marks]:
    """What parents and groups share that are siblings, and what the marks of their products stand for."""
    pattern, marks = marked(smiles, group.halogen)
    return (group.kind, pattern, dict(marks).get(group.halogen, "")), marks


def _read_off(group: _Group, known: _Known, marks: Marks, found: Enumeration) -> None:
    if not known.rules:
        return
    text = known.text
    for symbol, mark in marks:
        text = text.replace(mark, symbol)
    rules = [group.rules[place] for place in known.rules]
    found.products.extend(zip(rules, known.sites, text.split("\n"), strict=True))
    for rule in rules:
        found.sites[rule] += 1
