"""What rules have to do with halogens, and which of them can be read off each other.

Rules that bring one kind of halogen, or ask for one, are sorted into groups: the same rules but for the halogen are
groups of one kind. What one group makes of a parent tells what another group of its kind makes of the parent itself or
of its halogen analogues, see `halogen_patterns`.

Refused are rules that may break the order of the elements, such as those that bring sulfur, and rules that tell
several halogens apart: these are applied to each parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rdkit import Chem

from halodb.chemistry.compile_rule import substitution_of
from halodb.chemistry.elements import FLUORINE, HALOGENS
from halodb.chemistry.queries import ANY_ATOM, BONDS, COUNTED, primitives_of
from halodb.chemistry.substitution import Substitution
from halodb.rules import Rule

_INDIFFERENT = ANY_ATOM | COUNTED | BONDS
"""Primitives that look at a terminal halogen for nothing but, perhaps, whether it is a certain element."""

Frame = tuple[str, ...]
"""What a rule is but for its halogen; rules of the same frame differ in it alone."""


@dataclass(frozen=True, order=True)
class HalogenUse:
    """How a rule uses halogens.

    Attributes:
        frame: see `Frame`.
        halogen: symbol of the only one that it brings or asks for, or nothing.
        asks: whether it asks for it, so that it depends on the halogen where the rule has sites.
    """

    frame: Frame
    halogen: str
    asks: bool


@dataclass(frozen=True, eq=False)
class RuleGroup:
    """Rules that use one halogen, or none; an enumerator has one object for each group.

    Attributes:
        halogen: its symbol, or nothing.
        asks: whether the rules ask for it, so that it depends on the halogen where they have sites.
        kind: number of what the rules are but for the halogen.
        rules: their places, in the order of their frames: one order for all groups of a kind.
    """

    halogen: str
    asks: bool
    kind: int
    rules: tuple[int, ...]

    @cached_property
    def places(self) -> dict[int, int]:
        """Of each rule, its place in the group."""
        return {rule: place for place, rule in enumerate(self.rules)}


def rule_groups(rules: Sequence[Rule]) -> list[RuleGroup]:
    """The rules in groups; those that are in none must be applied to each parent.

    Rules are in one group where they use the same halogen, alike, and their frames come with the same halogens.

    >>> from halodb.rules import HALOGENATION, read_rules
    >>> [(group.halogen, group.kind) for group in rule_groups(read_rules(shipped=HALOGENATION).in_scope("lipid"))]
    [('Br', 0), ('Cl', 0), ('F', 0), ('I', 0)]
    """
    used = sorted((use, place) for place, rule in enumerate(rules) if (use := halogen_use(rule)) is not None)
    halogens: dict[Frame, tuple[str, ...]] = {}
    for use, _ in used:
        halogens[use.frame] = (*halogens.get(use.frame, ()), use.halogen)
    members: dict[tuple[bool, tuple[str, ...], str], list[int]] = {}
    for use, place in used:
        members.setdefault((use.asks, halogens[use.frame], use.halogen), []).append(place)
    kinds: dict[tuple[bool, tuple[str, ...]], int] = {}
    return [
        RuleGroup(halogen, asks, kinds.setdefault((asks, together), len(kinds)), tuple(places))
        for (asks, together, halogen), places in sorted(members.items())
    ]


def halogen_use(rule: Rule) -> HalogenUse | None:
    """How a rule uses halogens; None where nothing can be read off for it.

    A rule that is no substitution counts as well: where it has no site, neither have the analogues, and where it has
    one, RDKit's engine makes the products and nothing is remembered.

    Args:
        rule: a valid one.
    """
    asked = halogens_asked(Chem.MolFromSmarts(rule.query_smarts))
    substitution = substitution_of(rule)
    brought = frozenset[str]() if substitution is None else halogens_brought(substitution)
    if asked is None or brought is None or len(asked | brought) > 1:
        return None
    return HalogenUse(_frame(rule, None if asked else substitution), "".join(asked | brought), bool(asked))


def halogens_asked(query: Chem.Mol) -> frozenset[str] | None:
    """The halogens that a query tells from other atoms; None where it may look at more of them than their element.

    >>> halogens_asked(Chem.MolFromSmarts("[c:1][Cl]"))
    frozenset({'Cl'})
    """
    primitives = primitives_of(query)
    if not primitives.all_in(_INDIFFERENT):
        return None
    return frozenset(HALOGENS[element] for element in primitives.elements if element in HALOGENS)


def halogens_brought(substitution: Substitution) -> frozenset[str] | None:
    """The halogens that a substitution brings as terminal atoms; None where it may break the order of elements.

    Elements lighter than all halogens stay before them, whichever these are. Any other one may come between two of
    them: sulfur comes after fluorine and before chlorine.
    """
    inner = {atom.parent for atom in substitution.substituent}
    found = set()
    first_new = int(substitution.keeps_head)
    for place, atom in enumerate(substitution.substituent[first_new:], first_new):
        if atom.element < FLUORINE:
            continue
        if atom.element not in HALOGENS or place in inner or atom.order != Chem.BondType.SINGLE:
            return None
        found.add(HALOGENS[atom.element])
    return frozenset(found)


def _frame(rule: Rule, substitution: Substitution | None) -> Frame:
    """The frame of a rule; one that is no substitution, or asks for its halogen (None), is like no other rule."""
    mask = ("sugar mask",) if rule.sugar_mask else ()
    if substitution is None:
        return (rule.query_smarts, rule.smirks, *mask)
    group = [
        (atom.parent, int(atom.order), "X" if atom.element in HALOGENS else atom.element)
        for atom in substitution.substituent
    ]
    return (rule.query_smarts, str((*substitution.removes, substitution.hydrogens, group)), *mask)
