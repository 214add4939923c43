"""What the older program left, and results that were set aside: found in a library whoever wrote it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from halodb.cleaning.leftovers import Kind, Leftover, leftovers_of
from halodb.files import is_link
from halodb.jobs.job import INDEX_DIRECTORY, PASSES_DIRECTORY, SHARDS_DIRECTORY
from halodb.jobs.manifest import MANIFEST_FILE

_DATABASE = re.compile(r"(?:.*[._-])?dedup\.(?:db|sqlite3?)", re.IGNORECASE)
"""Names of the databases in which it kept what it had seen."""
_BESIDE_DATABASE = re.compile(r"(?P<database>.+\.(?:db|sqlite3?))-(?:wal|shm|journal)", re.IGNORECASE)
_ASIDE = re.compile(r"products\.aside-.+")
_SQLITE, _PARQUET = b"SQLite format 3\0", b"PAR1"
_DEPTH = 3
"""Directories below the library: those of jobs, and what is in them."""
_NOT_LOOKED_INTO = {PASSES_DIRECTORY, SHARDS_DIRECTORY, INDEX_DIRECTORY}
"""Directories of halodb's own, whose files have their own kinds."""


def debris_of_older_program(library: Path) -> list[Leftover]:
    """Databases for dedup, half-written Parquet files, and results that were set aside, place by place.

    Of other databases only what lies beside one that is gone; of Parquet files only those without an end, and none of a
    job of halodb's. No link is followed.
    """
    found: list[Leftover] = []
    for directory, files in _directories(library):
        ours = MANIFEST_FILE in files
        found += leftovers_of(
            Kind.OLDER, directory, (directory / name for name in files if _is_of_dedup(directory, name))
        )
        asides = (directory / name for name in files if _ASIDE.fullmatch(name))
        found += leftovers_of(Kind.ASIDE, directory, asides)
        cut = (
            directory / name
            for name in files
            if not ours and not _ASIDE.fullmatch(name) and name.endswith(".parquet") and not name.startswith(".")
        )
        found += leftovers_of(Kind.HALF_WRITTEN, directory, filter(_is_half_written, cut))
    return found


def _directories(library: Path) -> Iterator[tuple[Path, list[str]]]:
    for base, directories, files in os.walk(library):
        place = Path(base)
        deep = len(place.relative_to(library).parts) >= _DEPTH
        kept = [] if deep else sorted(name for name in directories if name not in _NOT_LOOKED_INTO)
        directories[:] = [name for name in kept if not name.startswith(".") and not is_link(place / name)]
        yield place, sorted(name for name in files if not is_link(place / name))


def _is_of_dedup(directory: Path, name: str) -> bool:
    beside = _BESIDE_DATABASE.fullmatch(name)
    if beside is not None:
        return _DATABASE.fullmatch(beside["database"]) is not None or not (directory / beside["database"]).exists()
    return _DATABASE.fullmatch(name) is not None and _first(directory / name) in {_SQLITE, b""}


def _first(file: Path) -> bytes | None:
    """The first bytes of a file; None where it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE))
    except OSError:
        return None


def _is_half_written(file: Path) -> bool:
    """Whether a file begins as Parquet does and does not end so, or holds nothing."""
    try:
        with file.open("rb") as opened:
            head = opened.read(len(_PARQUET))
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - len(_PARQUET)))
            end = opened.read()
    except OSError:
        return False
    return not size or (head == _PARQUET and (end != _PARQUET or size < 3 * len(_PARQUET)))
