"""`halodb stop`."""

from __future__ import annotations

import sys

from halodb.cli.options import LibraryArgument


def stop_command(library: LibraryArgument) -> None:
    """Stop whoever writes to a library, from another terminal, as Ctrl-C would; the same command goes on later."""
    from halodb.pipeline import stop

    process = stop(library)
    sys.stderr.write(f"process {process} has stopped; what is finished stays finished, the same command goes on.\n")
