"""Temporary and spill files of processes that are gone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from halodb.cleaning.waste import Kind, Waste, waste_of
from halodb.engine import SPILL_PREFIX
from halodb.files import TEMPORARY_SUFFIX
from halodb.processes import is_there

_TEMPORARY = re.compile(rf"\..+\.(\d+){re.escape(TEMPORARY_SUFFIX)}")
_SPILL = re.compile(rf"{re.escape(SPILL_PREFIX)}(\d+)-.+")


def temporary_files(directory: Path) -> list[Waste]:
    """What `whole_file` left in a directory (not below it)."""
    return waste_of(Kind.TEMPORARY, directory, _of_the_gone(directory, _TEMPORARY))


def spill_directories(directory: Path) -> list[Waste]:
    """What DuckDB left in a directory: each with all files in it. Queries spill without holding the library."""
    found: list[Waste] = []
    for spill in _of_the_gone(directory, _SPILL):
        if spill.is_dir() and not spill.is_symlink():
            files = [Path(base) / name for base, _, names in os.walk(spill) for name in names]
            found += waste_of(Kind.SPILL, spill, files or [spill])
    return found


def _of_the_gone(directory: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    if directory.is_dir():
        for path in sorted(directory.iterdir()):
            match = pattern.fullmatch(path.name)
            if match and not is_there(int(match[1]), path):
                yield path
