"""`halodb draw`."""

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
    ShownColumnsOption,
    TempDirectoryOption,
    WhereOption,
    WriteOverOption,
)
from halodb.cli.sql import query_of
from halodb.errors import UsageError

_EXAMPLE = 'For example: halodb draw library "SELECT * FROM products LIMIT 20" -o hits.html'


def draw_command(
    library: LibraryArgument,
    query: QueryArgument = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="A file: .html, .svg or .png.")
    ] = None,
    where: WhereOption = None,
    file: QueryFileOption = None,
    columns: ShownColumnsOption = None,
    name: NameOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="Molecules at the most.")] = 100,
    alone: Annotated[bool, typer.Option("--alone", help="Without the parents.")] = False,
    replace: WriteOverOption = False,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
) -> None:
    """Draw the molecules of a query: products beside their parents, what changed and the halogens marked."""
    if output is None:
        raise UsageError("name a file with -o.", _EXAMPLE)
    asked = query_of(query, file, _EXAMPLE)
    from halodb.cli.show import console, progress
    from halodb.drawing import draw
    from halodb.files import format_seconds

    with progress() as listener:
        report = draw(
            library,
            output,
            query=asked,
            where=where,
            columns=columns,
            name=name,
            limit=limit,
            parents=not alone,
            replace=replace,
            memory=memory,
            temp_directory=temp_directory,
            listener=listener,
        )
    beside = f", {report.beside_parent:,} beside their parent" if report.beside_parent else ""
    failed = f", {report.failures:,} could not be drawn" if report.failures else ""
    console().print(
        f"{report.path}: {report.molecules:,} molecules{beside}{failed}, in {format_seconds(report.seconds)}",
        soft_wrap=True,
    )
