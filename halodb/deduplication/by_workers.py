"""Dedup of many jobs at a time: each by one worker of a cluster, in DuckDB under the worker's memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.deduplication.job import Check, dedup_job, is_complete
from halodb.engine import temporary_directory
from halodb.errors import HalodbError, WorkerError
from halodb.files import until_seen
from halodb.inputs import InputName
from halodb.jobs import Manifest
from halodb.jobs.made import Made, made_for
from halodb.units import Unit
from halodb.workers.executor import Executor
from halodb.workers.place import connect_in_place
from halodb.workers.pool import Work
from halodb.workers.position import row_mark
from halodb.workers.process import become_worker
from halodb.workers.task import UnitTask

Results = Iterator[tuple[str, Manifest | HalodbError] | None]
"""What became of jobs, by name, as they are done; None now and then."""


@dataclass(frozen=True)
class DedupPlan:
    """What all workers know; unit `n` is the `n`-th job.

    Attributes:
        library: directory of the library.
        jobs: manifests of the jobs.
        check: see `job.Check`; a function of a module, for it travels by its name.
        directory: of the work.
        temp_directory: where DuckDB spills; in the library where there is none.
        patience: seconds in which files of other machines come to be seen.
    """

    library: Path
    jobs: tuple[Manifest, ...]
    check: Check
    directory: Path
    temp_directory: Path | None
    patience: float


class _Worker:
    plan: DedupPlan


def dedup_by_workers(
    transformed: Sequence[Manifest], library: Path, executor: Executor, check: Check, temp_directory: Path | None
) -> Results:
    """Make the results of some jobs, the largest first.

    Raises:
        WorkerError: workers died over and over.
    """
    if not transformed:
        return
    largest_first = sorted(transformed, key=lambda manifest: -manifest.counts.products)
    with temporary_directory(library) as name:
        plan = DedupPlan(library, tuple(largest_first), check, Path(name), temp_directory, executor.patience)
        work = Work(library, plan.directory, _start_worker, plan, _dedup_one, math.inf, "dedup", "jobs")
        tasks = [UnitTask(Unit(number, number + 1), ()) for number in range(len(largest_first))]
        for result in executor.run(work, tasks):
            if result is None:
                yield None
            else:
                number, outcome = result
                yield largest_first[number].job, outcome


def _start_worker(plan: DedupPlan) -> None:
    become_worker()
    _Worker.plan = plan


def _dedup_one(task: UnitTask) -> tuple[int, Manifest | HalodbError]:
    """The number of a job, and its manifest, or why it could not be done."""
    plan, number = _Worker.plan, task.unit.start
    manifest = plan.jobs[number]
    if number in task.condemned:
        what = f"two workers died in the dedup of {manifest.job}."
        return number, WorkerError(what, "Give workers more memory, then run the command again.")
    with row_mark(plan.directory, task.unit) as mark:
        mark.at(number)
        try:
            made = until_seen(lambda: _made(manifest), plan.patience, lambda made: is_complete(manifest, made))
            with connect_in_place(plan.library, plan.temp_directory) as connection:
                return number, dedup_job(manifest, plan.library, connection, made, plan.check)
        except HalodbError as error:
            return number, error


def _made(manifest: Manifest) -> Made:
    library = _Worker.plan.library
    return made_for([manifest], library, InputName(manifest.class_name, manifest.k))[manifest.fingerprint]
