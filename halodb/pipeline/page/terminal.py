"""The report of a library as tables, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from halodb.files import format_bytes, format_seconds
from halodb.pipeline.report import PipelineReport, RunSummary
from halodb.tables import figure_table

_RUNS_SHOWN = 20


def report_tables(report: PipelineReport) -> list[Table]:
    """A report as tables: the jobs, the passes, totals."""
    jobs = [
        (
            job.job,
            job.state,
            job.parents,
            job.matched,
            job.sites,
            job.products,
            job.unique,
            job.duplicates,
            ", ".join(f"{count:,} {reason}" for reason, count in job.rejects.items()),
        )
        for job in report.jobs
    ]
    passes = [
        (
            one.input,
            one.rows,
            one.products,
            format_seconds(one.transform_seconds),
            format_seconds(one.dedup_seconds),
            f"{one.products_per_second:,.0f}",
            f"{one.idle_share:.1%}",
            format_bytes(one.peak_memory),
            one.stopped_workers,
        )
        for one in report.passes
    ]
    totals, run, versions = report.totals, report.run, report.versions
    facts = [
        ("jobs", f"{totals.jobs:,}: {totals.done:,} done, {totals.failed:,} failed"),
        ("products", f"{totals.products:,}: {totals.unique:,} unique in their job, {totals.duplicates:,} duplicates"),
        ("rejects", ", ".join(f"{count:,} {reason}" for reason, count in totals.rejects.items()) or "none"),
        (
            "newest run",
            f"{format_seconds(run.seconds)}, {run.workers} workers, began {run.began_at:%Y-%m-%d %H:%M} UTC",
        ),
        ("peak memory", f"{format_bytes(run.peak_memory)} of {format_bytes(run.memory_budget)}"),
        ("versions", f"halodb {versions.halodb}, RDKit {versions.rdkit}, DuckDB {versions.duckdb}"),
    ]
    counts = ("job", "state", "parents", "matched", "sites", "products", "unique", "duplicates", "rejects")
    times = ("input", "rows", "products", "transform", "dedup", "products/s", "idle", "peak memory", "stopped workers")
    tables = [figure_table("Jobs", counts, jobs, texts=2)]
    if passes:
        tables.append(figure_table("Passes", times, passes))
    if len(report.runs) > 1:
        tables.append(_runs_table(report.runs))
    return [*tables, figure_table("In all", ("", ""), facts, texts=2)]


def _runs_table(runs: Sequence[RunSummary]) -> Table:
    rows = [
        (
            f"{run.began_at:%Y-%m-%d %H:%M}",
            run.outcome,
            format_seconds(run.seconds),
            run.workers,
            len(run.passes),
            sum(one.products for one in run.passes),
            format_bytes(run.peak_memory),
        )
        for run in runs[-_RUNS_SHOWN:]
    ]
    columns = ("began (UTC)", "outcome", "time", "workers", "passes", "products", "peak memory")
    title = "Runs" if len(runs) == len(rows) else f"Runs, the newest {len(rows)} of {len(runs)}"
    return figure_table(title, columns, rows, texts=2)
