"""Making the products of one parent: by edits where these are right, by RDKit's reaction engine elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from halodb.chemistry.edit_conditions import edits_match
from halodb.chemistry.edit_sequence import EditSequence
from halodb.chemistry.enumeration import Product, Reject
from halodb.chemistry.parent import Parent
from halodb.chemistry.parent_edits import EditTask, ParentEdits
from halodb.chemistry.query_group import Match, QueryGroup

LOST = "product cannot be made: RDKit's reaction engine would lose its non-tetrahedral stereo"
"""Why a site is rejected that only the engine could do."""


class Made(NamedTuple):
    """What rules made of a parent.

    Attributes:
        products: each SMILES once a rule; in no particular order of the rules.
        rejects: in no particular order.
        by_engine: rules that RDKit's engine applied, at least in part; their products are not read off for analogues.
    """

    products: list[Product[int]]
    rejects: list[Reject[int]]
    by_engine: frozenset[int] = frozenset()

    def and_(self, products: list[Product[int]], rejects: Sequence[Reject[int]] = ()) -> Made:
        """This and other products and rejects of the same parent."""
        return Made([*self.products, *products], [*self.rejects, *rejects], self.by_engine)


NOTHING = Made([], [])


def make_products(parent: Parent, matched: Sequence[tuple[QueryGroup, tuple[Match, ...]]], paths: Counter[str]) -> Made:
    """The products of all rules of some queries.

    Args:
        parent: the parent.
        matched: queries with their matches in the parent's molecule, at least one each.
        paths: counts how products are made, see `enumerator.Enumerator`.
    """
    products: list[Product[int]] = []
    rejects: list[Reject[int]] = []
    by_engine: set[int] = set()
    tasks: list[EditTask] = []
    for group, matches in matched:
        edits = _edit_tasks(parent, group, matches)
        edited = frozenset[int]().union(*(task.rules for task in edits))
        for rule in group.members:
            if rule not in edited or parent.fragile:
                made, refused = _react(parent, group, rule, _lost_sites(parent, group, matches, edits, rule), paths)
                products.extend(made)
                rejects.extend(refused)
                by_engine.add(rule)
        tasks.extend(edits)
    if tasks:
        products.extend(ParentEdits(parent, tasks, paths).products())
    return Made(products, rejects, frozenset(by_engine))


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
) -> tuple[list[Product[int]], list[Reject[int]]]:
    """What RDKit's engine makes with one rule, but for sites that it cannot do or need not.

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
    for site, smiles, reason in group.reactions[rule].products(parent.sanitized):
        if site in parent.fragile:
            continue
        if smiles is None:
            failed.setdefault(site, reason)
        else:
            made[smiles] = min(site, made.get(smiles, site))
    products = [Product(rule, site, smiles) for smiles, site in made.items()]
    return products, [Reject(rule, site, reason) for site, reason in failed.items()]
