"""`halodb index`: an index beside each result, a job after the other, by all workers."""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from halodb.cluster import check_cluster, executor_of, shared_path
from halodb.engine import temporary_directory
from halodb.files import remove_tree, until_seen
from halodb.indexing.columns import RESULT_COLUMNS
from halodb.indexing.parts import part_file, parts_of, put_together
from halodb.indexing.worker import MOLECULE_SECONDS, Indexed, IndexedJob, IndexPlan, index_unit, start_worker
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.jobs import Manifest, write_manifest, writing
from halodb.jobs.indexed import has_index, index_tag
from halodb.jobs.job import INDEX_DIRECTORY
from halodb.jobs.manifest import IndexRecord
from halodb.jobs.select import check_is_library, choose_jobs
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.units import ShardRecord, Unit
from halodb.workers.executor import Executor
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexReport:
    """What was indexed.

    Attributes:
        indexed: manifests of the jobs that have a new index, by name.
        already: names of the jobs that had one.
        unfinished: names of the jobs that have no result yet.
        rows: molecules that RDKit was asked of.
        seconds: wall time.
        worker_seconds: CPU time, summed over the workers.
        peak_memory: bytes, the most that the process tree held at once.
    """

    indexed: tuple[Manifest, ...]
    already: tuple[str, ...]
    unfinished: tuple[str, ...]
    rows: int
    seconds: float
    worker_seconds: float
    peak_memory: int


def index(
    library: Path | str,
    *,
    jobs: Sequence[str] = (),
    inchikeys: bool = False,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    cluster: str | None = None,
    listener: Listener = SILENT,
) -> IndexReport:
    """Write an index beside the result of each finished job that has none: `index.parquet`.

    It holds the rows of the result in their order, and of each molecule two fingerprints, descriptors and halogens,
    equal to RDKit's. Queries use it by themselves. Stopped, it goes on where it was; an index is whole or absent.

    Args:
        library: directory of the library.
        jobs: names of jobs, or patterns such as `polyphenol-*`; all by default.
        inchikeys: also InChIKeys, which take 0.4 ms a molecule more; an index without them is made anew.
        workers: processes; the machine's cores by default. The bytes of an index do not depend on it.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        cluster: where the parts are made, if not here: see `run`.
        listener: told how far it is, and the manifest of each job that is indexed.

    Raises:
        UsageError: an unknown job, or a budget that cannot be understood or carries no worker.
        LibraryError: no library there, or it is in use.
        InputError: a result is damaged.
        DiskFullError, OutputError: an index cannot be written.

    Example:
        >>> halodb.index("library", workers=16).rows  # doctest: +SKIP
    """
    check_cluster(cluster, workers)
    library = shared_path(library, cluster)
    started, held = time.monotonic(), parse_budget(memory)
    check_is_library(library)
    with (
        writing(library, logged=True),
        MemoryMeter() as meter,
        executor_of(cluster, meter, workers, held, library, listener) as executor,
    ):
        chosen = choose_jobs(library, jobs)
        finished = [manifest for manifest in chosen if manifest.state is State.DONE]
        already = [one.job for one in finished if has_index(one, library) and _has_keys(one, inchikeys)]
        for job in already:  # killed between the manifest and this
            _remove_parts(library / job)
        wanted = [manifest for manifest in finished if manifest.job not in already]
        made = _Indexing(library, wanted, inchikeys, executor, listener)
        indexed = tuple(made.run())
    return IndexReport(
        indexed=indexed,
        already=tuple(already),
        unfinished=tuple(manifest.job for manifest in chosen if manifest.state is not State.DONE),
        rows=made.rows,
        seconds=time.monotonic() - started,
        worker_seconds=sum(made.seconds.values()),
        peak_memory=meter.peak,
    )


def _has_keys(manifest: Manifest, inchikeys: bool) -> bool:
    return not inchikeys or (manifest.index is not None and manifest.index.inchikeys)


def _remove_parts(job: Path) -> None:
    if (job / INDEX_DIRECTORY).exists():
        remove_tree(job / INDEX_DIRECTORY)


class _Indexing:
    """The jobs of one call, cut into parts; what is done is put together by a thread while the workers go on."""

    def __init__(
        self, library: Path, wanted: Sequence[Manifest], inchikeys: bool, executor: Executor, listener: Listener
    ) -> None:
        self.rows = 0
        self.seconds = dict.fromkeys(range(len(wanted)), 0.0)
        self._library, self._wanted, self._inchikeys = library, wanted, inchikeys
        self._executor, self._listener = executor, listener
        self._jobs = list(self._numbered())
        self._tasks = [task for number in range(len(wanted)) for task in self._missing(number)]
        self._left = Counter(number for task in self._tasks for number in task.jobs)

    def run(self) -> Iterator[Manifest]:
        """Index them; the manifests, in the order in which they are done."""
        putting: deque[tuple[int, Future[ShardRecord]]] = deque()
        with ThreadPoolExecutor(1, "index") as thread:
            for number in range(len(self._wanted)):
                if not self._left[number]:
                    putting.append((number, thread.submit(self._put_together, number)))
            for (number,) in self._run_units():
                putting.append((number, thread.submit(self._put_together, number)))
                while putting and putting[0][1].done():
                    yield self._noted(*putting.popleft())
            while putting:
                yield self._noted(*putting.popleft())

    def _run_units(self) -> Iterator[tuple[int]]:
        """Run the units that are left; the number of each job of which that was the last."""
        if not self._tasks:
            return
        started, done = time.monotonic(), 0
        with temporary_directory(self._library) as place:
            directory = Path(place)
            plan = IndexPlan(tuple(self._jobs), directory, self._inchikeys)
            work = Work(self._library, directory, start_worker, plan, index_unit, MOLECULE_SECONDS, "index")
            for result in self._executor.run(work, self._tasks):
                if result is not None:
                    done += 1
                    if self._count(result):
                        yield (result.job,)
                seconds = time.monotonic() - started
                held, budget = self._executor.budget.meter.now, self._executor.budget.bytes
                self._listener.progress(
                    Progress("index", done, len(self._tasks), self.rows, 0, seconds, held, "parts", budget)
                )

    def _count(self, result: Indexed) -> bool:
        """Count a unit; whether its job has all its parts."""
        self.rows += result.rows
        self.seconds[result.job] += result.seconds
        self._left[result.job] -= 1
        return not self._left[result.job]

    def _numbered(self) -> Iterator[IndexedJob]:
        first = 0
        for manifest in self._wanted:
            directory = self._library / manifest.job
            there = read_footer(directory / PRODUCTS_FILE).schema.names
            rule = None if manifest.pooled else manifest.rules[0]
            constants = {
                "class": manifest.class_name,
                "k": manifest.k,
                "rule": rule and rule.name,
                "family": rule and rule.family,
                "label": rule and rule.label,
            }
            known = constants if not manifest.labelled else {}
            taken = tuple(name for name, _ in RESULT_COLUMNS if name in there and (known.get(name) is None))
            yield IndexedJob(directory, self._tag(manifest), first, taken, constants)
            first += manifest.counts.unique

    def _tag(self, manifest: Manifest) -> str:
        """Of the parts: those with InChIKeys are others."""
        return f"{index_tag(manifest)}{'k' * self._inchikeys}"

    def _missing(self, number: int) -> Iterator[UnitTask]:
        job = self._jobs[number]
        for unit in parts_of(self._wanted[number].counts.unique):
            if not part_file(job.directory, unit, job.tag).exists():
                yield UnitTask(Unit(job.first + unit.start, job.first + unit.stop), (number,))

    def _put_together(self, number: int) -> ShardRecord:
        manifest, job = self._wanted[number], self._jobs[number]
        parts = [part_file(job.directory, unit, job.tag) for unit in parts_of(manifest.counts.unique)]
        until_seen(lambda: all(part.exists() for part in parts), self._executor.patience)
        return put_together(manifest, job.directory, job.tag)

    def _noted(self, number: int, made: Future[ShardRecord]) -> Manifest:
        """Note an index in the manifest of its job, which is what makes it count, and remove its parts."""
        manifest, job = self._wanted[number], self._jobs[number]
        record = IndexRecord(
            file=made.result(),
            tag=index_tag(manifest),
            inchikeys=self._inchikeys,
            seconds=round(self.seconds[number], 3),
        )
        noted = manifest.model_copy(update={"index": record})
        write_manifest(job.directory, noted)
        _remove_parts(job.directory)
        _LOG.info("%s is indexed: %d rows, %d bytes", manifest.job, record.file.rows, record.file.bytes)
        self._listener.result(noted)
        return noted
