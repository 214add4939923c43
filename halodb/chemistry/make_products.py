"""Making the products of one parent: by edits where these are right, by RDKit's reaction engine elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from halodb.chemistry.edit_conditions import edits_match
from halodb.chemistry.edit_sequence import EditSequence
from halodb.chemistry.enumeration import Product, Reject
from halodb.chemistry.parent import Parent
from halodb.chemistry.parent_edits import EditTask, ParentEdits
from halodb.chemistry.query_group import Match, Matched, QueryGroup
from halodb.chemistry.reaction import MASKED

LOST = "product cannot be made: RDKit's reaction engine would lose its non-tetrahedral stereo"
"""Why a site is rejected that only the engine could do."""

NONE_MASKED: Mapping[int, int] = MappingProxyType({})


class Made(NamedTuple):
    """What rules made of a parent.

    Attributes:
        products: each SMILES once a rule; in no particular order of the rules.
        rejects: in no particular order.
        by_engine: rules that RDKit's engine applied, at least in part; their products are not read off for analogues.
        masked: sites in sugars, by the place of their rule; rules without any are not there.
    """

    products: list[Product[int]]
    rejects: list[Reject[int]]
    by_engine: frozenset[int] = frozenset()
    masked: Mapping[int, int] = NONE_MASKED

    def and_(self, other: Made) -> Made:
        """This and what other rules made of the same parent."""
        masked = {**self.masked, **other.masked} if other.masked else self.masked
        return Made([*self.products, *other.products], [*self.rejects, *other.rejects], self.by_engine, masked)


NOTHING = Made([], [])


def make_products(parent: Parent, matched: Sequence[Matched], paths: Counter[str]) -> Made:
    """The products of all rules of some queries.

    Args:
        parent: the parent.
        matched: queries with their matches in the parent's molecule, masked or not at least one each.
        paths: counts how products are made, see `enumerator.Enumerator`.
    """
    products: list[Product[int]] = []
    rejects: list[Reject[int]] = []
    by_engine: set[int] = set()
    masked: dict[int, int] = {}
    tasks: list[EditTask] = []
    for group, matches, in_sugars in matched:
        if in_sugars:
            masked.update(dict.fromkeys(group.members, len(in_sugars)))
        if not matches:
            continue
        edits = _edit_tasks(parent, group, matches)
        edited = frozenset[int]().union(*(task.rules for task in edits))
        for rule in group.members:
            if rule not in edited or parent.fragile:
                lost = _lost_sites(parent, group, matches, edits, rule)
                made, refused, more = _react(parent, group, rule, lost, paths)
                products.extend(made)
                rejects.extend(refused)
                by_engine.add(rule)
                if not more <= in_sugars:
                    masked[rule] = len(more | in_sugars)
        tasks.extend(edits)
    if tasks:
        products.extend(ParentEdits(parent, tasks, paths).products())
    return Made(products, rejects, frozenset(by_engine), masked)


def _edit_tasks(parent: Parent, group: QueryGroup, matches: tuple[Match, ...]) -> list[EditTask]:
    """What edits do: the sequences that are right at every match, for the engine does all matches or none.

    In a parent with non-tetrahedral stereo, where the engine is no help beside it, each match that is right there; the
    engine does the other fragments.
    """
    if not parent.may_be_edited:
        return []

    def right(sequence: EditSequence, match: Match) -> bool:
        return edits_match(parent.molecule, match, sequence, stereo_bonds=parent.has_stereo_bonds)

    if parent.fragile:
        inside = [match for match in matches if match[group.site] in parent.fragile]
        shares = [(tuple(each for each in inside if right(sequence, each)), sequence) for sequence in group.sequences]
        return [EditTask(group, share, [sequence]) for share, sequence in shares if share]
    sequences = [sequence for sequence in group.sequences if all(right(sequence, match) for match in matches)]
    return [EditTask(group, matches, sequences)] if sequences else []


def _lost_sites(
    parent: Parent, group: QueryGroup, matches: tuple[Match, ...], edits: list[EditTask], rule: int
) -> set[int]:
    """The sites beside non-tetrahedral stereo with a match that no edit of one rule does."""
    if not parent.fragile:
        return set()
    done = {match for task in edits if rule in task.rules for match in task.matches}
    return {match[group.site] for match in matches if match not in done} & parent.fragile


def _react(
    parent: Parent, group: QueryGroup, rule: int, lost: set[int], paths: Counter[str]
) -> tuple[list[Product[int]], list[Reject[int]], set[int]]:
    """What RDKit's engine makes with one rule, but for sites that it cannot do or need not; and the masked sites.

    Args:
        parent: the parent.
        group: of the rule.
        rule: its place.
        lost: sites that nobody can do.
        paths: counts.
    """
    paths["engine"] += 1
    made: dict[str, int] = {}
    failed = dict.fromkeys(sorted(lost), LOST)
    masked: set[int] = set()
    sugars = parent.sugars if group.touched else frozenset[int]()
    for site, smiles, reason in group.reactions[rule].products(parent.sanitized, sugars):
        if reason == MASKED:
            masked.add(site)
        elif site in parent.fragile:
            continue
        elif smiles is None:
            failed.setdefault(site, reason)
        else:
            made[smiles] = min(site, made.get(smiles, site))
    products = [Product(rule, site, smiles) for smiles, site in made.items()]
    return products, [Reject(rule, site, reason) for site, reason in failed.items()], masked
