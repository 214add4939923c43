"""`halodb stats`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    JsonOption,
    LibraryArgument,
    MemoryOption,
    QuietOption,
    SeedOption,
    TempDirectoryOption,
    WhereOption,
    WorkersOption,
    WriteOverOption,
)
from halodb.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from halodb.statistics import StatsReport, StatsTable
    from halodb.statistics.report import Cell

_LEFT_OUT = {"q25", "q75"}
"""Of the quantiles, in a terminal of 80 columns."""


def stats_command(
    library: LibraryArgument,
    where: WhereOption = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="Scaffolds that are listed.")] = 20,
    sample: Annotated[
        int, typer.Option("--sample", min=1, metavar="N", help="Molecules that are computed where no index tells.")
    ] = 10_000,
    seed: SeedOption = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="A file too: .csv, .tsv, .json or .parquet.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV on standard output, a figure a row.")] = False,
    as_json: JsonOption = False,
    replace: WriteOverOption = False,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    quiet: QuietOption = False,
) -> None:
    """Count the products of a library by class, k, rule, halogens and scaffold, and tell their properties."""
    if as_csv and as_json:
        raise UsageError("standard output takes one format.", "Give one of --csv and --json.")
    from halodb.cli.show import console, progress
    from halodb.statistics import stats
    from halodb.statistics import write as files

    save = files.checked_output(output, replace) if output is not None else None
    with progress(quiet) as listener:
        report = stats(
            library,
            where=where,
            top=top,
            sample=sample,
            seed=seed,
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            listener=listener,
        )
    if save is not None:
        save(report)
        console().print(f"{output}: statistics of {report.products:,} products", soft_wrap=True)
    if as_csv or as_json:
        sys.stdout.write(files.as_csv(report) if as_csv else files.as_json(report))
    elif save is None:
        _show(report)


def _show(report: StatsReport) -> None:
    from halodb.cli.show import console
    from halodb.tables import plain_console

    screen = plain_console()
    for table in report.tables:
        if table.rows and table.name != "histogram":
            screen.print(_as_figures(table))
    screen.print(f"{report.products:,} products")
    if report.unread:
        console().print(f"RDKit could not read {report.unread:,} molecules of the sample", soft_wrap=True)


def _as_figures(table: StatsTable) -> Table:
    from halodb.tables import figure_table

    title = f"{table.name}, of a sample of {table.of:,}" if table.sampled else table.name
    kept = [place for place, name in enumerate(table.columns) if name not in _LEFT_OUT]
    rows = [tuple(_shown(table.columns[place], row[place]) for place in kept) for row in table.rows]
    return figure_table(title, [table.columns[place] for place in kept], rows)


def _shown(column: str, cell: Cell) -> Cell:
    return f"{cell:.1%}" if column == "share" and isinstance(cell, float) else cell
