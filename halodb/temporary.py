"""Temporary files and spill directories of processes that are gone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from halodb.files import TEMPORARY_SUFFIX, remove_file
from halodb.processes import is_running

SPILL_PREFIX = ".halodb-spill-"
"""Begin of the names of directories with spill files; the process id follows."""

_TEMPORARY = re.compile(rf"\..+\.(\d+){re.escape(TEMPORARY_SUFFIX)}")
_SPILL = re.compile(rf"{re.escape(SPILL_PREFIX)}(\d+)-.+")


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
            if match and not is_running(int(match[1]), path):
                yield path
