"""The local pool: runs units on worker processes and survives the death of any of them."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from halodb.errors import WorkerError
from halodb.units import Unit
from halodb.workers.governor import Governor
from halodb.workers.interrupts import interrupts_held
from halodb.workers.place import Place, settle
from halodb.workers.position import last_row
from halodb.workers.process import environment_of_workers, shorten_lock_timeout
from halodb.workers.queue import UnitQueue
from halodb.workers.task import UnitTask

_LOG = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_ALERT_TICK_SECONDS = 0.1
"""While memory is short: a worker may take hundreds of megabytes a second."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Work(Generic[Result]):
    """What the workers do: any function of a slice of rows whose results are files.

    Attributes:
        source: the file that the units are slices of, for messages.
        directory: where workers leave the mark of the row they are at.
        prepare: called once in each new worker, with `plan`.
        plan: what all units have in common.
        run: called with each unit's task; returns a receipt of a few hundred bytes.
        parent_seconds: the time limit of one row, for messages.
        name: what the units are of, for those who watch.
        counted: what the numbers of a unit count, for the log.
        check: called with `plan` on another machine before its first unit; raises a `HalodbError` where the files that
            units read are not there as they should be, which may only be late.
    """

    source: Path
    directory: Path
    prepare: Callable[[Any], None]
    plan: Any
    run: Callable[[UnitTask], Result]
    parent_seconds: float
    name: str = "units"
    counted: str = "rows"
    check: Callable[[Any], None] | None = None


def run_units(work: Work[Result], tasks: Sequence[UnitTask], governor: Governor) -> Iterator[Result | None]:
    """Run units, each as soon as a worker is free; yields each receipt when it is there, and None twice a second.

    When a worker dies (killed, out of memory, a crash, a parent over its time limit) its unit alone is run again. A row
    at which workers died twice is condemned: it becomes a reject, and the rest of its unit goes on. The memory of the
    process tree is watched.

    Raises:
        HalodbError: a unit could not read or write its files; the other workers are stopped.
        WorkerError: workers died over and over before they had reached a row.
    """
    queue = UnitQueue(work.source, work.parent_seconds, tasks)
    workers = max(1, min(governor.budget.workers, len(tasks)))
    shorten_lock_timeout()
    with environment_of_workers():  # a pool may start a worker at any time
        while queue:
            # A worker that dies while it holds the pool's lock breaks the pool: what was not done goes to a new one.
            yield from _run_in_one_pool(work, queue, workers, governor)


def _run_in_one_pool(work: Work[Result], queue: UnitQueue, workers: int, governor: Governor) -> Iterator[Result | None]:
    pool = make_pool(work, workers)
    running: dict[Future[Result], UnitTask] = {}
    begun: dict[Unit, float] = {}
    others = set(multiprocessing.active_children())
    try:
        start_pool(pool)
        while running or queue:
            # One a worker, none waiting in the pool: what waits there would start however short memory is. To hand out
            # the next costs a millisecond. With no unit running there is no memory to wait for.
            may_start = governor.watch()
            while queue and len(running) < workers and (may_start or not running) and pool.active:
                task = queue.take()
                running[pool.schedule(work.run, args=(task,))] = task
                begun[task.unit] = time.monotonic()
                _LOG.info("%s: %s %d to %d handed out", work.source, work.counted, *task.unit)
            tick = _ALERT_TICK_SECONDS if governor.is_alert else _TICK_SECONDS
            finished, _ = wait(running, timeout=tick, return_when=FIRST_COMPLETED)
            for future in finished:
                task = running.pop(future)
                try:
                    receipt = future.result()
                except (ProcessExpired, BrokenProcessPool):
                    queue.died(task, last_row(work.directory, task.unit))
                else:
                    took = time.monotonic() - begun[task.unit]
                    _LOG.info("%s: %s %d to %d done in %.1f s", work.source, work.counted, *task.unit, took)
                    yield receipt
            yield None
            if not pool.active:
                for task in running.values():
                    queue.died(task, last_row(work.directory, task.unit))
                return
    except BaseException:
        pool.stop()  # type: ignore[no-untyped-call]
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()  # before the pool's pipes go: a worker that is just starting would complain of them
        raise
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def make_pool(work: Work[Result], workers: int, place: Place | None = None) -> ProcessPool:
    """A pool of worker processes, not started yet."""
    return ProcessPool(
        max_workers=workers,
        context=multiprocessing.get_context("spawn"),
        initializer=settle,
        initargs=(place, work.prepare, work.plan),
    )


def start_pool(pool: ProcessPool) -> None:
    """Start the workers, or say why there can be none."""
    try:
        with interrupts_held():
            _ = pool.active
    except (OSError, RuntimeError) as error:
        raise WorkerError(
            f"no worker can be started: {error}.",
            "Python needs room in /dev/shm, and processes and threads (ulimit -u): look whether one is short.",
        ) from error
