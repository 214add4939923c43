"""How far a job, or a pass, is: one vocabulary for manifests, plans, records of runs and reports."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How far a job is. A manifest has one of the three that last: transforming, transformed, done."""

    WAITING = "waiting"
    """Nothing was made of it yet."""
    TRANSFORMING = "transforming"
    """Its pass was begun; units without a receipt are still to do."""
    TRANSFORMED = "transformed"
    """All its shards are written; duplicates are still in."""
    DEDUPLICATING = "deduplicating"
    """Its pass is at the dedup."""
    DONE = "done"
    """`products.parquet` is whole."""
    FAILED = "failed"
    """The newest run could not do it."""
    STALE = "stale"
    """It was made from another input, rule, version or limit, or its result is lost: it is made anew."""
    FOREIGN = "foreign"
    """Its directory holds a result that halodb did not make, or another job."""
    NEWER = "newer"
    """A newer halodb works on it."""


LASTING = frozenset({State.TRANSFORMING, State.TRANSFORMED, State.DONE})
"""The states of a manifest."""
