"""`halodb sql`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import DEFAULT_MEMORY, LibraryOption, MemoryOption, TempDirectoryOption
from halodb.errors import InputError, UsageError


class FormatName(StrEnum):
    """Formats, by name; `halodb.query.Format` has them too, but importing it would make `--help` wait for DuckDB."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def sql_command(
    library: LibraryOption,
    query: Annotated[str | None, typer.Argument(help="SQL over the views of the library.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A file of SQL instead.")] = None,
    form: Annotated[
        FormatName | None, typer.Option("--format", help="By default what FILE ends with, or table.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output by default.")] = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="For servers: SQL reaches no file but the library's, and writes none.")
    ] = False,
) -> None:
    """Ask a library: products, derivations, parents, origins, jobs, rules, inputs, rejects.

    The SQL may do all that you may: read and write any file (COPY, ATTACH). With --read-only it may not.
    """
    if (query is None) == (file is None):
        raise UsageError("give either a query or a file of SQL.", 'For example: halodb sql "SELECT * FROM jobs".')
    text = query if query is not None else _read(file or Path())
    from halodb.library import open_library
    from halodb.query import Format, run_query

    with open_library(library, memory=memory, temp_directory=temp_directory, read_only=read_only) as opened:
        run_query(opened, text, form=Format(form) if form else None, output=output)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")  # editors of Windows may begin a file with a mark
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.", "Check the path.") from error
