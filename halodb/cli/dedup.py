"""`halodb dedup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    ClusterOption,
    JobsOption,
    JsonOption,
    LogFormatOption,
    LogOption,
    MemoryOption,
    QuietOption,
    TempDirectoryOption,
)
from halodb.errors import UsageError


def dedup_command(
    place: Annotated[
        Path | None, typer.Argument(metavar="LIBRARY", envvar="HALODB_LIBRARY", help="Directory of the library.")
    ] = None,
    option: Annotated[Path | None, typer.Option("--library", "-l", metavar="PATH", help="The same.")] = None,
    jobs: JobsOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    cluster: ClusterOption = None,
    temp_directory: TempDirectoryOption = None,
    across_jobs: Annotated[
        bool, typer.Option("--across-jobs", help="Also write the distinct products of the whole library.")
    ] = False,
    keep_shards: Annotated[bool, typer.Option("--keep-shards", help="Leave the shards where they are.")] = False,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Remove duplicates out of core: one products.parquet for each job, whole or absent."""
    from dataclasses import replace

    from halodb.cli.as_json import print_json
    from halodb.cli.show import console, progress
    from halodb.deduplication import dedup, dedup_across_jobs
    from halodb.files import format_bytes
    from halodb.jobs import Manifest

    library = option or place
    if library is None:
        raise UsageError("name the directory of the library.", "For example: halodb dedup library")
    stderr = console()

    def show(made: Manifest) -> None:
        if not quiet:
            counts = made.counts
            stderr.print(f"{made.job}: {counts.products:,} products, {counts.unique:,} unique", soft_wrap=True)

    with progress(quiet, log, log_format) as listener:
        report = dedup(
            library,
            jobs=jobs or (),
            memory=memory,
            temp_directory=temp_directory,
            keep_shards=keep_shards,
            cluster=cluster,
            listener=replace(listener, result=show),
        )
        distinct = None
        if across_jobs:
            distinct = dedup_across_jobs(
                library, memory=memory, temp_directory=temp_directory, cluster=cluster, listener=listener
            )
    if as_json:
        print_json({"dedup": report, "across_jobs": distinct})
    for name in report.unfinished:
        stderr.print(f"{name}: its pass is not finished; run `halodb transform` again", soft_wrap=True)
    made_now = len(report.jobs) - len(report.already) - len(report.unfinished)
    stderr.print(
        f"{made_now} jobs made, {len(report.already)} there already, {len(report.unfinished)} unfinished, "
        f"in {report.seconds:.1f} s, peak memory {format_bytes(report.peak_memory)}",
        soft_wrap=True,
    )
    if distinct is not None:
        stderr.print(
            f"{distinct.path}: {distinct.products:,} distinct products of {distinct.jobs} jobs", soft_wrap=True
        )
