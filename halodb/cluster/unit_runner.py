"""What runs units in a Dask worker: a plugin that each worker gets once for a pass, with worker processes of its own.

A unit does not run in the process of the Dask worker. RDKit holds the interpreter's lock for as long as a molecule
takes, and the worker would not answer its scheduler meanwhile; a molecule may crash or hang its process; and Dask
measures that process alone. So each thread of a Dask worker has a worker process of halodb's: the pool, the marks of
rows and the governor are those of one machine, and two strikes of a parent are counted as there. When the Dask worker
itself ends, its processes end with it, and Dask runs its units elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import shutil
import tempfile
import threading
import time
from concurrent.futures import CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, NamedTuple

from distributed import Reschedule, Worker, WorkerPlugin, get_worker
from pebble import ProcessExpired, ProcessPool

from halodb.cluster.sameness import SEEN_SECONDS, Sameness
from halodb.errors import ClusterError, HalodbError
from halodb.files import until_seen
from halodb.jobs.job import WORKING_DIRECTORY
from halodb.memory import MemoryMeter, total_memory
from halodb.workers.governor import MAIN_BYTES, Governor, WorkerBudget
from halodb.workers.place import Place
from halodb.workers.pool import Work, make_pool, start_pool
from halodb.workers.position import last_row
from halodb.workers.process import environment_of_workers, shorten_lock_timeout
from halodb.workers.task import UnitTask

_LOG = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_IDLE_SECONDS = 120.0
"""After so long without a unit the processes end: who asked for them may be gone."""


class Died(NamedTuple):
    """A worker process died at a row of a unit, or before it had reached one."""

    row: int | None


class Refused(NamedTuple):
    """A worker does not do units; `refusal_of` tells why."""


class Done(NamedTuple):
    """What a unit returned; which Dask worker it was, and how many processes that has stopped for their memory."""

    result: Any
    worker: str
    stopped: int


class UnitRunner(WorkerPlugin):  # type: ignore[misc]  # Dask's classes have no types
    """Runs the units of one piece of work in a Dask worker.

    It travels to each worker once, with all that its units have in common; workers that come later get it as they come.

    Attributes:
        name: of the plugin; the next piece of work on the same library takes its place.
        token: of this piece of work: tasks of another one are not run.
        refusal: why this worker does none; None where it does.
    """

    def __init__(self, name: str, token: str, work: Work[Any], sameness: Sameness) -> None:
        self.name = name
        self.token = token
        self.refusal: HalodbError | None = None
        self._work = work
        self._sameness = sameness

    async def setup(self, worker: Worker) -> None:
        """Look whether this worker may do units, and make room for their processes. They start with the first unit."""
        self._lock = threading.RLock()
        self._pool: ProcessPool | None = None
        self._running = 0
        self._last = time.monotonic()
        self._closing = False
        self._may_start = True
        self._stopped = 0
        self._memory = worker.memory_manager.memory_limit or total_memory() // 2
        self._cores = worker.state.nthreads
        self._address = worker.address
        self._directory = Path(tempfile.mkdtemp(prefix="halodb-", dir=worker.local_directory))
        (self._directory / WORKING_DIRECTORY).mkdir()
        try:
            await asyncio.to_thread(self._check)
        except HalodbError as error:
            self.refusal = error
            _LOG.error("this worker does no units of %s: %s", self._work.source, error)

    def _check(self) -> None:
        self._sameness.check()
        check = self._work.check
        if check is not None:
            until_seen(lambda: _is_well(check, self._work.plan), SEEN_SECONDS)
            check(self._work.plan)

    async def teardown(self, worker: Worker) -> None:
        """End the processes."""
        if hasattr(self, "_lock"):
            await asyncio.to_thread(self._close, for_good=True)

    def run(self, task: UnitTask) -> Done | Died | Refused:
        """Run a unit in a worker process.

        Raises:
            HalodbError: the unit could not read or write its files.
            Reschedule: this worker is ending.
        """
        if self.refusal is not None:
            return Refused()
        pool = self._begin()
        try:
            return self._run(pool, task)
        finally:
            with self._lock:
                self._running -= 1
                self._last = time.monotonic()

    def _begin(self) -> ProcessPool:
        """The pool, when there is memory for a unit; with no unit running there is no memory to wait for."""
        while True:
            with self._lock:
                if self._closing:
                    raise Reschedule
                if self._may_start or not self._running:
                    pool = self._pool if self._pool is not None and self._pool.active else self._open()
                    self._running += 1
                    return pool
            time.sleep(_TICK_SECONDS)

    def _run(self, pool: ProcessPool, task: UnitTask) -> Done | Died:
        try:
            future = pool.schedule(self._work.run, args=(task,))
            while not wait([future], timeout=_TICK_SECONDS).done:
                if self._closing:
                    raise Reschedule
                if not pool.active:  # a process died within the pool's lock: the next unit gets a new pool
                    return Died(last_row(self._directory, task.unit))
            return Done(future.result(), self._address, self._stopped + self._governor.stopped)
        except (ProcessExpired, BrokenProcessPool):
            return Died(last_row(self._directory, task.unit))
        except (CancelledError, RuntimeError) as error:
            if self._closing or not pool.active:
                raise Reschedule from error
            raise

    def _open(self) -> ProcessPool:
        """Start the worker processes, as many as memory carries."""
        self._close()
        shorten_lock_timeout()
        # Dask calls its workers daemons, of which multiprocessing takes no children. They end by themselves with it.
        multiprocessing.current_process().daemon = False
        self._resources = contextlib.ExitStack()
        self._meter = self._resources.enter_context(MemoryMeter())
        budget = WorkerBudget(self._cores, self._memory, self._meter)
        count = max(1, min(self._cores, budget.room_for_workers))
        self._governor = self._resources.enter_context(Governor(budget, self._directory))
        self._resources.enter_context(environment_of_workers())
        place = Place(self._directory, max(0, self._memory - MAIN_BYTES) // count, self._cores)
        self._pool = pool = make_pool(self._work, count, place)
        start_pool(pool)
        self._may_start = True
        threading.Thread(target=self._look_after, args=(pool,), name="look-after", daemon=True).start()
        return pool

    def _look_after(self, pool: ProcessPool) -> None:
        """Keep the processes within their memory, and end them when nobody has asked for long."""
        while True:
            time.sleep(_TICK_SECONDS)
            with self._lock:
                if self._pool is not pool:
                    return
                self._may_start = self._governor.watch()
                if not self._running and time.monotonic() - self._last > _IDLE_SECONDS:
                    self._close()
                    return

    def _close(self, *, for_good: bool = False) -> None:
        with self._lock:
            self._closing |= for_good
            pool, self._pool = self._pool, None
            if pool is not None:
                pool.stop()  # type: ignore[no-untyped-call]
                pool.join()
                self._stopped += self._governor.stopped
                self._resources.close()
        if for_good:
            shutil.rmtree(self._directory, ignore_errors=True)


def run_unit(name: str, token: str, task: UnitTask) -> Done | Died | Refused:
    """A task of Dask: one unit, in the worker process that the runner of this name has for it.

    Raises:
        Reschedule: the runner of this piece of work is not here, or ends.
    """
    runner = get_worker().plugins.get(name)
    if runner is None or runner.token != token:
        raise Reschedule
    return runner.run(task)  # type: ignore[no-any-return]


def refusal_of(name: str, token: str, dask_worker: Worker) -> HalodbError | None:
    """Why a worker does no units; None where it does."""
    runner = dask_worker.plugins.get(name)
    if runner is None or runner.token != token:
        return ClusterError("it was not told what to do.", "Look at its log.")
    return runner.refusal  # type: ignore[no-any-return]


def _is_well(check: Any, plan: Any) -> bool:
    try:
        check(plan)
    except HalodbError:
        return False
    return True
