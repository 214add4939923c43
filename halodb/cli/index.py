"""`halodb index`."""

from __future__ import annotations

from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    ClusterOption,
    JobsOption,
    JsonOption,
    LibraryArgument,
    LogFormatOption,
    LogOption,
    MemoryOption,
    OnEndOption,
    QuietOption,
    WorkersOption,
)


def index_command(
    library: LibraryArgument,
    jobs: JobsOption = None,
    inchikeys: Annotated[bool, typer.Option("--inchikeys", help="Also InChIKeys, 0.4 ms a molecule more.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would take.")] = False,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    on_end_command: OnEndOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write fingerprints and descriptors beside the results: queries for chemistry are then as fast as the database."""
    from halodb.cli.as_json import print_json
    from halodb.cli.on_end import on_end
    from halodb.cli.show import console, progress
    from halodb.files import format_bytes, format_seconds
    from halodb.indexing import index
    from halodb.indexing.plan import plan_index

    stderr = console()
    if dry_run:
        planned = plan_index(library, jobs=jobs or (), inchikeys=inchikeys)
        if as_json:
            print_json(planned)
        stderr.print(
            f"{len(planned.jobs)} jobs to index, {planned.rows:,} molecules: about "
            f"{format_seconds(planned.core_seconds)} of one core, {format_bytes(planned.bytes)} of disk",
            soft_wrap=True,
        )
        return
    with on_end(on_end_command, library), progress(quiet, log, log_format) as listener:
        report = index(
            library,
            jobs=jobs or (),
            inchikeys=inchikeys,
            workers=workers,
            memory=memory,
            cluster=cluster,
            listener=listener,
        )
    if as_json:
        print_json(report)
    for name in report.unfinished:
        stderr.print(f"{name}: it has no result yet; run `halodb run` again", soft_wrap=True)
    written = sum(manifest.index.file.bytes for manifest in report.indexed if manifest.index is not None)
    stderr.print(
        f"{len(report.indexed)} jobs indexed, {len(report.already)} already, {report.rows:,} molecules in "
        f"{report.seconds:.1f} s ({report.worker_seconds:.1f} s of workers), {format_bytes(written)}, "
        f"peak memory {format_bytes(report.peak_memory)}",
        soft_wrap=True,
    )
