"""`halodb clean`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from halodb.cli.options import JsonOption, LibraryArgument, TempDirectoryOption
from halodb.errors import UsageError

if TYPE_CHECKING:
    from halodb.cleaning import LeftoversFound


def clean_command(
    library: LibraryArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell, and remove nothing.")] = False,
    shards: Annotated[bool, typer.Option("--shards", help="Also the shards of done jobs (--keep-shards).")] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Also jobs that are not done; a run would go on with them.")
    ] = False,
    debris: Annotated[
        bool,
        typer.Option(
            "--debris", help="Also dedup.db and half-written Parquet of the older program, and results set aside."
        ),
    ] = False,
    temp_directory: TempDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove what stopped runs left and no run would use; tells what and how much, and asks."""
    from halodb.cleaning import clean
    from halodb.cli.as_json import print_json
    from halodb.cli.show import console
    from halodb.files import format_bytes

    stderr = console()

    def confirm(found: LeftoversFound) -> bool:
        _show(found)
        if dry_run or yes:
            return not dry_run
        if sys.stdin is None or not sys.stdin.isatty():  # none in a task of Windows that runs without a terminal
            raise UsageError("nobody is there to be asked.", "Give --yes to remove this, or --dry-run to be told only.")
        return typer.confirm(f"Remove {format_bytes(found.bytes)}?", err=True)

    report = clean(
        library,
        shards=shards,
        unfinished=unfinished,
        debris=debris,
        temp_directory=temp_directory,
        confirm=confirm,
    )
    if as_json:
        print_json(report)
    for waste in report.offered:
        stderr.print(f"kept: {waste.kind}, {waste.path}, {format_bytes(waste.bytes)}", soft_wrap=True)
    if report.offered:
        stderr.print("--unfinished, --shards and --debris remove what was kept", soft_wrap=True)
    if not report.waste:
        stderr.print(f"{library}: nothing to clean", soft_wrap=True)
    else:
        done = "removed" if report.removed else "nothing removed of"
        stderr.print(f"{done} {format_bytes(report.bytes)}", soft_wrap=True)


def _show(found: LeftoversFound) -> None:
    from halodb.cleaning.leftovers import by_kind
    from halodb.cli.show import console
    from halodb.files import format_bytes
    from halodb.tables import figure_table

    rows = [(str(kind), files, format_bytes(size)) for kind, files, size in by_kind(found.waste)]
    console().print(figure_table(str(found.library), ("what", "files", "size"), rows))
