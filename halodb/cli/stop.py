"""`halodb stop`."""

from __future__ import annotations

import sys

from halodb.cli.options import JsonOption, LibraryArgument


def stop_command(library: LibraryArgument, as_json: JsonOption = False) -> None:
    """Stop whoever writes to a library, from another terminal, as Ctrl-C would; the same command goes on later."""
    from halodb.cli.as_json import print_json
    from halodb.pipeline import stop

    process = stop(library)
    if as_json:
        print_json({"stopped": process})
    sys.stderr.write(f"process {process} has stopped; what is finished stays finished, the same command goes on.\n")
