"""Who writes to a library: a note that is made in one step, names host and process, and is kept fresh while they write.

The system's lock of a file (`flock`) is taken beside it, and is what counts on one machine: the system gives it back
whatever becomes of the process. Between machines it holds on some shared file systems and not on others (Lustre without
`-o flock`, NFS with `local_lock`), and nothing tells which. So a note of another machine is respected, however old.
"""

from __future__ import annotations

import _thread
import contextlib
import logging
import os
import platform
import secrets
import signal
import sys
import threading
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ValidationError

from halodb.errors import HalodbWarning, LibraryError
from halodb.files import TEMPORARY_SUFFIX, process_tag, read_file, remove_file, write_error, write_whole
from halodb.processes import is_running

_LOG = logging.getLogger(__name__)

OWNER_FILE = ".halodb.owner.json"
STOP_FILE = ".halodb.stop"
"""Asks the writer, on whatever machine, to stop; it holds the token of its note."""

BEAT_SECONDS = 5.0
SILENT_SECONDS = 120.0
"""A writer without a sign of life for so long may be gone: 60 s of it a shared file system may take to show one."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_TRIES = 5
_PAUSE_SECONDS = 0.2


class Owner(BaseModel):
    """A process that writes to a library.

    Attributes:
        pid: its number, on its host.
        host: name of its machine; empty in the note of an older halodb, which knew one machine only.
        boot: of that machine's kernel since it was started, where the system tells.
        token: another one for each time that a library is held.
        began_at: in UTC.
    """

    pid: int
    host: str = ""
    boot: str = ""
    token: str = ""
    began_at: datetime | None = None

    @classmethod
    def new(cls) -> Self:
        """This process."""
        began_at = datetime.now(UTC).replace(microsecond=0)
        return cls(pid=os.getpid(), host=platform.node(), boot=_boot(), token=secrets.token_hex(8), began_at=began_at)

    @property
    def is_here(self) -> bool:
        """Whether it is, or was, a process of this machine, which can be looked up."""
        return self.host in {"", platform.node()}

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"process {self.pid}" if self.is_here else f"process {self.pid} on {self.host}"


def owner_of(library: Path) -> Owner | None:
    """The process that writes to a library, as far as its note tells; None where none does.

    The note that a killed process of this machine left does not count, nor a later process with the same number. That
    of another machine counts: see `silent_seconds`.
    """
    note = library / OWNER_FILE
    owner = _read(note)
    if owner is None or (owner.is_here and not is_running(owner.pid, note)):
        return None
    return owner


def token_of(library: Path) -> str:
    """The token of the note in a library; empty where there is none."""
    owner = _read(library / OWNER_FILE)
    return owner.token if owner is not None else ""


def silent_seconds(library: Path, *, touching: bool = True) -> float:
    """How long ago the writer of a library gave its last sign of life.

    Args:
        library: the directory.
        touching: by the clock of its file system, which takes a file; else by that of this machine.
    """
    note = library / OWNER_FILE
    try:
        now = _clock_of(library) if touching else datetime.now(UTC).timestamp()
        return max(0.0, now - note.stat().st_mtime)
    except OSError:
        return 0.0


def _clock_of(library: Path) -> float:
    probe = library / f".halodb.clock.{process_tag()}{TEMPORARY_SUFFIX}"
    try:
        probe.write_bytes(b"")
        return probe.stat().st_mtime
    finally:
        remove_file(probe)


def claim(library: Path, *, locked: bool) -> Owner:
    """Make this process the writer of a library.

    Args:
        library: the directory.
        locked: whether this process holds the system's lock of it.

    Raises:
        LibraryError: another process writes to it, or may.
        OutputError: the note cannot be written.
    """
    mine = Owner.new()
    note = library / OWNER_FILE
    for again in range(_TRIES):
        if _make(note, mine):
            with contextlib.suppress(OSError):  # of a writer before this one
                remove_file(library / STOP_FILE)
            return mine
        other = _read(note)
        if other is not None and _may_be_there(other, note, locked=locked):
            raise LibraryError(
                f"{library} is being written to by {_described(library, other)}.", remedy(library, other)
            )
        if other is None and not locked and again < _TRIES - 2:  # it may be just being written
            time.sleep(_PAUSE_SECONDS)
            continue
        _set_aside(note, other)
    raise LibraryError(f"others take hold of {library} all the time.", "Run the command again.")


def release(library: Path, owner: Owner) -> None:
    """Take the note away, if it is still this one."""
    note = library / OWNER_FILE
    with contextlib.suppress(OSError):
        found = _read(note)
        if found is not None and found.token == owner.token:
            remove_file(note)


def take_away(library: Path) -> Owner | None:
    """Take away whatever note there is; the caller knows that its process is gone. The owner that it named."""
    note = library / OWNER_FILE
    owner = _read(note)
    if note.exists():
        _set_aside(note, owner)
    return owner


def remedy(library: Path, owner: Owner) -> str:
    """What to do where somebody else writes to a library."""
    if owner.is_here:
        return "Wait until it ends, or stop it."
    return f"Wait until it ends, or stop it. If it, or its machine, is gone for good: halodb unlock {library}"


def ask_to_stop(library: Path, owner: Owner) -> None:
    """Ask the writer of a library, on whatever machine, to stop; it looks every few seconds.

    Raises:
        DiskFullError, OutputError: the library cannot be written to.
    """
    write_whole(library / STOP_FILE, owner.token.encode())


class Heartbeat:
    """Keeps the note fresh while a `with` block lasts, and stops this process where somebody asks for it.

    A writer that was away for so long that another took its place must not go on: it stops too.
    """

    def __init__(self, library: Path, owner: Owner) -> None:
        self._library = library
        self._owner = owner
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(BEAT_SECONDS)

    def _beat(self) -> None:
        missed = 0
        while not self._ended.wait(BEAT_SECONDS):
            note = self._library / OWNER_FILE
            if self._is_asked_to_stop():
                _LOG.warning("process %d is asked to stop", os.getpid())
                return interrupt()
            found = _read(note)
            missed = missed + 1 if found is None or found.token != self._owner.token else 0
            if missed > 1 and not self._ended.is_set():  # once may be a file system that is just away
                by = f"taken over by {found.name}" if found else "unlocked"
                told = f"{self._library} was {by}: this process stops, and what it had finished stays finished."
                warnings.warn(told, HalodbWarning, stacklevel=2)
                return interrupt()
            if not missed:
                with contextlib.suppress(OSError):
                    os.utime(note)
        return None

    def _is_asked_to_stop(self) -> bool:
        request = self._library / STOP_FILE
        try:
            if request.read_text(encoding="ascii") != self._owner.token:
                return False
            remove_file(request)
        except (OSError, ValueError):
            return False
        return True


def interrupt() -> None:
    """Stop this process as Ctrl-C does, from any of its threads."""
    # A shell has its background ignore Ctrl-C; the command line takes SIGTERM for it.
    number = signal.SIGTERM if callable(signal.getsignal(signal.SIGTERM)) else signal.SIGINT
    main = threading.main_thread().ident
    if sys.platform != "win32" and main is not None and callable(signal.getsignal(number)):
        signal.pthread_kill(main, number)  # which also wakes it, where it waits
    else:
        _thread.interrupt_main(number)


def _described(library: Path, owner: Owner) -> str:
    if owner.is_here:
        return owner.name
    silent = silent_seconds(library)
    return owner.name if silent < SILENT_SECONDS else f"{owner.name}, whose last sign of life was {silent:,.0f} s ago"


def _may_be_there(owner: Owner, note: Path, *, locked: bool) -> bool:
    """Whether the process of a note may still write."""
    if locked and (owner.is_here or (owner.boot and owner.boot == _boot())):
        return False  # of one machine, containers and all, the lock is held by one process
    return not owner.is_here or is_running(owner.pid, note)


def _make(note: Path, owner: Owner) -> bool:
    """Make the note, whole, in one step; False where there is one."""
    content = owner.model_dump_json().encode()
    temporary = note.with_name(f"{note.name}.{process_tag()}{TEMPORARY_SUFFIX}")
    try:
        temporary.write_bytes(content)
        try:
            os.link(temporary, note)  # on an old NFS the one step that fails for all but one
        except FileExistsError:
            found = _read(note)  # of an answer of the server that was lost, the repetition finds its own
            return found is not None and found.token == owner.token
        except OSError:  # no links on this file system
            return _make_exclusively(note, content)
        return True
    except OSError as error:
        raise write_error(error, note) from error
    finally:
        with contextlib.suppress(OSError):
            remove_file(temporary)


def _make_exclusively(note: Path, content: bytes) -> bool:
    try:
        with note.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


def _set_aside(note: Path, owner: Owner | None) -> None:
    """Remove a note, and no other that has just come in its place."""
    aside = note.with_name(f"{note.name}.aside.{process_tag()}{TEMPORARY_SUFFIX}")
    try:
        note.rename(aside)
        found = _read(aside)
        if found is not None and owner is not None and found.token != owner.token:
            with contextlib.suppress(OSError):
                os.link(aside, note)
    except FileNotFoundError:  # gone by itself
        return
    except OSError as error:
        raise write_error(error, note) from error
    finally:
        with contextlib.suppress(OSError):
            remove_file(aside)


def _read(note: Path) -> Owner | None:
    try:
        return Owner.model_validate_json(read_file(note))
    except (OSError, ValidationError, ValueError):
        return None


def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:  # another system
        return ""
