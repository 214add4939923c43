"""`halodb sample`."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    ColumnsOption,
    JsonOption,
    LibraryArgument,
    MemoryOption,
    QuietOption,
    SeedOption,
    SpaceOption,
    SplitOption,
    TempDirectoryOption,
    WhereOption,
    WorkersOption,
    WriteOverOption,
)
from halodb.errors import UsageError

if TYPE_CHECKING:
    from halodb.sampling import Sample


_PICTURES = {".html", ".htm", ".svg", ".png"}


class SampleFormat(StrEnum):
    """Formats of standard output."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def sample_command(
    library: LibraryArgument,
    number: Annotated[int, typer.Option("--number", "-n", min=1, metavar="N", help="How many products.")] = 20,
    at_random: Annotated[bool, typer.Option("--random", help="By chance: the default.")] = False,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="LIST", help="By chance, in equal shares of each value of columns: class,rule."),
    ] = None,
    diverse: Annotated[bool, typer.Option("--diverse", help="As different as can be: MaxMin on fingerprints.")] = False,
    scaffolds: Annotated[bool, typer.Option("--scaffolds", help="Of as many scaffolds as can be.")] = False,
    where: WhereOption = None,
    seed: SeedOption = 0,
    candidates: Annotated[
        int | None,
        typer.Option(
            "--candidates",
            min=1,
            metavar="N",
            help="Drawn for --diverse (100,000 by default) and --scaffolds (20,000).",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file, as of `halodb export` or, drawn, `halodb draw`; standard output by default.",
        ),
    ] = None,
    form: Annotated[SampleFormat, typer.Option("--format", help="Of standard output.")] = SampleFormat.TABLE,
    columns: ColumnsOption = None,
    space: SpaceOption = False,
    split: SplitOption = None,
    replace: WriteOverOption = False,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Choose some products of a library: by chance, in equal shares, or as different as can be.

    The same seed gives the same products. The first of many are the fewer: 100 are the first 100 of 500.
    """
    if at_random + bool(by) + diverse + scaffolds > 1 and not (at_random and by and not (diverse or scaffolds)):
        raise UsageError("these are several ways to choose.", "Give one of --random, --by, --diverse, --scaffolds.")
    from halodb.cli.show import progress
    from halodb.sampling import Method, sample

    drawn = output is not None and output.suffix.lower() in _PICTURES

    method = Method.DIVERSE if diverse else Method.SCAFFOLDS if scaffolds else Method.RANDOM
    with progress(quiet) as listener:
        chosen = sample(
            library,
            number,
            method=method,
            by=by or (),
            where=where,
            seed=seed,
            candidates=candidates,
            columns=None if drawn else columns,
            output=None if drawn else output,
            coordinates="3d" if space else "2d",
            split=split,
            replace=replace,
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            listener=listener,
        )
    if output is None or as_json:
        _print(chosen, SampleFormat.JSON if as_json else form)
    if output is not None:
        if drawn:
            from halodb.drawing import draw

            draw(library, output, sample=chosen, columns=columns, limit=number, replace=replace, memory=memory)
        _tell(chosen, output)


def _print(chosen: Sample, form: SampleFormat) -> None:
    """To standard output."""
    if form is SampleFormat.TABLE:
        import duckdb

        from halodb.query.table import write_table

        with duckdb.connect() as connection:
            write_table(connection.from_arrow(chosen.table))
    elif form is SampleFormat.JSON:
        json.dump(chosen.table.to_pylist(), sys.stdout, indent=1, ensure_ascii=False, default=str)
        sys.stdout.write("\n")
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(chosen.table.column_names)
        writer.writerows(row.values() for row in chosen.table.to_pylist())


def _tell(chosen: Sample, output: Path) -> None:
    from halodb.cli.show import console
    from halodb.files import format_bytes, format_seconds

    left_out = f", {chosen.written.failures:,} left out" if chosen.written and chosen.written.failures else ""
    apart = f", distances of {chosen.distance:.2f} and more" if chosen.distance is not None else ""
    console().print(
        f"{output}: {len(chosen):,} products{left_out}{apart}, in {format_seconds(chosen.seconds)}, "
        f"peak memory {format_bytes(chosen.peak_memory)}",
        soft_wrap=True,
    )
