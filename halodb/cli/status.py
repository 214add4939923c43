"""`halodb status`."""

from __future__ import annotations

from typing import Annotated

import typer

from halodb.cli.options import JsonOption, LibraryArgument


def status_command(
    library: LibraryArgument,
    watch: Annotated[bool, typer.Option("--watch", help="Look again until the run ends, or Ctrl-C.")] = False,
    every: Annotated[
        float, typer.Option("--every", min=0.2, metavar="SECONDS", help="Seconds between two looks.")
    ] = 2.0,
    as_json: JsonOption = False,
) -> None:
    """Tell how a library stands, also while a run in another terminal goes on."""
    from rich.live import Live

    from halodb.cli.as_json import print_json
    from halodb.cli.tables import status_table
    from halodb.pipeline import read_status, watch_status
    from halodb.tables import plain_console

    looks = watch_status(library, every=every) if watch else iter([read_status(library)])
    if as_json:
        for status in looks:  # with --watch a line a look, so that a program can read them one after another
            print_json(status, indent=None if watch else 2)
        return
    with Live(console=plain_console(), auto_refresh=False) as live:
        for status in looks:
            live.update(status_table(status), refresh=True)
