"""A plan in words: what a run is about to do, in three lines, and what somebody should know before it does."""

from __future__ import annotations

from halodb.files import format_bytes, format_seconds
from halodb.pipeline.plan import Plan

_NAMES_SHOWN = 6


def lines_of(plan: Plan) -> list[str]:
    """What a run is about to do: jobs and products; time and workers; disk.

    Example:
        >>> lines_of(halodb.plan("library", "inputs"))  # doctest: +SKIP
        ['118 jobs of 14 inputs, 4 done already; about 757,000,000 products',
         'about 9:20:00 with 16 workers and 16.0 GB of memory',
         'about 12.9 GB of disk, 301.4 GB free']
    """
    to_do = [one for one in plan.passes if one.core_seconds is not None]
    unknown = sum(one.core_seconds is None and one.wants_a_scan for one in plan.passes)
    short = f", and {unknown} small inputs that take no estimate" if unknown else ""
    products = f"; about {plan.products:,} products{short}" if to_do else ""
    done = f", {plan.jobs_done:,} done already" if plan.jobs_done else ""
    made = sum(one.rows - one.rows_left for one in to_do if one.rows_left is not None)
    goes_on = f", for {made:,} of {sum(one.rows for one in to_do):,} rows are done" if made else ""
    pool = f"{_count(plan.workers, 'worker')} and {format_bytes(plan.memory_budget)} of memory"
    return [
        f"{_count(plan.jobs, 'job')} of {_count(len(plan.passes), 'input')}{done}{products}",
        f"about {format_seconds(plan.seconds)} with {pool}{goes_on}" if to_do else pool,
        f"about {format_bytes(plan.disk_needed)} of disk, {format_bytes(plan.disk_free)} free"
        if to_do
        else f"{format_bytes(plan.disk_free)} of disk free",
    ]


def warnings_of(plan: Plan) -> list[str]:
    """What may not be as it was meant: too little disk, fewer workers than asked for, inputs that no rule uses."""
    told = []
    if plan.disk_is_short:
        told.append(
            f"The disk may be too small: about {format_bytes(plan.disk_needed)} needed, "
            f"{format_bytes(plan.disk_free)} free. Free some, or choose another."
        )
    if plan.workers < plan.workers_asked:
        told.append(
            f"{_count(plan.workers, 'worker')} instead of {plan.workers_asked}: a budget of "
            f"{format_bytes(plan.memory_budget)} carries no more. Give more with --memory."
        )
    if plan.unused:
        rows = sum(plan.unused.values())
        share = rows / max(1, rows + sum(one.rows for one in plan.passes))
        names = list(plan.unused)
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        told.append(
            f"No rule is in scope for {', '.join(names[:_NAMES_SHOWN])}{more}: "
            f"{rows:,} rows, {share:.0%} of all, are not used. `halodb rules` shows the scopes."
        )
    return told


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"
