"""Files that are whole or absent: written under a temporary name, synced to disk, then renamed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import shutil
import stat
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from halodb.errors import DiskFullError, HalodbError, HalodbWarning, OutputError

TEMPORARY_SUFFIX = ".tmp"
"""End of the name of every file that is still being written; nothing reads such a file, and clean-up may remove it."""

_DIGEST_BYTES = 16
_TAIL_BYTES = 64 * 1024
_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_IN_USE = {5, 32}
"""Windows' words for a file that somebody has open: access denied, sharing violation."""
PATIENCE_SECONDS = 10.0
"""How long a file that somebody has open is waited for."""
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 2.0

Answer = TypeVar("Answer")


@contextlib.contextmanager
def whole_file(path: Path, patience: float = PATIENCE_SECONDS) -> Iterator[Path]:
    """Yield a temporary path beside `path`; when the block ends well it becomes `path` in one step.

    The temporary name carries host and process, so two processes that write the same file do not meet, on whatever
    machines they are. Where the block raises, the temporary file is removed and `path` is as it was.

    Args:
        path: the file.
        patience: seconds to wait for others who have it open, on Windows.

    Raises:
        DiskFullError: the disk ran out of room.
        OutputError: the place cannot be written to.
    """
    temporary = path.with_name(f".{path.name}.{process_tag()}{TEMPORARY_SUFFIX}")
    try:
        make_directory(path.parent)
        yield temporary
        _patiently(lambda: _sync(temporary))
        _patiently(lambda: temporary.replace(path), patience)
        sync_directory(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            remove_file(temporary)
        if isinstance(error, OSError):
            raise write_error(error, path) from error
        raise


def write_whole(path: Path, content: bytes | memoryview, patience: float = PATIENCE_SECONDS) -> None:
    """Write a file that memory holds, whole or not at all (see `whole_file`)."""
    with whole_file(path, patience) as temporary:
        _patiently(lambda: temporary.write_bytes(content))


def write_in_place(path: Path, content: bytes) -> None:
    """Write the begin of a small file that processes share through memory; its directory is made.

    The file is not cut first: Windows refuses that while somebody has it mapped, as a worker that is just ending has.

    Raises:
        DiskFullError, OutputError: the place cannot be written to.
    """

    def write() -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        with open(handle, "r+b") as file:  # noqa: PTH123  a handle has no path
            file.write(content)

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _patiently(write)
    except OSError as error:
        raise write_error(error, path) from error


def make_directory(path: Path) -> None:
    """Make a directory with its parents, each to be there after a power cut; no error where it is there already.

    Raises:
        OSError: it cannot be made.
    """
    if path.is_dir():
        return
    make_directory(path.parent)
    path.mkdir(exist_ok=True)
    sync_directory(path.parent)


def read_error(error: OSError, path: Path) -> str:
    """What an operating system's error on reading `path` says, as a sentence."""
    return f"{path} cannot be read: {error.strerror or error}."


def write_error(error: OSError, path: Path) -> HalodbError:
    """Turn an operating system's error on writing `path` into one for the user."""
    if error.errno in _NO_SPACE:
        return disk_full(path)
    reason = error.strerror or str(error)
    if _is_in_use(error):
        return OutputError(
            f"{path}: {reason.rstrip('.')}.",
            "Another program may have it open: close that, then run the same command again. Or you may not write here.",
        )
    return OutputError(f"{path}: {reason}.", "Choose a place that you may write to, or change its permissions.")


def disk_full(path: Path, needed: int | None = None) -> DiskFullError:
    """The error for a disk without room, with what is free now and, where it is known, what was needed (bytes)."""
    free = free_bytes(path)
    wanted = f", {format_bytes(needed)} needed" if needed is not None else ""
    return DiskFullError(
        f"no room left to write {path} ({format_bytes(free)} free{wanted}).",
        "Free some room or choose another disk, then run the same command again: what is finished stays finished.",
    )


def is_link(path: Path) -> bool:
    """Whether a path is a link to elsewhere, or on Windows a junction."""
    try:
        status = path.lstat()
    except OSError:
        return False
    junction = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(status.st_mode) or junction


def free_bytes(path: Path) -> int:
    """Bytes free on the disk that holds `path`, or would hold it."""
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def digest(path: Path) -> str:
    """BLAKE2b digest (128 bits, hex) of a file's bytes; about 1 s a GB."""
    with _patiently(lambda: path.open("rb")) as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST_BYTES)).hexdigest()


def tail_digest(path: Path) -> str:
    """The same of a file's size and last 64 KiB: in a Parquet file they hold the places and bounds of its columns."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        return digest_of(size.to_bytes(8, "big") + file.read())


def digest_of(content: bytes | memoryview) -> str:
    """The same of bytes in memory."""
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def short_digest(*parts: str) -> str:
    """BLAKE2b digest (64 bits, hex) of some texts, for names and fingerprints."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def host_tag() -> str:
    """Six hexadecimal digits for this machine's name: its part of names of temporary files on a shared file system."""
    return short_digest(platform.node())[:6]


def process_tag() -> str:
    """This machine and process, for names of temporary files: `temporary` reads it."""
    return f"{host_tag()}-{os.getpid()}"


def until_seen(look: Callable[[], Answer], seconds: float, is_there: Callable[[Answer], bool] = bool) -> Answer:
    """Look again and again, for some seconds, for what another machine wrote; the last answer, whatever it is.

    A shared file system shows a file when it was closed, but names may come late: NFS remembers for up to 60 s what a
    directory held.

    Args:
        look: what to look at.
        seconds: how long; with 0 it is looked at once.
        is_there: whether an answer will do.
    """
    until = time.monotonic() + seconds
    pause = _FIRST_PAUSE_SECONDS
    while not is_there(answer := look()) and time.monotonic() + pause < until:
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    return answer


def format_bytes(count: float) -> str:
    """Bytes as people read them: 512 B, 1.5 GB (powers of 1,000, as disks are sold)."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 1000:  # noqa: PLR2004
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def format_seconds(seconds: float) -> str:
    """Seconds as people read them: 3.2 s, 0:12:40, 2 days, 1:00:00."""
    return f"{seconds:.1f} s" if seconds < 60 else str(timedelta(seconds=round(seconds)))  # noqa: PLR2004


def remove_file(path: Path) -> None:
    """Remove a file, or a link and not what it leads to; no error where it is gone already.

    Raises:
        OSError: it cannot be removed.
    """
    _patiently(lambda: path.unlink(missing_ok=True))


def remove_directory(path: Path) -> None:
    """Remove an empty directory.

    Raises:
        OSError: it cannot be removed, or is not empty.
    """
    _patiently(path.rmdir)


def rename_file(path: Path, name: Path) -> None:
    """Give a file another name, which no file has.

    Raises:
        OSError: it cannot be renamed.
    """
    _patiently(lambda: path.rename(name))


def remove_tree(path: Path) -> None:
    """Remove a directory of ours with all in it; no link is followed. What cannot be removed is told in a warning."""
    left: list[str] = []
    until = time.monotonic() + PATIENCE_SECONDS  # for all of it: a backup may hold one file after another

    def again(action: Callable[[str], object], name: str, error: BaseException) -> None:
        if isinstance(error, FileNotFoundError):
            return
        try:
            _patiently(lambda: action(name), until - time.monotonic())
        except OSError as last:
            left.append(f"{name} ({last.strerror or last})")

    shutil.rmtree(path, onerror=lambda action, name, found: again(action, name, found[1]))
    if left:
        others = f" and {len(left) - 1} more" if len(left) > 1 else ""
        warnings.warn(f"{left[0]}{others} could not be removed; `halodb clean` will try again.", HalodbWarning, 2)


def read_file(path: Path) -> bytes:
    """The bytes of a small file, which another process may be replacing.

    Raises:
        OSError: it cannot be read.
    """
    return _patiently(path.read_bytes)


def _patiently(action: Callable[[], Answer], patience: float = PATIENCE_SECONDS) -> Answer:
    """Do something to a file; on Windows again and again, for some seconds, while somebody has it open."""
    pause, until = _FIRST_PAUSE_SECONDS, time.monotonic() + patience
    while True:
        try:
            return action()
        except OSError as error:
            if not _is_in_use(error) or time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        pause *= 2


def _is_in_use(error: OSError) -> bool:
    """Whether it may be that another program has the file open, which stops nobody but on Windows."""
    told = getattr(error, "winerror", None)
    if told is None:  # Python's `open` goes through C, which tells EACCES alone
        return sys.platform == "win32" and error.errno == errno.EACCES
    return told in _IN_USE


def _sync(path: Path) -> None:
    # Windows syncs only handles opened for writing.
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Let a rename in a directory survive a power cut; Windows has no handle of a directory to sync."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
