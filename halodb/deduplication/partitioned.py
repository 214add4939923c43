"""Which rows repeat a key, found by the workers of a cluster: each looks at its part of the hashes.

The steps are those of `repeats`, and so is what they find. A part is a residue of the hash, so parts share no key; one
that a worker's memory does not hold is parted again. What goes from step to step are files in the library, which all
workers see: no worker needs room for more than its part.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import duckdb

from halodb.deduplication.repeats import (
    Finder,
    Rows,
    hash_keys,
    parts_of_hashes,
    parts_of_keys,
    repeated_hashes,
    repeats_of_part,
)
from halodb.engine import temporary_directory
from halodb.errors import WorkerError
from halodb.files import until_seen
from halodb.units import Unit
from halodb.workers.executor import Executor
from halodb.workers.place import connect_in_place
from halodb.workers.pool import Work
from halodb.workers.position import row_mark
from halodb.workers.process import become_worker
from halodb.workers.task import UnitTask

_MOST_PARTS = 32
"""Each part reads all hashes, 8 bytes a row: with one a core of a large cluster the file system would be the limit."""


@contextlib.contextmanager
def finder_on(executor: Executor, library: Path, temp_directory: Path | None) -> Iterator[Finder]:
    """What finds repeats by the workers of a cluster, with files between the steps in a directory of the library."""
    with temporary_directory(library) as place:

        def find(_: duckdb.DuckDBPyConnection, rows: Rows, directory: Path, statement: str) -> list[Path]:
            shared = Path(place) / directory.name
            shared.mkdir()
            return find_repeats_by_workers(rows, shared, statement, executor, temp_directory)

        yield find


class Step(Enum):
    """What a unit does."""

    HASHES = "hashes"
    """Unit `n`: write the hashes of the keys of file `n`."""
    REPEATED = "repeated"
    """Find the hashes of part `n` that occur twice."""
    REPEATS = "repeats"
    """Group the rows of part `n` that have one of them by their keys."""


@dataclass(frozen=True)
class PartPlan:
    """What all units of a step have in common.

    Attributes:
        step: what they do.
        rows: all rows.
        parts: how many.
        found: rows of the parts together: all, then the hashes that occur twice.
        files: what the step before wrote.
        statement: of the last step, see `repeats.find_repeats`.
        directory: for files between the steps, seen by all workers.
        temp_directory: where DuckDB spills; in `directory` where there is none.
        patience: seconds in which files of other machines come to be seen.
    """

    step: Step
    rows: Rows
    parts: int
    found: int
    files: tuple[Path, ...]
    statement: str
    directory: Path
    temp_directory: Path | None
    patience: float


class _Worker:
    plan: PartPlan


def find_repeats_by_workers(
    rows: Rows, directory: Path, statement: str, executor: Executor, temp_directory: Path | None = None
) -> list[Path]:
    """As `repeats.find_repeats`.

    Args:
        rows: all rows.
        directory: seen by all workers.
        statement: of the last step.
        executor: who runs the parts.
        temp_directory: where workers spill.

    Raises:
        InputError: a file is damaged.
        DiskFullError: there is no room for the files between the steps.
        WorkerError: workers died over and over.
    """
    parts, patience = max(1, min(executor.budget.workers, _MOST_PARTS)), executor.patience
    total = sum(rows.counts)
    first = PartPlan(Step.HASHES, rows, len(rows.files), total, (), statement, directory, temp_directory, patience)
    hashes = _done(first, executor)
    second = replace(first, step=Step.REPEATED, parts=parts, files=hashes.files)
    repeated = _done(second, executor)
    third = replace(second, step=Step.REPEATS, files=repeated.files, found=repeated.rows)
    return list(_done(third, executor).files)


@dataclass(frozen=True)
class _Found:
    """Files that units wrote, in their order, and how many rows they found."""

    files: tuple[Path, ...]
    rows: int


def _done(plan: PartPlan, executor: Executor) -> _Found:
    """Do a step."""
    work = Work(
        plan.directory, plan.directory, _start_worker, plan, _do_part, math.inf, f"dedup {plan.step.value}", "parts"
    )
    tasks = [UnitTask(Unit(number, number + 1), ()) for number in range(plan.parts)]
    found = dict(result for result in executor.run(work, tasks) if result is not None)
    if missing := [task for task in tasks if task.unit.start not in found]:
        raise WorkerError(f"{len(missing)} parts of the dedup have no result.", "Run the command again.")
    results = [found[number] for number in range(plan.parts)]
    return _Found(tuple(file for each in results for file in each.files), sum(each.rows for each in results))


def _start_worker(plan: PartPlan) -> None:
    become_worker()
    _Worker.plan = plan


def _do_part(task: UnitTask) -> tuple[int, _Found]:
    """The number of a part, and what was found in it.

    Raises:
        HalodbError: a file cannot be read or written, or the part killed its process twice.
    """
    plan, number = _Worker.plan, task.unit.start
    if number in task.condemned:
        told = f"two workers died in step {plan.step.value} of a dedup."
        raise WorkerError(told, "Give workers more memory, then run the command again.")
    with row_mark(plan.directory, task.unit) as mark:
        mark.at(number)
        until_seen(lambda: all(file.exists() for file in plan.files), plan.patience)
        with connect_in_place(plan.directory, plan.temp_directory) as connection:
            return number, _STEPS[plan.step](connection, plan, number)


def _hashes(connection: duckdb.DuckDBPyConnection, plan: PartPlan, number: int) -> _Found:
    output = plan.directory / f"hashes.{number}.parquet"
    hash_keys(connection, [plan.rows.files[number]], output)
    return _Found((output,), plan.rows.counts[number])


def _repeated(connection: duckdb.DuckDBPyConnection, plan: PartPlan, number: int) -> _Found:
    files, found = [], 0
    for part, parts in parts_of(plan, number, parts_of_hashes(plan.found // plan.parts, connection)):
        files.append(plan.directory / f"repeated.{part}.parquet")
        found += repeated_hashes(connection, plan.files, files[-1], part, parts)
    return _Found(tuple(files), found)


def _repeats(connection: duckdb.DuckDBPyConnection, plan: PartPlan, number: int) -> _Found:
    files = []
    for part, parts in parts_of(plan, number, parts_of_keys(plan.found // plan.parts, connection)):
        suspects = plan.directory / f"suspects.{part}.parquet"
        files.append(plan.directory / f"repeats.{part}.parquet")
        repeats_of_part(connection, plan.rows, plan.files, plan.statement, suspects, files[-1], part, parts)
    return _Found(tuple(files), 0)


_STEPS = {Step.HASHES: _hashes, Step.REPEATED: _repeated, Step.REPEATS: _repeats}


def parts_of(plan: PartPlan, number: int, smaller: int) -> Iterator[tuple[int, int]]:
    """The smaller parts of a part, of which memory holds each: together they are the same residues."""
    return ((number + plan.parts * each, plan.parts * smaller) for each in range(smaller))
