"""Files that are whole or absent: written under a temporary name, synced to disk, then renamed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from halodb.errors import DiskFullError, HalodbError, OutputError

TEMPORARY_SUFFIX = ".tmp"
"""End of the name of every file that is still being written; nothing reads such a file, and clean-up may remove it."""

_DIGEST_BYTES = 16
_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; when the block ends well it becomes `path` in one step.

    The temporary name carries the process id, so two processes that write the same file do not meet. Where the block
    raises, the temporary file is removed and `path` is as it was.

    Raises:
        DiskFullError: the disk ran out of room.
        OutputError: the place cannot be written to.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync_directory(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise write_error(error, path) from error
        raise


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Write a file that memory holds, whole or not at all (see `whole_file`)."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


def write_error(error: OSError, path: Path) -> HalodbError:
    """Turn an operating system's error on writing `path` into one for the user."""
    if error.errno in _NO_SPACE:
        return disk_full(path)
    reason = error.strerror or str(error)
    return OutputError(f"{path}: {reason}.", "Choose a place that you may write to, or change its permissions.")


def disk_full(path: Path, needed: int | None = None) -> DiskFullError:
    """The error for a disk without room, with what is free now and, where it is known, what was needed (bytes)."""
    free = free_bytes(path)
    wanted = f", {format_bytes(needed)} needed" if needed is not None else ""
    return DiskFullError(
        f"no room left to write {path} ({format_bytes(free)} free{wanted}).",
        "Free some room or choose another disk, then run the same command again: what is finished stays finished.",
    )


def free_bytes(path: Path) -> int:
    """Bytes free on the disk that holds `path`, or would hold it."""
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def digest(path: Path) -> str:
    """BLAKE2b digest (128 bits, hex) of a file's bytes; about 1 s a GB."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST_BYTES)).hexdigest()


def digest_of(content: bytes | memoryview) -> str:
    """The same of bytes in memory."""
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def short_digest(*parts: str) -> str:
    """BLAKE2b digest (64 bits, hex) of some texts, for names and fingerprints."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


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


def remove_tree(path: Path) -> None:
    """Remove a directory of ours with all in it; no error where it is gone already."""
    shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    # Windows syncs only handles opened for writing.
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    # The rename itself must survive a power cut; Windows has no handle of a directory to sync.
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
