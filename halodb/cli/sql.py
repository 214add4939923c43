"""`halodb sql`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import DEFAULT_MEMORY, MemoryOption, TempDirectoryOption
from halodb.errors import InputError, UsageError

_EXAMPLE = 'For example: halodb sql library "SELECT * FROM jobs".'


class FormatName(StrEnum):
    """Formats, by name; `halodb.query.Format` has them too, but importing it would make `--help` wait for DuckDB."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def sql_command(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LIBRARY] [QUERY]", help="Directory of the library, and SQL over its views."),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option("--library", "-l", envvar="HALODB_LIBRARY", metavar="PATH", help="Directory of the library."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", metavar="PATH", help="A file of SQL instead.")] = None,
    form: Annotated[
        FormatName | None, typer.Option("--format", help="By default what FILE ends with, or table.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file, also .smi, .sdf, .tsv, .gz as of `export`; standard output by default.",
        ),
    ] = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="For servers: SQL reaches no file but the library's, and writes none.")
    ] = False,
) -> None:
    """Ask a library: products, derivations, parents, origins, jobs, rules, inputs, rejects.

    SQL has functions of chemistry, such as substructure(smiles, 'c[OX2H]'), similarity, logp, inchikey, scaffold.
    Without a query it is read from standard input; in a terminal a prompt asks for one after the other.

    The SQL may do all that you may: read and write any file (COPY, ATTACH). With --read-only it may not.
    """
    place, query = _library_and_query(arguments or [], library)
    text = query_of(query, file, _EXAMPLE)
    ask_on = text is None and sys.stdin.isatty()
    if text is None and not ask_on:
        text = sys.stdin.read()
        if not text.strip():
            raise UsageError("there is no query, neither in the line nor on standard input.", _EXAMPLE)
    from halodb.library import open_library
    from halodb.query import Format, run_query

    chosen = Format(form) if form else None
    with open_library(place, memory=memory, temp_directory=temp_directory, read_only=read_only) as opened:
        if text is not None:
            run_query(opened, text, form=chosen, output=output)
        else:
            from halodb.query.prompt import prompt

            prompt(opened, form=chosen)


def _library_and_query(arguments: list[str], option: Path | None) -> tuple[Path, str | None]:
    """The library stands first, as in all commands, or in its option; what is left is the query."""
    alone = arguments[0] if len(arguments) == 1 else ""
    if len(arguments) > 1 or (alone and (Path(alone).is_dir() or (option is None and " " not in alone))):
        place, arguments = Path(arguments[0]), arguments[1:]
    elif option is not None:
        place = option
    else:
        raise UsageError("name the directory of the library.", _EXAMPLE)
    if len(arguments) > 1:
        raise UsageError("there is more than one query; put it in double quotes.", _EXAMPLE)
    return place, arguments[0] if arguments else None


def query_of(query: str | None, file: Path | None, example: str) -> str | None:
    """The SQL of an argument, or of a file; None where there is neither.

    Args:
        query: as it stands in the line.
        file: a file of SQL instead.
        example: what to type, for an error.

    Raises:
        UsageError: both are given.
        InputError: the file cannot be read.
    """
    if file is None:
        return query
    if query is not None:
        raise UsageError("give either a query or a file of SQL.", example)
    try:
        return file.read_text(encoding="utf-8-sig")  # editors of Windows may begin a file with a mark
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.", "Check the path.") from error
