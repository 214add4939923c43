"""`halodb unlock`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from halodb.cli.options import LibraryArgument


def unlock_command(
    library: LibraryArgument,
    force: Annotated[
        bool, typer.Option("--force", help="Also where it gave a sign of life in the last two minutes.")
    ] = False,
) -> None:
    """Take a library from a process of another machine that is gone; the next run goes on."""
    from halodb.jobs.lock import unlock

    former = unlock(library, force=force)
    sys.stderr.write(f"taken from {former}; `halodb run` goes on.\n" if former else "no process holds it.\n")
