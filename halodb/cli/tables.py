"""A plan, a status and a report of the pipeline in the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.table import Table

from halodb.cli.show import console
from halodb.files import format_bytes, format_seconds
from halodb.tables import figure_table, plain_console

if TYPE_CHECKING:
    from halodb.finding import FindReport
    from halodb.pipeline import PipelineReport, Plan, Status
    from halodb.pipeline.plan import PlannedPass


def show_plan(plan: Plan, one_line_a_job: bool = False) -> None:
    """Print a plan: what is to do on standard output, trouble below it."""
    screen = plain_console()
    title = f"{plan.library}: {plan.workers} workers, {format_bytes(plan.memory_budget)} of memory"
    if one_line_a_job:
        rows = [
            (one.input, job.job, job.state or "no input", one.rows, _known(job.products), _size(job.bytes))
            for one in plan.passes
            for job in one.jobs
        ]
        screen.print(figure_table(title, ("input", "job", "state", "rows", "products", "shards"), rows, texts=3))
    else:
        passes = [(one.input, _states(one), *_figures(one)) for one in plan.passes]
        screen.print(figure_table(title, ("input", "jobs", "rows", "products", "time", "shards"), passes, texts=2))
    disk = f"{format_bytes(plan.disk_needed)} of disk needed, {format_bytes(plan.disk_free)} free"
    expected = f"about {plan.products:,} products in {format_seconds(plan.seconds)}, {disk}"
    screen.print(f"{plan.jobs} jobs, {plan.jobs_done} done already; {expected}.", soft_wrap=True)
    stderr = console()
    for one in plan.passes:
        if one.problem:
            stderr.print(f"{one.input}: {one.problem}", soft_wrap=True)
    if plan.absent:
        names = ", ".join(f"{name} ({jobs} jobs)" for name, jobs in plan.absent.items())
        stderr.print(f"no input for {names}", soft_wrap=True)
    if plan.disk_needed > plan.disk_free:
        stderr.print("The disk is too small for it: free some room, or choose another.", soft_wrap=True)


def _states(one: PlannedPass) -> str:
    counts: dict[str, int] = {}
    for job in one.jobs:
        state = job.state or "no input"
        counts[state] = counts.get(state, 0) + 1
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def _figures(one: PlannedPass) -> tuple[object, ...]:
    if one.sampled is None:
        return (one.rows, "", "", "")
    error = f" ± {one.error:.0%}" if one.error else ""
    return (one.rows, one.products, format_seconds(one.seconds or 0.0) + error, format_bytes(one.shard_bytes))


def _known(count: int | None) -> object:
    return "" if count is None else count


def _size(count: int | None) -> str:
    return "" if count is None else format_bytes(count)


def status_table(status: Status) -> Table:
    """A status as a table of facts."""
    facts = Table(show_header=False, box=None)
    disk, current = status.disk, status.current
    facts.add_row("library", status.library)
    facts.add_row("written to by", f"process {status.writer}" if status.writer is not None else "no process")
    if status.run is not None:
        run, number = status.run, f"{status.runs} runs, the newest" if status.runs > 1 else "one"
        hint = "" if run.outcome in {"complete", "going on"} else "; `halodb run` goes on"
        facts.add_row(
            "runs", f"{number} of {run.began_at:%Y-%m-%d %H:%M} UTC: {run.outcome}, {format_seconds(run.seconds)}{hint}"
        )
    facts.add_row("jobs", ", ".join(f"{count} {state}" for state, count in status.jobs.items()) or "none")
    facts.add_row("products so far", f"{status.products:,} ({status.unique:,} unique in results)")
    if status.indexed:
        facts.add_row("with an index", f"{status.indexed} jobs")
    if current is not None:
        units = f", {current.units:,} of {current.all_units:,} units" if current.all_units is not None else ""
        facts.add_row("pass", f"{current.input}: {current.state}{units}")
        if current.products_per_second is not None:
            facts.add_row("rate", f"{current.products_per_second:,.0f} products/s")
    if status.seconds_left is not None:
        facts.add_row("time left", f"about {format_seconds(status.seconds_left)}")
    if status.memory:
        of = f" of {format_bytes(status.memory_budget)}" if status.memory_budget else ""
        facts.add_row("memory", f"{format_bytes(status.memory_in_all)}{of}")
        held = [f"{process}: {format_bytes(count)}" for process, count in status.memory.items()]
        facts.add_row("by process", ", ".join(held))
    facts.add_row(
        "disk",
        f"results {format_bytes(disk.results)}, shards {format_bytes(disk.shards)}, spill {format_bytes(disk.spill)}, "
        f"free {format_bytes(disk.free)}",
    )
    for job, reason in status.failures.items():
        facts.add_row("failed", f"{job}: {reason}")
    return facts


def show_report(report: PipelineReport) -> None:
    """Print a report on standard error."""
    from halodb.pipeline.page import report_tables

    stderr = console()
    for table in report_tables(report):
        stderr.print(table)


def show_hits(report: FindReport) -> None:
    """Print what was found on standard output, a line a row, tabs between the fields: for people and for `cut`."""
    for answer in report.answers:
        for hit in answer.hits:
            origin = hit.name or hit.natural_product or ""
            fields = (answer.query, hit.id, hit.label or "", hit.parent_smiles or "", origin)
            sys.stdout.write("\t".join(fields) + "\n")
