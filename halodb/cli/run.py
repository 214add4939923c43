"""`halodb run`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from halodb.cli.options import (
    DEFAULT_HEAVY_ATOMS,
    DEFAULT_MEMORY,
    ClusterOption,
    InputsOption,
    JobsOption,
    JsonOption,
    LibraryArgument,
    LogFormatOption,
    LogOption,
    MaxHeavyAtomsOption,
    MemoryOption,
    OnEndOption,
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
    cluster: ClusterOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    retry: Annotated[
        int, typer.Option("--retry", min=0, metavar="N", help="Try a pass in which something failed again.")
    ] = 1,
    keep_shards: Annotated[bool, typer.Option("--keep-shards", help="Leave the shards where they are.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also make jobs that hold a result of another program; it is set aside.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Do not begin where less disk is free than the plan expects to need.")
    ] = False,
    max_heavy_atoms: MaxHeavyAtomsOption = DEFAULT_HEAVY_ATOMS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done, as `plan` does.")] = False,
    on_end_command: OnEndOption = None,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Do all jobs: transform, dedup, verify, report. Stopped or killed, it goes on when it is run again."""
    from halodb.cli.as_json import print_json
    from halodb.cli.on_end import on_end
    from halodb.cli.show import console, progress
    from halodb.cli.tables import show_end, show_plan, show_report
    from halodb.pipeline import plan, run
    from halodb.transformation import Limits

    limits = Limits(max_heavy_atoms=max_heavy_atoms)
    asked: dict[str, Any] = {
        "jobs": jobs or (),
        "rule_file": rules,
        "workers": workers,
        "memory": memory,
        "limits": limits,
    }
    if dry_run:
        with progress(quiet, log, log_format) as listener:
            made = plan(library, inputs, listener=listener, **asked)
        print_json(made) if as_json else show_plan(made)
        return
    with on_end(on_end_command, library):
        with progress(quiet, log, log_format) as listener:
            report = run(
                library,
                inputs,
                temp_directory=temp_directory,
                retry=retry,
                keep_shards=keep_shards,
                replace=replace,
                strict=strict,
                cluster=cluster,
                listener=listener,
                **asked,
            )
        if as_json:
            print_json(report)
        if not quiet:
            show_report(report)
        show_end(report, library, console(), quiet=quiet)
        if report.failures:
            raise typer.Exit(EXIT_FAILED)
