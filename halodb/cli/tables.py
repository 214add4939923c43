"""A plan, a status and a report of the pipeline in the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.progress_bar import ProgressBar
from rich.table import Table

from halodb.cli.show import console, shell_word
from halodb.files import format_bytes, format_seconds
from halodb.tables import figure_table, plain_console

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from halodb.finding import FindReport
    from halodb.pipeline import PipelineReport, Plan, Status
    from halodb.pipeline.plan import PlannedPass

_BAR = 28


def show_plan(plan: Plan, one_line_a_job: bool = False) -> None:
    """Print a plan: what is to do on standard output, trouble below it."""
    from halodb.indexing.plan import IndexEstimate
    from halodb.pipeline.told import warnings_of

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
    if plan.products:
        index = IndexEstimate.of((), plan.products)
        screen.print(
            f"An index for questions of chemistry, if one is wanted (`halodb index`): about "
            f"{format_seconds(index.core_seconds)} of one core, {format_bytes(index.bytes)} of disk.",
            soft_wrap=True,
        )
    stderr = console()
    for one in plan.passes:
        if one.problem:
            stderr.print(f"{one.input}: {one.problem}", soft_wrap=True)
    if plan.absent:
        names = ", ".join(f"{name} ({jobs} jobs)" for name, jobs in plan.absent.items())
        stderr.print(f"no input for {names}", soft_wrap=True)
    for warning in warnings_of(plan):
        stderr.print(warning, soft_wrap=True)


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
    facts.add_row("written to by", _writer(status))
    if status.run is not None:
        run, number = status.run, f"{status.runs} runs, the newest" if status.runs > 1 else "one"
        facts.add_row(
            "runs", f"{number} of {run.began_at:%Y-%m-%d %H:%M} UTC: {run.outcome}, {format_seconds(run.seconds)}"
        )
        if run.outcome not in {"complete", "going on"}:
            facts.add_row("what to do", "`halodb run` with the same arguments: it goes on where it was")
        for number_of_line, line in enumerate(status.last_words):
            facts.add_row("" if number_of_line else "last words", line)
    facts.add_row("jobs", ", ".join(f"{count} {state}" for state, count in status.jobs.items()) or "none")
    if status.jobs:
        facts.add_row("", _bar(status.share_done))
    facts.add_row("products so far", f"{status.products:,} ({status.unique:,} unique in results)")
    if status.indexed:
        facts.add_row("with an index", f"{status.indexed} jobs")
    if current is not None:
        units = f", {current.units:,} of {current.all_units:,} {current.what}" if current.all_units is not None else ""
        facts.add_row("pass", f"{current.place}, {current.input}: {current.state}{units}")
        facts.add_row("", _bar(current.share))
        if current.products_per_second is not None:
            facts.add_row("rate", f"{current.products_per_second:,.0f} products/s")
    if status.seconds_left is not None:
        of_pass = current.seconds_left if current is not None else None
        told = f"about {format_seconds(status.seconds_left)}"
        facts.add_row("time left", f"{told}, {format_seconds(of_pass)} of this pass" if of_pass is not None else told)
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


def _bar(share: float) -> Table:
    """A bar, and the share in figures."""
    line = Table.grid(padding=(0, 1))
    line.add_row(ProgressBar(total=1.0, completed=share, width=_BAR), f"{share:.0%}")
    return line


def _writer(status: Status) -> str:
    if status.writer is None:
        return "no process"
    host = f" on {status.host}" if status.host else ""
    silent = f", silent for {format_seconds(status.silent)}" if status.silent else ""
    return f"process {status.writer}{host}{silent}"


def show_report(report: PipelineReport) -> None:
    """Print a report on standard error."""
    from halodb.pipeline.page import report_tables

    stderr = console()
    for table in report_tables(report):
        stderr.print(table)


def show_end(report: PipelineReport, library: Path, stderr: Console, *, quiet: bool) -> None:
    """Say how a run ended; and, unless it is to be quiet, where rejects lie and what comes next."""
    from halodb.pipeline.page import PAGE_FILE

    def say(text: str) -> None:
        stderr.print(text, soft_wrap=True)

    for reason, jobs_failed in report.failed_jobs().items():
        say(f"{', '.join(jobs_failed)} failed: {reason}")
    totals, place = report.totals, shell_word(library)
    say(
        f"{totals.done} of {totals.jobs} jobs done, {totals.failed} failed, {totals.unique:,} unique products; "
        f"the report is {library / PAGE_FILE}"
    )
    if quiet:
        return
    rejected = sum(totals.rejects.values())
    if rejected:
        say(
            f"{rejected:,} parents or sites were rejected, each with its reason in rejects.parquet of its job: "
            f'halodb sql {place} "FROM rejects"'
        )
    going_on = totals.done < totals.jobs
    say(
        "Next: "
        + ("the same command again, it goes on" if going_on else f'halodb sql {place} "FROM products LIMIT 10"')
    )


def show_hits(report: FindReport) -> None:
    """Print what was found on standard output, a line a row, tabs between the fields: for people and for `cut`."""
    for answer in report.answers:
        for hit in answer.hits:
            origin = hit.name or hit.natural_product or ""
            fields = (answer.query, hit.id, hit.label or "", hit.parent_smiles or "", origin)
            sys.stdout.write("\t".join(fields) + "\n")
