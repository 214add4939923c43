"""What passes would make and take: workers try a sample of each input, see `transformation.trial`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from halodb.engine import connect, temporary_directory
from halodb.errors import HalodbError
from halodb.files import write_error
from halodb.inputs import Input
from halodb.inputs.analogues import BY_PATTERN, order_of, sample_of_analogues
from halodb.jobs import Job
from halodb.transformation.pass_plan import Limits
from halodb.transformation.trial import WHOLE, JobEstimate, PassEstimate, Trials, sampled_so_far, start_worker, try_pass
from halodb.units import Unit
from halodb.workers.executor import Executor
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask

_ROWS_A_WORKER = 50_000
"""A worker starts in half a second: for fewer rows one does it all."""

WORTH_AN_ESTIMATE = 20_000
"""Rows of an input; a smaller pass is done before anybody asks how long it takes."""

_SPILL_A_PRODUCT = 16
"""Bytes, while the duplicates of a job are looked for: a hash of each key, and what DuckDB spills; measured: 14.2 to
16.6 with 6 to 67 million products."""

Estimates = list[PassEstimate | HalodbError]


def estimate_passes(
    passes: Sequence[Sequence[Job]],
    executor: Executor,
    limits: Limits,
    listener: Listener = SILENT,
    place: Path | None = None,
) -> Estimates:
    """Enumerate some parents of the input of each pass, evenly spread, and scale up what they gave and took.

    Args:
        passes: of each the jobs that want a scan, all of one input.
        executor: of the run.
        limits: of the run.
        listener: told how many passes were tried.
        place: a directory that all workers see; the system's own for temporary files by default.

    Returns:
        In the same order; where an input turns out to be damaged, the error that says so.

    Raises:
        DiskFullError, OutputError: the directory for temporary files cannot be written to.
        WorkerError: workers keep dying for a reason that is not a molecule.
    """
    found: dict[int, PassEstimate | HalodbError] = {}
    if not passes:
        return []
    rows = [jobs[0].input.rows for jobs in passes]
    largest_first = sorted(range(len(passes)), key=lambda number: -rows[number])
    tasks = [UnitTask(Unit(number, number + 1), ()) for number in largest_first]
    budget, at_once = executor.budget, max(1, sum(rows) // _ROWS_A_WORKER)
    began = time.monotonic()
    try:
        with temporary_directory(place) as name:
            directory = Path(name).absolute()
            sources = _sources([jobs[0].input for jobs in passes], directory, budget.bytes)
            trials = Trials(tuple(tuple(jobs) for jobs in passes), sources, directory, limits)
            source = passes[0][0].input.path.parent.parent
            work = Work(source, directory, start_worker, trials, try_pass, limits.parent_seconds, "plan", "passes")
            for result in executor.run(work, tasks, at_once):
                if result is not None:
                    found[result[0]] = result[1]
                parents = sampled_so_far(directory)
                seconds = time.monotonic() - began
                listener.progress(
                    Progress("plan", len(found), len(tasks), parents, 0, seconds, budget.meter.now, "inputs")
                )
    except OSError as error:
        raise write_error(error, Path(error.filename or tempfile.gettempdir())) from error
    return [found[number] for number in range(len(passes))]


def disk_needed(jobs: Iterable[JobEstimate]) -> int:
    """Expected bytes of a pass at the worst moment: shards of all its jobs, result and spill of the largest one.

    A result takes as much as the shards, which are gone when it is there.

    >>> disk_needed([JobEstimate(products=100, bytes=600), JobEstimate(products=50, bytes=300)])
    3100
    """
    jobs = tuple(jobs)
    return sum(each.bytes for each in jobs) + max(
        (each.bytes + _SPILL_A_PRODUCT * each.products for each in jobs), default=0
    )


def _sources(inputs: Sequence[Input], directory: Path, memory: int) -> tuple[Input, ...]:
    """What a pass would read of each input: the rows as they come, or some of them with their analogues together."""
    with connect(directory, memory) as connection:
        return tuple(_source(connection, each, directory) for each in inputs)


def _source(connection: duckdb.DuckDBPyConnection, parents: Input, directory: Path) -> Input:
    if parents.rows <= WHOLE or order_of(connection, parents) != BY_PATTERN:
        return parents
    sample = sample_of_analogues(connection, parents, directory)
    return sample if sample.rows else parents
