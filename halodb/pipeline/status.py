"""`halodb status`: how a library stands, also while a run in another terminal goes on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from halodb.engine import connect, run_statement
from halodb.errors import HalodbError
from halodb.files import free_bytes
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Manifest, load_manifests
from halodb.jobs.indexed import has_index
from halodb.jobs.job import PASSES_DIRECTORY, RECEIPTS_DIRECTORY, SHARDS_DIRECTORY
from halodb.jobs.owner import SILENT_SECONDS, Owner, owner_of, silent_seconds
from halodb.jobs.select import check_is_library
from halodb.jobs.state import State
from halodb.log import last_lines
from halodb.memory import memory_by_process
from halodb.pipeline.history import earlier_runs
from halodb.pipeline.record import RunRecord, read_record
from halodb.pipeline.report import GOING_ON, KILLED, RunSummary, rate_of, read_report
from halodb.temporary import SPILL_PREFIX

STATUS_VERSION = 1
_MEMORY = 512_000_000
_LOOK_SECONDS = 0.1


class DiskUse(BaseModel):
    """Bytes of a library's results, of shards that wait for dedup, of spill, and free on its disk."""

    results: int
    shards: int
    spill: int
    free: int


class CurrentPass(BaseModel):
    """The pass that is under way. Times in seconds; figures are of this run, and null before its first unit.

    `place` is which of how many it is, such as "3 of 14". `what` is the word for the units: of dedup they are rows.
    """

    input: str
    state: State
    place: str = ""
    units: int = 0
    all_units: int | None = None
    what: str = "units"
    products_per_second: float | None = None
    seconds_left: float | None = None

    @property
    def share(self) -> float:
        """The part that is done, 0 to 1."""
        return self.units / self.all_units if self.all_units else 0.0


class NewestRun(BaseModel):
    """The newest run: when it began (UTC), how long it took or takes (seconds), and how it ended.

    `outcome` is that of the report: complete, incomplete, stopped, killed, or going on.
    """

    began_at: datetime
    seconds: float
    outcome: str


class Status(BaseModel):
    """How a library stands. Memory and disk in bytes, times in seconds.

    `writer` is the process that writes to it, null where none does, and `host` its machine; `silent` tells how long ago
    one of another machine gave its last sign of life, where that is too long. `jobs` counts jobs by state: waiting,
    transforming, transformed, done, failed. `run` is null and `runs` 0 where `halodb run` never was. `products` are
    written so far, duplicates included; `unique` are in results. `memory` is by process of the writer's tree, where
    that is on this machine. `indexed` jobs have an index that queries use. `seconds_left` is null where nothing is
    under way. `last_words` are the last lines in the log of a run that was killed.
    """

    version: int = STATUS_VERSION
    library: str
    writer: int | None
    host: str | None = None
    silent: float | None = None
    jobs: dict[str, int]
    products: int
    unique: int
    current: CurrentPass | None = None
    seconds_left: float | None = None
    memory: dict[int, int]
    memory_budget: int | None = None
    disk: DiskUse
    failures: dict[str, str]
    indexed: int = 0
    run: NewestRun | None = None
    runs: int = 0
    last_words: tuple[str, ...] = ()

    @property
    def share_done(self) -> float:
        """The part of the jobs that is done, 0 to 1."""
        return self.jobs.get(State.DONE, 0) / sum(self.jobs.values()) if self.jobs else 0.0

    @property
    def memory_in_all(self) -> int:
        """Bytes of the whole process tree."""
        return sum(self.memory.values())


def read_status(library: Path | str) -> Status:
    """How a library stands now; nothing of it is touched or locked.

    Raises:
        LibraryError: there is no library.

    Example:
        >>> halodb.read_status("library").jobs  # doctest: +SKIP
    """
    library = Path(library)
    check_is_library(library)
    manifests = list(load_manifests(library))
    record, writer = read_record(library), owner_of(library)
    going_on = record is not None and not record.ended and _is_of(record, writer)
    silent = silent_seconds(library, touching=False) if writer is not None and not writer.is_here else 0.0
    report = read_report(library)
    earlier = earlier_runs(report, None if going_on else record)
    newest = _newest(record, earlier, going_on)
    return Status(
        library=str(library),
        writer=writer.pid if writer is not None else None,
        host=(writer.host or None) if writer is not None else None,
        silent=round(silent, 1) if silent >= SILENT_SECONDS else None,
        jobs=_count(manifests, record),
        products=_products(library, manifests),
        unique=sum(manifest.counts.unique for manifest in manifests if manifest.state is State.DONE),
        current=_current(record) if record and going_on else None,
        seconds_left=_seconds_left(record) if record and going_on else None,
        memory=memory_by_process(writer.pid) if writer is not None and writer.is_here else {},
        memory_budget=record.plan.memory_budget if record and going_on else None,
        disk=_disk(library, record),
        failures=record.failures if record else {},
        indexed=sum(has_index(manifest, library) for manifest in manifests),
        run=newest,
        runs=len({run.began_at for run in earlier} | ({record.began_at} if record else set())),
        last_words=last_lines(library) if newest is not None and newest.outcome == KILLED else (),
    )


def watch_status(library: Path | str, *, every: float = 2.0, patience: float = 10.0) -> Iterator[Status]:
    """How a library stands, again and again until nobody writes to it any more.

    Args:
        library: directory of the library, there or not yet.
        every: seconds between two looks.
        patience: seconds to wait for a run that is just starting.

    Raises:
        LibraryError: there is no library, and none came.

    Example:
        >>> for status in watch_status("library"):  # doctest: +SKIP
        ...     print(status.share_done)
    """
    library, until = Path(library), time.monotonic() + patience
    while not library.is_dir() and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    while True:
        status = read_status(library)
        yield status
        if status.writer is not None:
            until = 0.0
        elif time.monotonic() >= until:
            return
        time.sleep(every)


def _is_of(record: RunRecord, writer: Owner | None) -> bool:
    """Whether a record is that of the process that writes now."""
    if writer is None or writer.pid != record.process:
        return False
    return not (writer.host and record.host) or writer.host == record.host


def _newest(record: RunRecord | None, runs: Sequence[RunSummary], going_on: bool) -> NewestRun | None:
    if record is not None and going_on:
        return NewestRun(began_at=record.began_at, seconds=record.seconds, outcome=GOING_ON)
    if not runs:
        return None
    return NewestRun(began_at=runs[-1].began_at, seconds=runs[-1].seconds, outcome=runs[-1].outcome)


def _count(manifests: Sequence[Manifest], record: RunRecord | None) -> dict[str, int]:
    states = {manifest.job: manifest.state.value for manifest in manifests}
    if record is not None:
        for one in record.plan.passes:
            for job in one.jobs:
                states.setdefault(job.job, "waiting")
        states.update((job, "failed") for job in record.failures if states.get(job) != State.DONE)
    return dict(sorted(Counter(states.values()).items()))


def _products(library: Path, manifests: Sequence[Manifest]) -> int:
    """Products of jobs whose pass is finished, and of the units with a receipt of the others."""
    finished = sum(manifest.counts.products for manifest in manifests if manifest.state is not State.TRANSFORMING)
    under_way = [manifest.fingerprint for manifest in manifests if manifest.state is State.TRANSFORMING]
    receipts = list(library.glob(f"{PASSES_DIRECTORY}/*/{RECEIPTS_DIRECTORY}/*.json"))
    if not under_way or not receipts:
        return finished
    with connect(library, _MEMORY) as connection:
        try:
            parameters = {"receipts": receipts, "jobs": under_way}
            rows = run_statement(connection, "products_so_far", parameters).fetchall()
        except HalodbError:  # a receipt went while we looked: its pass has just ended, and the next look counts it
            rows = []
    return finished + sum(int(products) for _, _, products in rows)


def _current(record: RunRecord) -> CurrentPass | None:
    if record.under_way is None:
        return None
    name, state = record.under_way
    current = CurrentPass(input=name, state=state, place=f"{[*record.passes].index(name) + 1} of {len(record.passes)}")
    if (progress := record.newest_progress) is None:
        return current
    left = progress.seconds_left
    return current.model_copy(
        update={
            "units": progress.units,
            "all_units": progress.all_units,
            "what": progress.what,
            "products_per_second": rate_of(progress.products, progress.seconds) if progress.products else None,
            "seconds_left": round(left, 1) if left is not None else None,
        }
    )


def _seconds_left(record: RunRecord) -> float | None:
    """What the units left of this pass take at its pace, and what the passes that wait were expected to take."""
    waiting = sum(one.seconds or 0.0 for one in record.plan.passes if record.passes[one.input] is State.WAITING)
    progress = record.newest_progress
    if progress is None:
        return round(waiting, 1)
    left = progress.seconds_left
    return None if left is None else round(waiting + left, 1)


def _disk(library: Path, record: RunRecord | None) -> DiskUse:
    spilling = {library, Path(record.temp_directory)} if record and record.temp_directory else {library}
    return DiskUse(
        results=_bytes(library.glob(f"*/{PRODUCTS_FILE}")),
        shards=_bytes(library.glob(f"*/{SHARDS_DIRECTORY}/*")),
        spill=sum(_bytes(place.glob(f"{SPILL_PREFIX}*/*")) for place in spilling),
        free=free_bytes(library),
    )


def _bytes(paths: Iterator[Path]) -> int:
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except OSError:  # gone meanwhile
            continue
    return total
