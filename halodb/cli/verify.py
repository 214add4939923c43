"""`halodb verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    JobsOption,
    JsonOption,
    LibraryArgument,
    LogFormatOption,
    LogOption,
    MemoryOption,
    QuietOption,
    TempDirectoryOption,
    WorkersOption,
)
from halodb.errors import EXIT_FAILED


def verify_command(
    library: LibraryArgument,
    jobs: JobsOption = None,
    sample: Annotated[
        int,
        typer.Option(
            "--sample", min=0, metavar="N", help="Keys of all jobs together that RDKit reads and writes again."
        ),
    ] = 5000,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read all results to the end and hold them against their manifests; exit code 1 if anything is wrong."""
    from dataclasses import replace

    from halodb.cli.as_json import print_json
    from halodb.cli.show import console, progress
    from halodb.verification import JobVerdict, verify

    stderr = console()
    with progress(quiet, log, log_format) as listener:

        def show(verdict: JobVerdict) -> None:
            for problem in verdict.problems:
                listener.message(f"{verdict.job}: {problem}")

        report = verify(
            library,
            jobs=jobs or (),
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            sample=sample,
            listener=replace(listener, result=show),
        )
    for verdict in report.unfinished:
        stderr.print(f"{verdict.job}: not finished ({verdict.state}); run `halodb run` again", soft_wrap=True)
    if as_json:
        print_json(report)
    whole = len(report.jobs) - len(report.wrong) - len(report.unfinished)
    stderr.print(
        f"{whole} jobs whole, {len(report.wrong)} with something wrong, {len(report.unfinished)} not finished, "
        f"in {report.seconds:.1f} s",
        soft_wrap=True,
    )
    if report.wrong:
        raise typer.Exit(EXIT_FAILED)
