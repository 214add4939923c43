"""`halodb export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    ColumnsOption,
    JsonOption,
    LibraryArgument,
    LogFormatOption,
    LogOption,
    MemoryOption,
    QuietOption,
    SpaceOption,
    SplitOption,
    TempDirectoryOption,
    WhereOption,
    WorkersOption,
    WriteOverOption,
)
from halodb.cli.sql import query_of
from halodb.errors import UsageError

if TYPE_CHECKING:
    from halodb.exporting.export import ExportReport

_EXAMPLE = "For example: halodb export library -o hits.sdf --where \"class = 'lipid'\"."


def export_command(
    library: LibraryArgument,
    query: Annotated[str | None, typer.Argument(metavar="[QUERY]", help="One SELECT; all products by default.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file: .smi, .sdf, .csv, .tsv, .json (each also .gz), .pdbqt, .parquet.",
        ),
    ] = None,
    where: WhereOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", metavar="PATH", help="A file with the query instead.")
    ] = None,
    columns: ColumnsOption = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="COLUMN", help="Column of a query with the molecules' names; id or name by default."
        ),
    ] = None,
    space: SpaceOption = False,
    split: SplitOption = None,
    replace: WriteOverOption = False,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write products, or the rows of a query, to files for other programs; molecules are named by their id.

    The same export gives the same bytes, with any number of workers. A molecule that cannot be written is left out,
    counted, and kept with its reason in <name>_failures.csv.
    """
    if output is None:
        raise UsageError("name a file with -o.", _EXAMPLE)
    asked = query_of(query, file, _EXAMPLE)
    from halodb.cli.as_json import print_json
    from halodb.cli.show import progress
    from halodb.exporting.export import export

    with progress(quiet, log, log_format) as listener:
        report = export(
            library,
            output,
            query=asked,
            where=where,
            columns=columns,
            name=name,
            coordinates="3d" if space else "2d",
            split=split,
            replace=replace,
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            listener=listener,
        )
    if as_json:
        print_json(report)
    _show(report)


def _show(report: ExportReport) -> None:
    from halodb.cli.show import console
    from halodb.files import format_bytes, format_seconds

    several = f" in {len(report.files):,} files" if report.files != (report.path,) else ""
    left_out = f", {report.failures:,} left out ({report.failures_file})" if report.failures else ""
    console().print(
        f"{report.path}: {report.rows:,} rows{several}{left_out}, in {format_seconds(report.seconds)}, "
        f"peak memory {format_bytes(report.peak_memory)}",
        soft_wrap=True,
    )
