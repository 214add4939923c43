"""What can be removed from a library."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """Why something is of no use."""

    TEMPORARY = "temporary files"
    """Files that were being written when their process ended."""
    SPILL = "spill files"
    """What DuckDB had put on disk when its process ended."""
    WORKING = "working files of passes"
    """Marks of workers, and prepared parents of a `halogenate` that did not end."""
    RECEIPTS = "receipts without use"
    """Receipts and copies of inputs that no unfinished job counts on."""
    STRAY_SHARDS = "stray shards"
    """Shards that no receipt counts, or of a job without a manifest."""
    INDEX = "index files without use"
    """Indexes of another result, and parts of such ones and of those that are whole."""
    DONE_SHARDS = "shards of done jobs"
    """Left by `dedup --keep-shards`; removed only when asked for."""
    OLDER = "databases of the older program"
    """`dedup.db` and what SQLite has beside it; removed only when asked for, as are the next two."""
    HALF_WRITTEN = "half-written Parquet files"
    """Without an end, and of no job of halodb's."""
    ASIDE = "results set aside"
    """Of another program, by `run --replace`."""
    UNFINISHED = "unfinished jobs"
    """Half-written jobs, with which a run would go on, and those whose manifest cannot be read; only when asked for."""


class Leftover(BaseModel):
    """Files of one kind in one place, with their bytes; `path` is their directory, or the one file."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    path: Path
    files: tuple[Path, ...] = Field(exclude=True)
    file_count: int
    bytes: int


class LeftoversFound(BaseModel):
    """What is to be removed, and what would be too if it were asked for."""

    model_config = ConfigDict(frozen=True)

    library: Path
    waste: tuple[Leftover, ...]
    offered: tuple[Leftover, ...]

    @property
    def bytes(self) -> int:
        """Bytes of what is to be removed."""
        return sum(waste.bytes for waste in self.waste)


class CleanReport(LeftoversFound):
    """What was found, and whether it was removed."""

    removed: bool


def leftovers_of(kind: Kind, path: Path, files: Iterable[Path]) -> list[Leftover]:
    """The waste that some files are; nothing where there are none."""
    there: list[Path] = []
    count = size = 0
    for file in files:
        try:
            status = file.lstat()
        except FileNotFoundError:  # gone meanwhile: DuckDB and readers hold no lock
            continue
        there.append(file)
        if not stat.S_ISDIR(status.st_mode):
            count += 1
            size += status.st_size
    return [Leftover(kind=kind, path=path, files=tuple(there), file_count=count, bytes=size)] if there else []


def by_kind(found: Sequence[Leftover]) -> list[tuple[Kind, int, int]]:
    """Kind, number of files and bytes of all waste of each kind that there is, in the order of the kinds."""
    return [
        (kind, sum(waste.file_count for waste in of_kind), sum(waste.bytes for waste in of_kind))
        for kind in Kind
        if (of_kind := [waste for waste in found if waste.kind is kind])
    ]
