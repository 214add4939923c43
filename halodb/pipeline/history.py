"""The runs of a library, and what its passes took over all of them."""

from __future__ import annotations

from collections.abc import Sequence

from halodb.pipeline.record import UNDER_WAY, RunRecord
from halodb.pipeline.report import KILLED, PassSummary, PipelineReport, RunSummary, rate_of

_KEPT = 200
"""Runs in a report: some hundred bytes each, and two thousand a pass of it."""


def earlier_runs(report: PipelineReport | None, record: RunRecord | None) -> list[RunSummary]:
    """The runs before the one that begins now, oldest first.

    Args:
        report: what the newest of them left.
        record: of the newest of them. A killed run could not say how it ended: what is known of it is there.
    """
    runs = list(report.runs or [report.run.model_copy(update={"passes": report.passes})]) if report else []
    if record is not None and not record.ended:
        runs = [run for run in runs if run.began_at != record.began_at] + [_killed(record, runs)]
    return runs[-_KEPT:]


def passes_in_all(runs: Sequence[RunSummary]) -> list[PassSummary]:
    """What the newest pass over each input took, those runs together that did a part of it."""
    found: dict[str, PassSummary] = {}
    for run in runs:
        for one in run.passes:
            before = found.get(one.input)
            goes_on = before is not None and not before.finished and (one.resumed or not one.finished)
            found[one.input] = _sum(before, one) if before is not None and goes_on else one
    return list(found.values())


def interrupted_pass(record: RunRecord) -> PassSummary | None:
    """What a run had done of the pass that it was in when it ended."""
    progress = record.progress
    for plan in record.plan.passes:
        if progress is not None and record.passes.get(plan.input) in UNDER_WAY:
            return PassSummary(
                input=plan.input,
                rows=plan.rows,
                jobs=len(plan.jobs),
                attempts=1,
                finished=False,
                parents=progress.parents,
                products=progress.products,
                transform_seconds=progress.seconds,
                products_per_second=rate_of(progress.products, progress.seconds),
                peak_memory=progress.memory,
                workers=record.plan.workers,
            )
    return None


def _killed(record: RunRecord, runs: Sequence[RunSummary]) -> RunSummary:
    told = next((run for run in runs if run.began_at == record.began_at), None)
    last = interrupted_pass(record)
    passes = (*(told.passes if told else ()), *([last] if last else []))
    return RunSummary(
        began_at=record.began_at,
        seconds=record.seconds,
        workers=record.plan.workers,
        memory_budget=record.plan.memory_budget,
        peak_memory=max((one.peak_memory for one in passes), default=0),
        outcome=KILLED,
        passes=passes,
    )


def _sum(before: PassSummary, one: PassSummary) -> PassSummary:
    """Two parts of one pass."""
    products, seconds = before.products + one.products, round(before.transform_seconds + one.transform_seconds, 3)
    busy = before.worker_seconds + one.worker_seconds
    idle = before.idle_share * before.worker_seconds + one.idle_share * one.worker_seconds
    return one.model_copy(
        update={
            "began_at": before.began_at,
            "attempts": before.attempts + one.attempts,
            "parents": before.parents + one.parents,
            "products": products,
            "transform_seconds": seconds,
            "dedup_seconds": round(before.dedup_seconds + one.dedup_seconds, 3),
            "worker_seconds": round(busy, 3),
            "writing_seconds": round(before.writing_seconds + one.writing_seconds, 3),
            "idle_share": round(idle / busy, 4) if busy else 0.0,
            "products_per_second": rate_of(products, seconds),
            "peak_memory": max(before.peak_memory, one.peak_memory),
            "workers": max(before.workers, one.workers),
            "stopped_workers": before.stopped_workers + one.stopped_workers,
        }
    )
