"""`--on-end COMMAND`: a command of the user's own at the end of a long one, such as a mail or a message."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from halodb.errors import EXIT_FAILED, EXIT_STOPPED, HalodbError

ENDS = {0: "complete", EXIT_STOPPED: "stopped"}
"""How a command ended, by its exit code; all others are failed."""


@contextlib.contextmanager
def on_end(command: str | None, library: Path) -> Iterator[None]:
    """Run a command of the shell when the block ends, however it ends.

    It finds how it ended in its environment: HALODB_OUTCOME (complete, failed, stopped), HALODB_EXIT_CODE,
    HALODB_LIBRARY and HALODB_MESSAGE, a line. Where it fails that is told, and changes nothing.
    """
    if command is None:
        yield
        return
    code, message = 0, "done"
    try:
        yield
    except typer.Exit as error:
        code, message = error.exit_code, "some jobs failed" if error.exit_code else "done"
        raise
    except HalodbError as error:
        code, message = error.exit_code, str(error)
        raise
    except KeyboardInterrupt:
        code, message = EXIT_STOPPED, "stopped; run the same command again to go on"
        raise
    except BaseException as error:
        code, message = EXIT_FAILED, f"{type(error).__name__}: {error}"
        raise
    finally:
        _run(command, code, message, library)


def _run(command: str, code: int, message: str, library: Path) -> None:
    told = {
        "HALODB_OUTCOME": ENDS.get(code, "failed"),
        "HALODB_EXIT_CODE": str(code),
        "HALODB_LIBRARY": str(library.absolute()),
        "HALODB_MESSAGE": message,
    }
    try:
        done = subprocess.run(command, shell=True, env={**os.environ, **told}, check=False)  # noqa: S602  # the user's own
    except OSError as error:
        sys.stderr.write(f"halodb: note: --on-end could not be run: {error}\n")
        return
    if done.returncode:
        sys.stderr.write(f"halodb: note: --on-end ended with code {done.returncode}\n")
