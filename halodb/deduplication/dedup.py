"""`halodb dedup`: from the shards of transformed jobs to their results."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from halodb.cluster import check_cluster, executor_of, shared_path
from halodb.deduplication.across_jobs import warn_if_outdated
from halodb.deduplication.by_workers import Results, dedup_by_workers
from halodb.deduplication.job import Check, dedup_job, unchecked
from halodb.deduplication.partitioned import finder_on
from halodb.deduplication.repeats import Finder, find_repeats
from halodb.deduplication.told import DedupProgress
from halodb.engine import connect
from halodb.errors import DiskFullError, HalodbError
from halodb.files import remove_tree
from halodb.inputs import InputName
from halodb.jobs import Manifest, load_manifests, writing
from halodb.jobs.directories import directories_in
from halodb.jobs.job import PASSES_DIRECTORY, SHARDS_DIRECTORY
from halodb.jobs.made import Made, made_for
from halodb.jobs.select import check_is_library, choose_jobs
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.workers.executor import Executor
from halodb.workers.listener import SILENT, Listener

SMALL_JOBS = 1_000_000
"""Products of all jobs: so few are done here before the workers of a cluster have begun."""

LARGE_JOB = 200_000_000
"""Products. A larger job is done by all workers of a cluster, in parts: one might lack the disk to do it alone."""


@dataclass(frozen=True)
class DedupReport:
    """What a dedup did.

    Attributes:
        jobs: manifests of the jobs asked for, by name.
        already: names of the jobs that were done before.
        unfinished: names of the jobs whose pass has units left to do; `transform` goes on with them.
        seconds: wall time.
        peak_memory: bytes, the most that the process tree held at once.
    """

    jobs: tuple[Manifest, ...]
    already: tuple[str, ...]
    unfinished: tuple[str, ...]
    seconds: float
    peak_memory: int


@dataclass(frozen=True)
class Room:
    """What dedup works in: DuckDB under a budget of memory, in bytes, and a running meter of what is taken."""

    connection: duckdb.DuckDBPyConnection
    budget: int
    meter: MemoryMeter


@dataclass(frozen=True)
class DedupOutcome:
    """The manifests of the jobs asked for, as they are now, and by name why some could not be made."""

    jobs: list[Manifest]
    failures: dict[str, HalodbError]


def dedup(
    library: Path | str,
    *,
    jobs: Sequence[str] = (),
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    keep_shards: bool = False,
    cluster: str | None = None,
    listener: Listener = SILENT,
) -> DedupReport:
    """Make `products.parquet` and `rejects.parquet` of every transformed job, each whole or absent.

    Jobs that are done are not done again; jobs whose pass is not finished are left for `transform`.

    Args:
        library: directory of the library.
        jobs: names of jobs; all by default.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        keep_shards: leave the shards where they are.
        cluster: where the jobs are done, side by side, if not here: see `run`.
        listener: told how far it is, and the manifest of each job that was made.

    Raises:
        UsageError: an unknown job, or a budget that cannot be understood.
        LibraryError: no library there, it is in use, or a shard is missing or damaged.
        DiskFullError, OutputError: no room to spill or to write, or no permission.

    Example:
        >>> halodb.dedup("library", memory="2GB").unfinished  # doctest: +SKIP
    """
    check_cluster(cluster)
    library, spill = shared_path(library, cluster), shared_path(temp_directory, cluster) if temp_directory else None
    started, held = time.monotonic(), parse_budget(memory)
    check_is_library(library, inputs_too=True)
    with (
        writing(library),
        MemoryMeter() as meter,
        _executor(cluster, meter, held, library, listener) as executor,
        connect(library, held, spill) as connection,
    ):
        chosen = choose_jobs(library, jobs, inputs_too=True)
        made = run_dedup(
            chosen,
            library,
            Room(connection, held, meter),
            keep_shards=keep_shards,
            listener=listener,
            executor=executor,
            temp_directory=spill,
        ).jobs
    return DedupReport(
        jobs=tuple(made),
        already=tuple(manifest.job for manifest in chosen if manifest.state is State.DONE),
        unfinished=tuple(manifest.job for manifest in chosen if manifest.state is State.TRANSFORMING),
        seconds=time.monotonic() - started,
        peak_memory=meter.peak,
    )


def _executor(
    cluster: str | None, meter: MemoryMeter, memory: int, library: Path, listener: Listener
) -> contextlib.AbstractContextManager[Executor | None]:
    """The workers of a cluster; here DuckDB does it all in this process, in less memory than a worker takes."""
    if cluster is None:
        return contextlib.nullcontext()
    return executor_of(cluster, meter, None, memory, library, listener)


def run_dedup(
    chosen: Sequence[Manifest],
    library: Path,
    room: Room,
    *,
    title: str = "dedup",
    keep_shards: bool = False,
    check: Check = unchecked,
    listener: Listener = SILENT,
    stop_at_failure: bool = True,
    executor: Executor | None = None,
    temp_directory: Path | None = None,
) -> DedupOutcome:
    """Make the results of the transformed ones of some jobs; the manifests of all. The caller holds the library.

    A failure ends it, unless the other jobs are to go on; a full disk always ends it.

    Args:
        title: of the dedup, for the listener.
        check: called with what was made; a job is done only where nothing is wrong. A result that is wrong is made anew
            from its rows the next time.
        executor: where its workers are elsewhere each job is done by one of them, under its memory; otherwise one after
            another here.
        temp_directory: where those spill.
    """
    made = {manifest.job: manifest for manifest in chosen}
    failures: dict[str, HalodbError] = {}
    transformed = [manifest for manifest in chosen if manifest.state is State.TRANSFORMED]
    rows = sum(manifest.counts.products for manifest in transformed)
    progress = DedupProgress(listener, title, rows, room.meter, room.budget)
    results: Results
    if executor is not None and executor.patience and rows > SMALL_JOBS:
        large = [manifest for manifest in transformed if manifest.counts.products > LARGE_JOB]
        others = [manifest for manifest in transformed if manifest not in large]
        results = itertools.chain(
            dedup_by_workers(others, library, executor, check, temp_directory),
            _one_by_one(large, library, room.connection, check, progress, finder_on(executor, library, temp_directory)),
        )
    else:
        results = _one_by_one(transformed, library, room.connection, check, progress)
    for told in results:
        if told is None:
            progress.tell()
            continue
        name, result = told
        if isinstance(result, Manifest):
            progress.finished(result.counts.products)
            listener.result(result)
            made[name] = result
            if not keep_shards:
                remove_tree(library / name / SHARDS_DIRECTORY)
        elif stop_at_failure or isinstance(result, DiskFullError):
            raise result
        else:
            failures[name] = result
    if not keep_shards:
        for manifest in chosen:
            if manifest.state is State.DONE:
                remove_tree(library / manifest.job / SHARDS_DIRECTORY)
        _remove_finished_passes(library)
    warn_if_outdated(library)
    return DedupOutcome(list(made.values()), failures)


def _one_by_one(
    transformed: Sequence[Manifest],
    library: Path,
    connection: duckdb.DuckDBPyConnection,
    check: Check,
    progress: DedupProgress,
    finder: contextlib.AbstractContextManager[Finder] | None = None,
) -> Results:
    """Make the result of each job here; repeats are found here too, unless there is something else for it."""
    made_by_units: dict[InputName, dict[str, Made]] = {}
    with finder or contextlib.nullcontext(find_repeats) as find:
        for manifest in transformed:
            name = InputName(manifest.class_name, manifest.k)
            try:
                if name not in made_by_units:
                    made_by_units = {name: made_for(transformed, library, name)}  # of one input at a time
                made = made_by_units[name][manifest.fingerprint]
                yield manifest.job, dedup_job(manifest, library, connection, made, check, find, progress.through)
            except HalodbError as error:
                yield manifest.job, error


def _remove_finished_passes(library: Path) -> None:
    """Receipts are of use until every job of their input is done."""
    manifests = load_manifests(library)
    waiting = {InputName(m.class_name, m.k) for m in manifests if m.state is not State.DONE}
    if not (library / PASSES_DIRECTORY).is_dir():
        return
    for directory in directories_in(library / PASSES_DIRECTORY):
        if directory.name not in {str(name) for name in waiting}:
            remove_tree(directory)
