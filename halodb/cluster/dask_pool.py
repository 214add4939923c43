"""The executor that has Dask run units: it hands out a few more than there are cores, and takes receipts back.

Which worker does which unit, and which does it again when one is gone, is Dask's business. What is left to do here is
what Dask cannot know: that a scheduler which comes back has forgotten everything, that a worker has other versions, and
that a parent at which processes died twice is a reject.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError as CancelledHere
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import dask
from distributed import Client, KilledWorker, LocalCluster

from halodb.cluster.address import LOCAL, client_arguments
from halodb.cluster.sameness import SEEN_SECONDS, Sameness
from halodb.cluster.unit_runner import Died, Done, Refused, UnitRunner, refusal_of, run_unit
from halodb.errors import ClusterError, HalodbError, UsageError
from halodb.files import format_bytes, short_digest
from halodb.memory import MemoryMeter
from halodb.workers.governor import MAIN_BYTES, WORKER_BYTES, WorkerBudget, size_pool
from halodb.workers.interrupts import interrupts_held
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work
from halodb.workers.queue import UnitQueue
from halodb.workers.task import UnitTask

_LOG = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_LOOK_SECONDS = 2.0
"""How often is asked which workers there are."""

_UNITS_A_CORE = 2
"""One that runs and one that waits where it will run, so that no core waits for the scheduler."""

_CONNECT_SECONDS = 10.0
_SCHEDULER_SECONDS = 600.0
"""How long a scheduler that does not answer is waited for, once it has answered."""
_TELL_SECONDS = 15.0

_SAME = "Start all workers in the same environment."

_LOST = (OSError, CancelledHere, asyncio.CancelledError, TimeoutError)
"""What Dask raises when the connection to the scheduler is lost; its `CommClosedError` is an OSError."""

Result = TypeVar("Result")


class _SchedulerLostError(Exception):
    """The scheduler does not answer, or has come back and knows of nothing."""


class _UnitFailedError(Exception):
    """A unit raised an error, which may look like one of the connection."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


@contextlib.contextmanager
def open_pool(
    cluster: str, meter: MemoryMeter, workers: int | None, memory: int, library: Path, listener: Listener = SILENT
) -> Iterator[DaskPool]:
    """A pool of the workers of a cluster; see `executors.executor_of`."""
    _quiet_dask()
    if cluster == LOCAL:
        budget = size_pool(meter, workers, memory)
        with _local_cluster(budget) as local:
            pool = DaskPool(local.scheduler_address, WorkerBudget(1, memory, meter), library, listener)
            with contextlib.closing(pool):
                yield pool
        return
    pool = DaskPool(cluster, WorkerBudget(1, memory, meter), library, listener)
    with contextlib.closing(pool):
        yield pool


@contextlib.contextmanager
def _local_cluster(budget: WorkerBudget) -> Iterator[Any]:
    """A cluster of this machine under the budget of a run: one Dask worker, as on a node, with a thread a process."""
    room = (budget.bytes - 2 * MAIN_BYTES) // WORKER_BYTES
    if room < 1:
        raise UsageError(
            f"a budget of {format_bytes(budget.bytes)} does not carry a worker of a cluster.",
            f"Give --memory {format_bytes(2 * MAIN_BYTES + WORKER_BYTES)} or more.",
        )
    # Dask's profiler looks at Python 100 times a second; here there is nothing to see but units that wait.
    with interrupts_held(), dask.config.set({"distributed.worker.profile.enabled": False}):
        local = LocalCluster(
            n_workers=1,
            threads_per_worker=min(budget.workers, room),
            processes=True,
            memory_limit=budget.bytes - MAIN_BYTES,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )
    try:
        yield local
    finally:
        local.close()


def _quiet_dask() -> None:
    """Keep Dask's log from the terminal, which has lines of halodb's for the same."""
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class DaskPool:
    """The workers of a cluster as an executor.

    Attributes:
        budget: of this process; its workers are the cores of the cluster, as they were at the last look.
        patience: see `Executor`.
        stopped: processes that workers stopped for their memory.
    """

    patience = SEEN_SECONDS

    def __init__(self, cluster: str, budget: WorkerBudget, library: Path, listener: Listener = SILENT) -> None:
        """Connect to the scheduler.

        Raises:
            ClusterError: none answers.
        """
        self.budget = budget
        self.stopped = 0
        self._cluster = cluster
        self._listener = listener
        self._sameness = Sameness.of(library)
        self._name = f"halodb {short_digest(str(library))}"
        self._told: set[str] = set()
        self._session: _Session | None = None
        self._client = _connect(cluster)
        self.note_workers(sum(self._client.nthreads().values()), 0)

    def close(self) -> None:
        """Leave the scheduler; its workers stay, without processes of halodb's."""
        if self._session is not None:
            self._session.end()
        with contextlib.suppress(*_LOST):
            self._client.close(timeout=_CONNECT_SECONDS)

    def run(self, work: Work[Result], tasks: Sequence[UnitTask], at_once: int | None = None) -> Iterator[Result | None]:
        """See `Executor.run`.

        Raises:
            HalodbError: a unit could not read or write its files.
            ClusterError: the scheduler is gone, or no worker can do the units.
            WorkerError: workers died over and over.
        """
        todo = UnitQueue(work.source, work.parent_seconds, tasks)
        while todo:
            self._session = session = _Session(self, work, todo, at_once)
            try:
                yield from session.run()
            except _UnitFailedError as failed:
                raise failed.error from None
            except _SchedulerLostError:
                yield from self._reconnect()
            finally:
                session.end()

    @property
    def client(self) -> Any:
        """Dask's client."""
        return self._client

    def runner(self, work: Work[Any]) -> UnitRunner:
        """What each worker gets to run the units of a piece of work."""
        return UnitRunner(self._name, secrets.token_hex(8), work, self._sameness)

    def tell(self, text: str) -> None:
        """Say something once."""
        _LOG.warning("%s", text)
        if text not in self._told:
            self._told.add(text)
            self._listener.message(text)

    def note_workers(self, cores: int, stopped: int) -> None:
        """Note how many cores there are, and how many processes were stopped in this piece of work."""
        self.stopped += stopped
        if cores:
            self.budget = replace(self.budget, workers=cores, cores=cores)

    def _reconnect(self) -> Iterator[None]:
        """Wait for the scheduler; what was not done is handed out anew."""
        self.close()
        self._told.discard(told := f"The scheduler of {self._cluster} does not answer; it is waited for.")
        self.tell(told)
        deadline = time.monotonic() + _SCHEDULER_SECONDS
        while True:
            yield None
            try:
                self._client = _connect(self._cluster)
            except (ClusterError, UsageError) as error:  # its file may be gone for a while too
                if time.monotonic() > deadline:
                    raise ClusterError(
                        f"the scheduler of {self._cluster} has not answered for {_SCHEDULER_SECONDS / 60:.0f} minutes.",
                        "Start it again, then run the same command again: what is finished stays finished.",
                    ) from error
                time.sleep(_TICK_SECONDS)
            else:
                _LOG.info("the scheduler of %s answers again", self._cluster)
                return


def _connect(cluster: str) -> Any:
    arguments = client_arguments(cluster)
    try:
        return Client(**arguments, timeout=_CONNECT_SECONDS, set_as_default=False, name="halodb")
    except _LOST as error:
        raise ClusterError(
            f"no scheduler answers at {arguments['address']}.",
            "Start one (dask scheduler), or look at its log and at the address.",
        ) from error


class _Session:
    """One piece of work on one scheduler, until all units are done or the scheduler is lost."""

    def __init__(self, pool: DaskPool, work: Work[Any], todo: UnitQueue, at_once: int | None) -> None:
        self._pool = pool
        self._client = pool.client
        self._work = work
        self._todo = todo
        self._at_once = at_once
        self._runner = pool.runner(work)
        self._finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[Any, tuple[Any, UnitTask, float]] = {}  # by Dask's key
        self._number = 0
        self._cores: dict[str, int] = {}
        self._refused: dict[str, HalodbError] = {}
        self._next_look = 0.0
        self._worked = time.monotonic()
        self._stopped: dict[str, int] = {}
        self._has_ended = False

    def run(self) -> Iterator[Any]:
        """Run what is to do; yields what units return, and None now and then.

        Raises:
            _SchedulerLostError: what was not done is back in the queue.
        """
        try:
            self._register()
            while self._todo or self._running:
                self._look_at_workers()
                self._submit()
                yield from self._take()
                yield None
        except _LOST as error:
            raise self._lost() from error

    def end(self) -> None:
        """Leave nothing on the cluster: what still runs is given up, its processes end."""
        if self._has_ended:
            return
        self._has_ended = True
        with contextlib.suppress(*_LOST, ValueError, RuntimeError):
            if self._client.status == "running":
                self._client.cancel([future for future, *_ in self._running.values()], force=True)
                self._client.unregister_worker_plugin(self._runner.name)
        self._pool.note_workers(sum(self._cores.values()), sum(self._stopped.values()))

    def _lost(self) -> _SchedulerLostError:
        for _, task, _ in self._running.values():
            self._todo.put(task)
        self._running.clear()
        return _SchedulerLostError()

    def _register(self) -> None:
        """Give the runner to all workers, also those that will come.

        A worker that cannot even read it, as it has no halodb, is found when it is asked; one may be ending just now.
        """
        try:
            self._client.register_plugin(self._runner, name=self._runner.name)
        except Exception as error:
            if self._client.status != "running":
                raise self._lost() from error
            _LOG.warning("not every worker has taken the plugin: %s", error)

    def _look_at_workers(self) -> None:
        """Which workers there are, and which of them do units."""
        if self._client.status != "running":
            raise self._lost()
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_SECONDS
        there: dict[str, int] = self._client.nthreads()
        new = [address for address in there if address not in self._cores and address not in self._refused]
        if new:
            told = self._client.run(
                refusal_of, self._runner.name, self._runner.token, workers=new, on_error="return", wait=True
            )
            for address, refusal in told.items():
                if refusal is None:
                    self._cores[address] = there[address]
                elif isinstance(refusal, HalodbError):
                    self._refused[address] = refusal
                elif isinstance(refusal, ImportError | AttributeError):
                    self._refused[address] = ClusterError(f"it has no halodb, or another one ({refusal}).", _SAME)
        self._cores = {address: there[address] for address in self._cores if address in there}
        self._refused = {address: why for address, why in self._refused.items() if address in there}
        self._tell_of_workers(now)
        self._pool.note_workers(sum(self._cores.values()), 0)

    def _tell_of_workers(self, now: float) -> None:
        for address, why in self._refused.items():
            self._pool.tell(f"Worker {address} is left out: {why.message} {why.remedy}")
        if self._cores:
            self._worked = now
        elif self._refused:
            address, why = next(iter(self._refused.items()))
            others = f" (and {len(self._refused) - 1} more)" if len(self._refused) > 1 else ""
            raise ClusterError(f"no worker can do the units. Worker {address}{others}: {why.message}", why.remedy)
        elif now - self._worked > _TELL_SECONDS:
            self._pool.tell("The cluster has no workers; they are waited for.")

    def _submit(self) -> None:
        """Keep the cores busy, and the scheduler's memory small: of a million units it knows a few a core."""
        most = _UNITS_A_CORE * sum(self._cores.values())
        if self._at_once is not None:
            most = min(most, self._at_once)
        while self._todo and len(self._running) < most:
            task = self._todo.take()
            self._number += 1
            key = (_shown(self._work.name), task.unit.name, f"{self._runner.token}-{self._number}")
            future = self._client.submit(
                run_unit,
                self._runner.name,
                self._runner.token,
                task,
                key=key,
                pure=False,
                workers=list(self._cores) if self._refused else None,
            )
            self._running[future.key] = (future, task, time.monotonic())
            future.add_done_callback(self._finished.put)
            _LOG.info("%s: %s %d to %d handed out", self._work.source, self._work.counted, *task.unit)

    def _take(self) -> Iterator[Any]:
        """What has come back by now, waiting a while for the first."""
        finished: list[Any] = []
        with contextlib.suppress(queue.Empty):
            finished.append(self._finished.get(timeout=_TICK_SECONDS))
            while True:
                finished.append(self._finished.get_nowait())
        ours = [future for future in finished if future.key in self._running]
        well = [future for future in ours if future.status == "finished"]
        outcomes = self._gather(well)
        for future in ours:
            if future.key in outcomes:
                _, task, began = self._running.pop(future.key)
                yield from self._results(outcomes[future.key], task, time.monotonic() - began)
            else:
                self._failed(future)

    def _gather(self, futures: Sequence[Any]) -> dict[Any, Any]:
        """The results of units, by key, all at once; of those whose worker died with them, what a second try gave."""
        if not futures:
            return {}
        with contextlib.suppress(KilledWorker):
            return dict(zip([future.key for future in futures], self._client.gather(futures), strict=True))
        outcomes = {}
        for future in futures:
            with contextlib.suppress(KilledWorker):
                outcomes[future.key] = future.result()
        return outcomes

    def _results(self, outcome: Done | Died | Refused, task: UnitTask, seconds: float) -> Iterator[Any]:
        match outcome:
            case Done():
                self._stopped[outcome.worker] = outcome.stopped
                _LOG.info("%s: %s %d to %d done in %.1f s", self._work.source, self._work.counted, *task.unit, seconds)
                yield outcome.result
            case Died():
                self._todo.died(task, outcome.row)
            case Refused():  # of a worker that has just come, and will be left out
                self._todo.put(task)
                self._next_look = 0.0

    def _failed(self, future: Any) -> None:
        """A unit that has no result: its error is raised, unless it is one of the cluster."""
        if future.status not in {"error", "finished"}:
            raise self._lost()  # cancelled: the scheduler has forgotten it
        error = future.exception()
        _, task, _ = self._running.pop(future.key)
        if isinstance(error, KilledWorker):  # Dask has tried it on several workers
            self._todo.died(task, None)
        elif isinstance(error, ImportError | AttributeError):
            raise ClusterError(f"a worker has no halodb, or another one ({error}).", _SAME)
        else:
            raise _UnitFailedError(error)


def _shown(name: str) -> str:
    """The name of a piece of work as Dask's dashboard groups its tasks: up to the first dash."""
    return name.replace("-", " ")
