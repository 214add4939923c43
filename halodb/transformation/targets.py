"""Which rule of an enumerator is of which job, and what of an enumeration a job takes."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from halodb.chemistry import Enumeration, Product
from halodb.jobs import Job
from halodb.rules import Rule


def rules_and_targets(jobs: Sequence[Job]) -> tuple[list[Rule], list[tuple[int, int]]]:
    """The rules of some jobs, and of each the position of its job and its place in the job."""
    rules, targets = [], []
    for position, job in enumerate(jobs):
        for place, rule in enumerate(job.rules):
            rules.append(rule)
            targets.append((position, place))
    return rules, targets


def products_taken(outcome: Enumeration, *, pooled: bool) -> Sequence[Product[int]]:
    """The products of a parent that go into the shards.

    A pooled job counts a (parent, site) pair once: it takes none that a second rule made at the same site. Its products
    come in the order of its rows, by site, rule and SMILES.

    Args:
        outcome: of the parent.
        pooled: whether the job is pooled.
    """
    if not pooled:
        return outcome.products
    seen: dict[tuple[int, str], Product[int]] = {}
    for product in outcome.products:
        seen.setdefault((product.site, product.smiles), product)
    return sorted(seen.values(), key=itemgetter(1, 0, 2))
