"""One writer a library."""

from __future__ import annotations

import contextlib
import errno
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

from halodb.errors import DiskFullError, LibraryError
from halodb.files import is_link, make_directory, write_error
from halodb.jobs.directories import own_directories
from halodb.jobs.owner import (
    SILENT_SECONDS,
    Heartbeat,
    claim,
    owner_of,
    release,
    remedy,
    silent_seconds,
    take_away,
)
from halodb.jobs.select import check_is_library
from halodb.log import LOG_FILE, log_to
from halodb.temporary import sweep
from halodb.version import __version__

_LOG = logging.getLogger(__name__)

_LOCK_FILE = ".halodb.lock"
_LOCK_SECONDS = 2 if sys.platform == "win32" else 0
"""Where a virus scanner that has just opened the lock's file looks like its holder, it is asked again for a while."""

_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, getattr(errno, "ENOTSUP", 0), getattr(errno, "EOPNOTSUPP", 0)}
"""What a file system says that knows no locks; there the note of the owner alone counts."""


@contextlib.contextmanager
def writing(library: Path, *, sweeping: bool = True, logged: bool = False) -> Iterator[None]:
    """Hold the library for writing; the system gives it back when this process ends, however it ends.

    Between machines that share it a note counts as well, see `owner`: one that a killed process of another machine left
    is taken away by `halodb unlock`.

    Args:
        library: the directory; made where it is not there.
        sweeping: remove the temporary files of processes that are gone.
        logged: keep a log of what happens meanwhile in the library.

    Raises:
        LibraryError: another process is writing to it, or a directory in it is a link to elsewhere.
        OutputError: the directory cannot be made or written to.
    """
    with _locked(library) as locked, _owned(library, locked):
        directories = list(own_directories(library))
        _refuse_links(directories[1:])
        if sweeping:
            sweep(directories)
        with log_to(library / LOG_FILE) if logged else contextlib.nullcontext(), _told_of():
            yield


def unlock(library: Path | str, *, force: bool = False) -> str:
    """Take the library from a process of another machine that is gone: whatever it held, the next run goes on.

    Args:
        library: directory of the library.
        force: also where it gave a sign of life in the last two minutes. If it is there after all it stops when it
            notices, which may take half a minute; until then two would write.

    Returns:
        Whose it was; empty where it was nobody's.

    Raises:
        LibraryError: there is no library, or its writer is there, or may be.

    Example:
        >>> halodb.unlock("library")  # doctest: +SKIP
        'process 4711 on node7'
    """
    library = Path(library)
    check_is_library(library, inputs_too=True)
    with _locked(library):
        owner = owner_of(library)
        silent = silent_seconds(library)
        if owner is not None and not owner.is_here and silent < SILENT_SECONDS and not force:
            raise LibraryError(
                f"{owner.name} gave a sign of life {silent:.0f} s ago.",
                f"Stop it (halodb stop {library}), or look again in {SILENT_SECONDS:g} s. "
                "If it is known to be gone: --force.",
            )
        found = take_away(library)
        return found.name if found is not None else ""


@contextlib.contextmanager
def _locked(library: Path) -> Iterator[bool]:
    """Hold the system's lock of a library; whether the file system has such locks."""
    lock = _lock(library / _LOCK_FILE)
    locked = True
    try:
        make_directory(library)
        lock.acquire()
    except Timeout as error:
        owner = owner_of(library)
        name = "another process" if owner is None else owner.name
        what_to_do = remedy(library, owner) if owner is not None else "Wait until it ends, or stop it."
        raise LibraryError(f"{library} is being written to by {name}.", what_to_do) from error
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
            raise write_error(error, library) from error
        locked = False
    try:
        yield locked
    finally:
        if locked:
            lock.release()


def _lock(file: Path) -> FileLock:
    try:
        return FileLock(file, timeout=_LOCK_SECONDS, fallback_to_soft=False)
    except TypeError:  # before filelock 4, which knows no other kind
        return FileLock(file, timeout=_LOCK_SECONDS)


@contextlib.contextmanager
def _owned(library: Path, locked: bool) -> Iterator[None]:
    """Be the writer of a library that the note in it names."""
    try:
        owner = claim(library, locked=locked)
    except DiskFullError:
        if not locked:
            raise
        yield  # `halodb clean` must be able to make room
        return
    try:
        with Heartbeat(library, owner):
            yield
    finally:
        release(library, owner)


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
