"""`halodb dedup`: from the shards of transformed jobs to their results."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from halodb.deduplication.across_jobs import warn_if_outdated
from halodb.deduplication.result import make_result
from halodb.deduplication.spill import SpillWatch
from halodb.deduplication.told import DedupProgress
from halodb.engine import connect
from halodb.errors import DiskFullError, HalodbError, LibraryError
from halodb.files import format_bytes, remove_file, remove_tree, write_error
from halodb.inputs import InputName
from halodb.jobs import Manifest, load_manifests, write_manifest, writing
from halodb.jobs.directories import directories_in
from halodb.jobs.job import PASSES_DIRECTORY, SHARDS_DIRECTORY
from halodb.jobs.made import Made, made_for, missing_rows
from halodb.jobs.select import check_is_library, choose_jobs
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.workers.listener import SILENT, Listener

_LOG = logging.getLogger(__name__)

Check = Callable[[Manifest], Sequence[str]]


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
        listener: told how far it is, and the manifest of each job that was made.

    Raises:
        UsageError: an unknown job, or a budget that cannot be understood.
        LibraryError: no library there, it is in use, or a shard is missing or damaged.
        DiskFullError, OutputError: no room to spill or to write, or no permission.

    Example:
        >>> halodb.dedup("library", memory="2GB").unfinished  # doctest: +SKIP
    """
    library = Path(library)
    started = time.monotonic()
    check_is_library(library, inputs_too=True)
    held = parse_budget(memory)
    with writing(library, logged=True), MemoryMeter() as meter, connect(library, held, temp_directory) as connection:
        chosen = choose_jobs(library, jobs, inputs_too=True)
        room = Room(connection, held, meter)
        made = run_dedup(chosen, library, room, keep_shards=keep_shards, listener=listener).jobs
    return DedupReport(
        jobs=tuple(made),
        already=tuple(manifest.job for manifest in chosen if manifest.state is State.DONE),
        unfinished=tuple(manifest.job for manifest in chosen if manifest.state is State.TRANSFORMING),
        seconds=time.monotonic() - started,
        peak_memory=meter.peak,
    )


def run_dedup(
    chosen: Sequence[Manifest],
    library: Path,
    room: Room,
    *,
    title: str = "dedup",
    keep_shards: bool = False,
    check: Check = lambda _: [],
    listener: Listener = SILENT,
    stop_at_failure: bool = True,
) -> DedupOutcome:
    """Make the results of the transformed ones of some jobs; the manifests of all. The caller holds the library.

    A failure ends it, unless the other jobs are to go on; a full disk always ends it.

    Args:
        title: of the dedup, for the listener.
        check: what is wrong with a result, as sentences without their end; a job is done only where nothing is. A
            result that is wrong is made anew from its rows the next time.
    """
    made: list[Manifest] = []
    failures: dict[str, HalodbError] = {}
    made_by_units: dict[InputName, dict[str, Made]] = {}
    rows = sum(manifest.counts.products for manifest in chosen if manifest.state is State.TRANSFORMED)
    progress = DedupProgress(listener, title, rows, room.meter, room.budget)
    for manifest in chosen:
        if manifest.state is State.TRANSFORMED:
            name = InputName(manifest.class_name, manifest.k)
            try:
                if name not in made_by_units:
                    made_by_units = {name: made_for(chosen, library, name)}  # of one input at a time
                of_units = made_by_units[name][manifest.fingerprint]
                done = _dedup_job(manifest, library, room.connection, of_units, check, progress)
            except HalodbError as error:
                if stop_at_failure or isinstance(error, DiskFullError):
                    raise
                failures[manifest.job] = error
                made.append(manifest)
                continue
            progress.finished(manifest.counts.products)
            listener.result(done)
            made.append(done)
        else:
            made.append(manifest)
        if made[-1].state is State.DONE and not keep_shards:
            remove_tree(library / manifest.job / SHARDS_DIRECTORY)
    if not keep_shards:
        _remove_finished_passes(library)
    warn_if_outdated(library)
    return DedupOutcome(made, failures)


def _dedup_job(
    manifest: Manifest,
    library: Path,
    connection: duckdb.DuckDBPyConnection,
    made: Made,
    check: Check,
    progress: DedupProgress,
) -> Manifest:
    started = time.monotonic()
    directory = library / manifest.job
    shards = directory / SHARDS_DIRECTORY
    receipts = made.units.values()
    damaged = [file for receipt in receipts for file in receipt.files if not file.is_whole(shards)]
    counted = sum(receipt.products + sum(receipt.rejects.values()) for receipt in receipts)
    wanted = manifest.counts.products + sum(manifest.counts.rejects.values())
    if damaged or missing_rows(manifest, made.units) or counted != wanted:
        for file in damaged:
            _remove_damaged(shards / file.file)
        write_manifest(directory, manifest.moved(State.TRANSFORMING))
        what = f"shard {damaged[0].file} of {manifest.job} is" if damaged else f"shards of {manifest.job} are"
        raise LibraryError(
            f"{what} missing or damaged.", "Run `halodb transform` again: only what is missing is made again."
        )
    with SpillWatch(connection) as spill:
        content, files = make_result(manifest, directory, made, connection, progress.through)
    done = manifest.moved(
        State.DONE,
        counts=manifest.counts.model_copy(update={"unique": content.rows}),
        checksum=content.checksum,
        files=files,
        labelled=True,
        dedup_seconds=round(time.monotonic() - started, 3),
    )
    problems = check(done)
    if problems:
        _LOG.error("%s is not taken for done: %s", manifest.job, "; ".join(problems))
        remove_tree(shards)
        write_manifest(directory, manifest.moved(State.TRANSFORMING))
        raise LibraryError(f"{'; '.join(problems)}.", "It is not taken for done; run again, it is made anew.")
    write_manifest(directory, done)
    counts = done.counts
    _LOG.info(
        "%s: %d products, %d unique, dedup in %.1f s%s",
        *(done.job, counts.products, counts.unique, done.dedup_seconds),
        f", spilled {format_bytes(spill.most)}" if spill.most else "",
    )
    return done


def _remove_damaged(shard: Path) -> None:
    """A pass takes a shard that is there for whole, so one that is not must go."""
    try:
        remove_file(shard)
    except OSError as error:
        raise write_error(error, shard) from error


def _remove_finished_passes(library: Path) -> None:
    """Receipts are of use until every job of their input is done."""
    manifests = load_manifests(library)
    waiting = {InputName(m.class_name, m.k) for m in manifests if m.state is not State.DONE}
    if not (library / PASSES_DIRECTORY).is_dir():
        return
    for directory in directories_in(library / PASSES_DIRECTORY):
        if directory.name not in {str(name) for name in waiting}:
            remove_tree(directory)
