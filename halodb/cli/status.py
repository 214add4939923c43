"""`halodb status`."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from halodb.cli.options import JsonOption, LibraryArgument


def status_command(
    library: LibraryArgument,
    watch: Annotated[bool, typer.Option("--watch", help="Look again until the run ends, or Ctrl-C.")] = False,
    every: Annotated[float, typer.Option("--every", min=0.2, help="Seconds between two looks.")] = 2.0,
    as_json: JsonOption = False,
) -> None:
    """Tell how a library stands, also while a run in another terminal goes on."""
    from rich.live import Live

    from halodb.cli.tables import status_table
    from halodb.pipeline import read_status
    from halodb.tables import plain_console

    status = read_status(library)
    if as_json:
        # With --watch a line a look, so that a program can read them one after another.
        while True:
            sys.stdout.write(status.model_dump_json(indent=None if watch else 2) + "\n")
            sys.stdout.flush()
            if not watch or status.writer is None:
                return
            time.sleep(every)
            status = read_status(library)
    screen = plain_console()
    if not watch:
        screen.print(status_table(status))
        return
    with Live(status_table(status), console=screen, auto_refresh=False) as live:
        while status.writer is not None:
            time.sleep(every)
            status = read_status(library)
            live.update(status_table(status), refresh=True)
