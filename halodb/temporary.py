"""Temporary files and spill directories of processes that are gone."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from halodb.files import TEMPORARY_SUFFIX, host_tag, remove_file
from halodb.processes import is_running

SPILL_PREFIX = ".halodb-spill-"
"""Begin of the names of directories with spill files; `files.process_tag` follows."""

_TAG = r"(?:([0-9a-f]{6})-)?(\d+)"
"""Host and process; files of an older halodb name the process alone."""
_TEMPORARY = re.compile(rf"\..+\.{_TAG}{re.escape(TEMPORARY_SUFFIX)}")
_SPILL = re.compile(rf"{re.escape(SPILL_PREFIX)}{_TAG}-.+")

_ELSEWHERE_SECONDS = 86_400.0
"""Whether a process of another machine is there nobody can tell here; what has not changed for a day is left over."""


def temporary_files(directory: Path) -> Iterator[Path]:
    """What `files.whole_file` left in a directory (not below it), by name."""
    return _of_the_gone(directory, _TEMPORARY)


def spill_directories(directory: Path) -> Iterator[Path]:
    """What DuckDB left in a directory, by name. Queries spill without holding the library."""
    return _of_the_gone(directory, _SPILL)


def sweep(directories: Iterable[Path]) -> None:
    """Remove the temporary files in some directories, whose writer is the caller; what cannot be removed is left."""
    for directory in directories:
        for file in temporary_files(directory):
            with contextlib.suppress(OSError):
                remove_file(file)


def _of_the_gone(directory: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    if directory.is_dir():
        for path in sorted(directory.iterdir()):
            match = pattern.fullmatch(path.name)
            if match and _is_left_over(path, match[1] or host_tag(), int(match[2])):
                yield path


def _is_left_over(path: Path, host: str, process: int) -> bool:
    if host == host_tag():
        return not is_running(process, path)
    try:
        return time.time() - path.lstat().st_mtime > _ELSEWHERE_SECONDS
    except OSError:
        return False
