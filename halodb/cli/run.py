"""`halodb run`."""

from __future__ import annotations

from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_HEAVY_ATOMS,
    DEFAULT_MEMORY,
    InputsOption,
    JobsOption,
    LibraryArgument,
    LogFormatOption,
    LogOption,
    MaxHeavyAtomsOption,
    MemoryOption,
    QuietOption,
    RuleFileOption,
    TempDirectoryOption,
    WorkersOption,
)
from halodb.errors import EXIT_FAILED


def run_command(
    library: LibraryArgument,
    inputs: InputsOption,
    jobs: JobsOption = None,
    rules: RuleFileOption = None,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    retry: Annotated[int, typer.Option("--retry", min=0, help="Try a pass in which something failed again.")] = 1,
    keep_shards: Annotated[bool, typer.Option("--keep-shards", help="Leave the shards where they are.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also make jobs that hold a result of another program; it is set aside.")
    ] = False,
    max_heavy_atoms: MaxHeavyAtomsOption = DEFAULT_HEAVY_ATOMS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done, as `plan` does.")] = False,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
) -> None:
    """Do all jobs: transform, dedup, verify, report. Stopped or killed, it goes on when it is run again."""
    from halodb.cli.show import console, progress
    from halodb.cli.tables import show_plan, show_report
    from halodb.pipeline import plan, run
    from halodb.transformation import Limits

    limits = Limits(max_heavy_atoms=max_heavy_atoms)
    if dry_run:
        with progress(quiet, log, log_format) as listener:
            made = plan(
                library,
                inputs,
                jobs=jobs or (),
                rule_file=rules,
                workers=workers,
                memory=memory,
                limits=limits,
                listener=listener,
            )
        show_plan(made)
        return
    stderr = console()
    with progress(quiet, log, log_format) as listener:
        report = run(
            library,
            inputs,
            jobs=jobs or (),
            rule_file=rules,
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            retry=retry,
            keep_shards=keep_shards,
            replace=replace,
            limits=limits,
            listener=listener,
        )
    if not quiet:
        show_report(report)
    for reason, jobs_failed in report.failed_jobs().items():
        stderr.print(f"{', '.join(jobs_failed)} failed: {reason}", soft_wrap=True)
    totals = report.totals
    stderr.print(
        f"{totals.done} of {totals.jobs} jobs done, {totals.failed} failed, {totals.unique:,} unique products; "
        f"the report is in {library}",
        soft_wrap=True,
    )
    if report.failures:
        raise typer.Exit(EXIT_FAILED)
