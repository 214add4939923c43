"""One writer a library."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import rdkit
from filelock import FileLock, Timeout

from halodb.errors import LibraryError, OutputError
from halodb.files import is_link, make_directory, read_file, remove_file, write_error, write_whole
from halodb.jobs.directories import own_directories
from halodb.log import LOG_FILE, log_to
from halodb.processes import is_running
from halodb.temporary import sweep
from halodb.version import __version__

_LOG = logging.getLogger(__name__)

_LOCK_FILE = ".halodb.lock"
_OWNER_FILE = ".halodb.owner.json"
_LOCK_SECONDS = 2 if sys.platform == "win32" else 0
"""Where a virus scanner that has just opened the lock's file looks like its holder, it is asked again for a while."""


@contextlib.contextmanager
def writing(library: Path, *, sweeping: bool = True, logged: bool = False) -> Iterator[None]:
    """Hold the library for writing; the system gives it back when this process ends, however it ends.

    Args:
        library: the directory; made where it is not there.
        sweeping: remove the temporary files of processes that are gone.
        logged: keep a log of what happens meanwhile in the library.

    Raises:
        LibraryError: another process is writing to it, or a directory in it is a link to elsewhere.
        OutputError: the directory cannot be made or written to.
    """
    try:
        make_directory(library)
        lock = FileLock(library / _LOCK_FILE, timeout=_LOCK_SECONDS)
        lock.acquire()
    except Timeout as error:
        raise LibraryError(
            f"{library} is being written to by {_owner(library)}.", "Wait until it ends, or stop it."
        ) from error
    except OSError as error:
        raise write_error(error, library) from error
    owner = library / _OWNER_FILE
    try:
        with contextlib.suppress(OutputError):  # only a courtesy to whoever is refused
            write_whole(owner, json.dumps({"pid": os.getpid()}).encode())
        directories = list(own_directories(library))
        _refuse_links(directories[1:])
        if sweeping:
            sweep(directories)
        with log_to(library / LOG_FILE) if logged else contextlib.nullcontext(), _told_of():
            yield
    finally:
        with contextlib.suppress(OSError):
            remove_file(owner)
        lock.release()


@contextlib.contextmanager
def _told_of() -> Iterator[None]:
    """Log the begin and the end of whatever writes to the library."""
    versions = f"halodb {__version__}, RDKit {rdkit.__version__}, DuckDB {version('duckdb')}, Python {python_version()}"
    _LOG.info("process %d begins: %s; %s", os.getpid(), shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]), versions)
    started = time.monotonic()
    try:
        yield
    except KeyboardInterrupt:
        _LOG.warning("process %d was stopped after %.1f s", os.getpid(), time.monotonic() - started)
        raise
    except BaseException as error:
        _LOG.error("process %d failed after %.1f s: %s", os.getpid(), time.monotonic() - started, error)
        raise
    _LOG.info("process %d ended well after %.1f s", os.getpid(), time.monotonic() - started)


def _refuse_links(directories: Iterable[Path]) -> None:
    """Nothing is written to or removed from elsewhere: in a library of somebody else a link may be a trap."""
    for path in directories:
        if is_link(path):
            raise LibraryError(
                f"{path} is a link to {path.resolve()}, and halodb writes to no place outside of the library.",
                "Put the directory itself there, or remove the link.",
            )


def writer_of(library: Path) -> int | None:
    """The process that writes to a library, as far as it can be told without trying its lock; None where none does.

    The note that a killed process left does not count, nor a later process with the same number.
    """
    # Not in the lock file itself: on Windows a locked file cannot be read.
    note = library / _OWNER_FILE
    try:
        process = int(json.loads(read_file(note))["pid"])
    except (OSError, ValueError, KeyError):
        return None
    return process if is_running(process, note) else None


def _owner(library: Path) -> str:
    writer = writer_of(library)
    return "another process" if writer is None else f"process {writer}"
