"""`halodb gallery`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    LibraryArgument,
    MemoryOption,
    NameOption,
    QueryArgument,
    QueryFileOption,
    QuietOption,
    SeedOption,
    ShownColumnsOption,
    TempDirectoryOption,
    WhereOption,
    WorkersOption,
    WriteOverOption,
)
from halodb.cli.sql import query_of
from halodb.errors import UsageError

_EXAMPLE = "For example: halodb gallery library -o lipids.html --where \"class = 'lipid'\""


def gallery_command(
    library: LibraryArgument,
    query: QueryArgument = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="A file: .html.")] = None,
    where: WhereOption = None,
    file: QueryFileOption = None,
    columns: ShownColumnsOption = None,
    name: NameOption = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, metavar="N", help="Molecules at the most; of more, by chance.")
    ] = 10_000,
    seed: SeedOption = 0,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Of the page.")] = None,
    replace: WriteOverOption = False,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    quiet: QuietOption = False,
) -> None:
    """Write a page to leaf through molecules: search, sort, filter, pick, save. One file that needs no network."""
    if output is None:
        raise UsageError("name a file with -o.", _EXAMPLE)
    asked = query_of(query, file, _EXAMPLE)
    from halodb.cli.show import console, progress
    from halodb.files import format_bytes, format_seconds
    from halodb.galleries import gallery

    with progress(quiet) as listener:
        report = gallery(
            library,
            output,
            query=asked,
            where=where,
            columns=columns,
            name=name,
            limit=limit,
            seed=seed,
            title=title,
            replace=replace,
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            listener=listener,
        )
    failed = f", {report.failures:,} could not be drawn" if report.failures else ""
    console().print(
        f"{report.path}: {report.molecules:,} molecules{failed}, {format_bytes(report.bytes)}, "
        f"in {format_seconds(report.seconds)}, peak memory {format_bytes(report.peak_memory)}",
        soft_wrap=True,
    )
