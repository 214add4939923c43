"""`halodb stop`: asks whoever writes to a library to stop, from another terminal."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from halodb.errors import LibraryError
from halodb.jobs.owner import ask_to_stop, owner_of
from halodb.jobs.select import check_is_library

_SECONDS = 120.0
_LOOK_SECONDS = 0.1


def stop(library: Path | str, *, seconds: float = _SECONDS) -> int:
    """Stop the process that writes to a library, as Ctrl-C in its terminal would; the same command goes on later.

    On Windows, which has no such word to another process, it is ended at once, which loses no more than a unit. On
    another machine that shares the library it finds a file that asks it to, within seconds.

    Args:
        library: directory of the library.
        seconds: how long to wait for its end.

    Returns:
        Number of the process, on its machine.

    Raises:
        LibraryError: there is no library, nobody writes to it, or whoever does may not be stopped or goes on.

    Example:
        >>> halodb.stop("library")  # doctest: +SKIP
        4711
    """
    library = Path(library)
    check_is_library(library, inputs_too=True)
    writer = owner_of(library)
    if writer is None:
        raise LibraryError(f"no process writes to {library}.", "There is nothing to stop.")
    if writer.is_here:
        try:
            psutil.Process(writer.pid).terminate()
        except psutil.NoSuchProcess:
            return writer.pid
        except psutil.AccessDenied as error:
            raise LibraryError(f"{writer.name} is not yours to stop.", "Ask whoever started it.") from error
    else:
        ask_to_stop(library, writer)
    deadline = time.monotonic() + seconds
    while owner_of(library) == writer:
        if time.monotonic() > deadline:
            if_gone = "" if writer.is_here else f" If it, or its machine, is gone for good: halodb unlock {library}"
            raise LibraryError(
                f"{writer.name} was asked to stop {seconds:g} s ago and goes on.",
                f"Look again with `halodb status`.{if_gone}",
            )
        time.sleep(_LOOK_SECONDS)
    return writer.pid
