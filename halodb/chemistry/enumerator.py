"""All products that a set of rules makes of a parent: recall what is known, make the rest, remember it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import rdkit
from rdkit import Chem, rdBase

from halodb.chemistry.enumeration import Enumeration, MostOf, Reject, merged
from halodb.chemistry.halogen_analogues import MOST_BYTES, HalogenAnalogues, Known
from halodb.chemistry.halogen_patterns import Elements, HalogenPattern, halogens_are_terminal, pattern_of
from halodb.chemistry.halogen_rules import RuleGroup, rule_groups
from halodb.chemistry.make_products import NOTHING, Made, make_products
from halodb.chemistry.parent import examine
from halodb.chemistry.parse import ParentRejectedError, longest_smiles, parse_attested, parse_parent
from halodb.chemistry.plain_smiles import PlainSmiles, plain_smiles
from halodb.chemistry.proven import is_proven
from halodb.chemistry.query_group import Matched, QueryGroup, query_groups
from halodb.chemistry.screen import Attachments
from halodb.chemistry.sugars import sugar_atoms
from halodb.rules import Rule


class _Plan(NamedTuple):
    """How to make groups of rules: the first of each kind by their queries; off `models` among them, all others."""

    first: tuple[RuleGroup, ...]
    models: tuple[RuleGroup, ...]
    others: tuple[RuleGroup, ...]
    queries: list[QueryGroup]


class Enumerator:
    """Applies rules to one parent after another: parse once, match each query once, make each product once.

    A site is an atom of the parent, the one that map number 1 matches. Sites that lead to the same product are
    equivalent: the smallest atom stands for them. (The same symmetry class is not enough to tell: two arms of a meso
    compound look alike and give mirror images.)

    Products are edits of the parent where the rule compiles to a substitution and the match is an ordinary one;
    elsewhere RDKit's reaction engine makes them, with the same result: what that is, is said in `reaction`. In a
    fragment with non-tetrahedral stereo (square planes, octahedra and the like), which the engine loses, such a site is
    rejected.

    Rules that mask sugars have no site there, and limits leave out the products of the largest sites: both are counted
    in what `enumerate` gives. Limits by class are none here: `RuleSet.in_scope` gives rules as they are for a class.

    RDKit's log is silent as long as the enumerator lives: what it has to say of a molecule is in the rejects.

    Args:
        rules: valid rules; products name them by their place.
        max_heavy_atoms: parents with more are rejected.
        attested: all SMILES are canonical and written by the RDKit in use, so that they need not be checked again.
        remembered_bytes: about what is kept of parents for their halogen analogues.
        rdkit_version: where the fast paths are not proven for it, see `proven`, the engine does everything.

    Attributes:
        edits: whether products may be edits: the fast paths are proven for this RDKit, and its stereo perception is the
            legacy one, its default.
        paths: how often what was done, since the enumerator was made.
            Parents: `recalled` (all products were read off an analogue's), `screened` (their text shows that they have
            no site), `unsanitized` or `full` (how they were parsed).
            Products: `edited`, of these `perceived` (their stereochemistry was perceived again), `equivalent` (known by
            an equivalent site), `read_off` (those of the same parent with another halogen).
            Rules of a parent: `engine` (applied by RDKit's reaction engine).

    >>> from halodb.rules import read_rules
    >>> Enumerator([read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")]).enumerate("Oc1ccccc1").products
    [Product(rule=0, site=1, smiles='COc1ccccc1')]
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        max_heavy_atoms: int = 1000,
        attested: bool = False,
        remembered_bytes: int = MOST_BYTES,
        rdkit_version: str = rdkit.__version__,
    ) -> None:
        self._silence = rdBase.BlockLogs()
        self._max_heavy_atoms, self._longest = max_heavy_atoms, longest_smiles(max_heavy_atoms)
        self.edits = is_proven(rdkit_version) and Chem.GetUseLegacyStereoPerception()  # the edits know no other
        self._attested = attested and self.edits
        self._rules, self._count = tuple(rules), len(rules)
        self._limits = _limits(self._rules)
        self._rule_groups = tuple(rule_groups(rules)) if self.edits else ()
        grouped = {rule for group in self._rule_groups for rule in group.rules}
        self._ungrouped = [place for place in range(self._count) if place not in grouped]
        self._query_groups: dict[frozenset[int], list[QueryGroup]] = {}
        self._plans: dict[tuple[Elements, tuple[RuleGroup, ...]], _Plan] = {}
        self._remembered_bytes = remembered_bytes
        self.forget()
        self.paths: Counter[str] = Counter()

    def enumerate(self, smiles: str | None) -> Enumeration:
        """All products of one parent; a bad molecule is a reject, never an exception.

        Args:
            smiles: the parent; None is a reject like an empty text.
        """
        plain = plain_smiles(smiles) if smiles and self.edits and len(smiles) <= self._longest else None
        try:
            made = self._make(smiles, None, self._all_queries) if plain is None else self._recall_or_make(plain)
        except ParentRejectedError as error:
            made = Made([], [Reject(None, None, str(error))])
        return merged(made.products, made.rejects, self._count, made.masked, self._limits)

    def forget(self) -> None:
        """Forget the parents so far: the next one is enumerated as if it were the first."""
        self._analogues = HalogenAnalogues(self._remembered_bytes)

    def _recall_or_make(self, plain: PlainSmiles) -> Made:
        """Recall what is known of a parent by its halogen analogues, make the rest, and remember it."""
        pattern = pattern_of(plain)
        known = self._analogues.known_of(pattern)
        if known is None:
            if pattern.has_halogens and not halogens_are_terminal(plain):
                return self._make(plain, plain, self._all_queries)
            known = Known()
        recalled, missing = known.read_off(pattern, self._rule_groups)
        if not missing and not self._ungrouped:
            self.paths["recalled"] += 1
            return recalled
        made = self._make_missing(plain, pattern, known, missing)
        self._analogues.keep(pattern, known)
        return made.and_(recalled)

    def _make_missing(
        self, plain: PlainSmiles, pattern: HalogenPattern, known: Known, missing: tuple[RuleGroup, ...]
    ) -> Made:
        """Make what is not known of a parent: one group of each kind; the others are read off it."""
        plan = self._plan(pattern.elements, missing)
        made = self._make(plain, plain, plan.queries)
        known.learn(pattern, plan.first if pattern.has_halogens else plan.models, made)
        if not plan.others:
            return made
        read_off, unknown = known.read_off(pattern, plan.others)
        if read_off.products:
            self.paths["read_off"] += len(read_off.products)
        if unknown:  # RDKit's engine made what was the first of their kind
            more = self._make(plain, plain, self._queries_of(unknown))
            known.learn(pattern, unknown, more)
            made = made.and_(more)
        return made.and_(read_off)

    def _plan(self, elements: Elements, missing: tuple[RuleGroup, ...]) -> _Plan:
        """How to make some groups of rules for parents with these elements; thought out when first wanted."""
        plan = self._plans.get((elements, missing))
        if plan is None:
            first: dict[tuple[int, int], RuleGroup] = {}
            for group in missing:
                first.setdefault((group.kind, elements.ranks[group.halogen]), group)
            chosen = tuple(first.values())
            others = tuple(group for group in missing if group not in chosen)
            kinds = {group.kind for group in others}
            models = tuple(group for group in chosen if group.kind in kinds)
            plan = _Plan(chosen, models, others, self._queries_of(chosen, self._ungrouped))
            self._plans[elements, missing] = plan
        return plan

    @cached_property
    def _all_queries(self) -> list[QueryGroup]:
        return self._queries_of((), range(self._count))

    def _queries_of(self, groups: Sequence[RuleGroup], others: Sequence[int] = ()) -> list[QueryGroup]:
        """The rules of some groups, and others, by their queries; compiled when first wanted."""
        rules = frozenset(others).union(*(group.rules for group in groups))
        queries = self._query_groups.get(rules)
        if queries is None:
            queries = query_groups([(place, self._rules[place]) for place in sorted(rules)])
            self._query_groups[rules] = queries
        return queries

    def _make(self, smiles: str | None, plain: PlainSmiles | None, queries: list[QueryGroup]) -> Made:
        """What rules make of a parent.

        Args:
            smiles: the parent.
            plain: the same as a plain SMILES, where it is one and edits may be made.
            queries: the rules by their queries.

        Raises:
            ParentRejectedError: it is no molecule, or too large.
        """
        molecule = None
        if plain is not None and self._attested and len(plain) <= self._max_heavy_atoms:
            attached: Attachments = {}
            queries = [group for group in queries if group.screen.passes(plain, attached)]
            if not queries:
                self.paths["screened"] += 1
                return NOTHING
            if all(group.matches_unsanitized for group in queries):
                molecule = parse_attested(plain)
        unsanitized = molecule is not None
        if molecule is None:
            molecule = parse_parent(smiles, self._max_heavy_atoms)
        self.paths["unsanitized" if unsanitized else "full"] += 1
        matched = [Matched(group, matches) for group in queries if (matches := group.matches(molecule))]
        if not matched:
            return NOTHING
        sugars = sugar_atoms(molecule) if any(one.group.touched for one in matched) else frozenset[int]()
        if sugars:
            matched = [one.group.outside(one.matches, sugars) if one.group.touched else one for one in matched]
        parent = examine(smiles or "", plain, molecule, unsanitized=unsanitized, edits=self.edits, sugars=sugars)
        return make_products(parent, matched, self.paths)


def _limits(rules: Sequence[Rule]) -> dict[int, MostOf]:
    """The limits of rules that have some, by their places."""
    found = {}
    for place, rule in enumerate(rules):
        sites, products = (limit if isinstance(limit, int) else None for limit in (rule.max_sites, rule.max_products))
        if sites or products:
            found[place] = MostOf(sites, products)
    return found
