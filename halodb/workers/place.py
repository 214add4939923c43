"""Where a worker process keeps what only its own machine looks at, and what it may take.

On one machine that is the directory of the work. On a cluster it is on the disk of the worker: a row's mark must be
read as it was when its process died, which a shared file system does not promise, and pressure is each worker's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from halodb.engine import connect
from halodb.jobs.job import WORKING_DIRECTORY
from halodb.memory import SMALLEST_BUDGET


@dataclass(frozen=True)
class Place:
    """What a worker process of a cluster is told when it starts.

    Attributes:
        directory: on its machine, for marks.
        memory: bytes that it may hold.
        cores: that it shares with the other processes of its Dask worker.
    """

    directory: Path
    memory: int
    cores: int


class _Here:
    place: Place | None = None


def settle(place: Place | None, prepare: Callable[[Any], None], plan: Any) -> None:
    """Begin a worker process in its place."""
    _Here.place = place
    prepare(plan)


def working_directory_of(directory: Path) -> Path:
    """Where this process keeps marks for the work that has a directory."""
    place = _Here.place
    return (directory if place is None else place.directory) / WORKING_DIRECTORY


def connect_in_place(directory: Path, temp_directory: Path | None) -> duckdb.DuckDBPyConnection:
    """DuckDB within what this process may take.

    Args:
        directory: where it spills, unless told otherwise.
        temp_directory: where it spills instead.
    """
    place = _Here.place
    memory = max(place.memory if place else 0, SMALLEST_BUDGET)
    return connect(directory, memory, temp_directory, threads=place.cores if place else None)
