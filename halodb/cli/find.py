"""`halodb find`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import DEFAULT_MEMORY, JsonOption, LibraryArgument, MemoryOption, TempDirectoryOption
from halodb.errors import EXIT_FAILED, InputError


def find_command(
    library: LibraryArgument,
    compounds: Annotated[list[str] | None, typer.Argument(help="SMILES, InChIKeys or ids.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", "-f", metavar="PATH", help="A file with one a line; what follows a space is left out."),
    ] = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether and where compounds are in a library, however they are written; exit code 1 if any is not."""
    from halodb.cli.as_json import print_json
    from halodb.cli.show import console
    from halodb.cli.tables import show_hits
    from halodb.finding import find
    from halodb.workers.listener import Listener

    stderr = console()
    report = find(
        library,
        [*(compounds or ()), *(_lines(file) if file else ())],
        memory=memory,
        temp_directory=temp_directory,
        listener=Listener(message=lambda text: stderr.print(text, soft_wrap=True)),
    )
    if as_json:
        print_json(report)
    else:
        show_hits(report)
    for answer in report.missing:
        stderr.print(f"{answer.query}: {answer.problem or 'not in the library'}", soft_wrap=True)
    if report.missing:
        raise typer.Exit(EXIT_FAILED)


def _lines(file: Path) -> list[str]:
    """What is asked for in a file: the first word of each line that has one."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.", "Check the path.") from error
    return [line.split()[0] for line in lines if line.strip()]
