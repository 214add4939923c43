"""`halodb stop`: asks whoever writes to a library to stop, from another terminal."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from halodb.errors import LibraryError
from halodb.jobs.lock import writer_of
from halodb.jobs.select import check_is_library

_SECONDS = 120.0
_LOOK_SECONDS = 0.1


def stop(library: Path | str, *, seconds: float = _SECONDS) -> int:
    """Stop the process that writes to a library, as Ctrl-C in its terminal would; the same command goes on later.

    On Windows, which has no such word to another process, it is ended at once, which loses no more than a unit.

    Args:
        library: directory of the library.
        seconds: how long to wait for its end.

    Returns:
        Number of the process.

    Raises:
        LibraryError: there is no library, nobody writes to it, or whoever does may not be stopped or goes on.

    Example:
        >>> halodb.stop("library")  # doctest: +SKIP
        4711
    """
    library = Path(library)
    check_is_library(library, inputs_too=True)
    writer = writer_of(library)
    if writer is None:
        raise LibraryError(f"no process writes to {library}.", "There is nothing to stop.")
    try:
        psutil.Process(writer).terminate()
    except psutil.NoSuchProcess:
        return writer
    except psutil.AccessDenied as error:
        raise LibraryError(f"process {writer} is not yours to stop.", "Ask whoever started it.") from error
    deadline = time.monotonic() + seconds
    while writer_of(library) == writer and not _is_gone(writer):
        if time.monotonic() > deadline:
            raise LibraryError(
                f"process {writer} was asked to stop {seconds:g} s ago and goes on.", "Look again with `halodb status`."
            )
        time.sleep(_LOOK_SECONDS)
    return writer


def _is_gone(process: int) -> bool:
    """Whether a process has ended, also where nobody has asked how yet."""
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
