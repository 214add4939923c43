"""Keeping the process tree within its memory: early flushes, no new units, and at last the largest worker stopped."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from halodb.errors import HalodbWarning, UsageError
from halodb.files import format_bytes
from halodb.memory import MemoryMeter
from halodb.workers.pressure import Pressure

_LOG = logging.getLogger(__name__)

_FLUSH, _HOLD, _STOP = 0.9, 1.0, 1.1
"""Parts of the budget: with the default budget of half the RAM these are 45, 50 and 55 % of the RAM."""

_BLIND = (
    "the system does not tell how much memory the workers hold, so fewer work at a time. "
    "Look whether another program keeps halodb from looking at its own processes."
)

MAIN_BYTES = 192 * 1024**2
WORKER_BYTES = 160 * 1024**2
"""Measured: a worker with RDKit, pyarrow and a full shard budget takes 110 to 130 MB of PSS, the main one as much."""


@dataclass(frozen=True)
class WorkerBudget:
    """Who works, and within what.

    Attributes:
        workers: processes.
        bytes: what the process tree may hold.
        meter: measures the tree; running.
        asked: how many workers were asked for, where the budget carries fewer.
        cores: of all machines that they work on.
    """

    workers: int
    bytes: int
    meter: MemoryMeter
    asked: int = 0
    cores: int = field(default_factory=lambda: os.cpu_count() or 1)

    @property
    def room_for_workers(self) -> int:
        """How many workers the budget carries."""
        return (self.bytes - MAIN_BYTES) // WORKER_BYTES


def size_pool(meter: MemoryMeter, workers: int | None, memory: int) -> WorkerBudget:
    """As many workers as were asked for (the machine's cores by default), or as the budget carries where that is less.

    Args:
        meter: running.
        workers: processes; None for one a core.
        memory: bytes that the process tree may hold.

    Raises:
        UsageError: the budget does not carry one worker.
    """
    budget = WorkerBudget(workers or os.cpu_count() or 1, memory, meter)
    if budget.room_for_workers < 1:
        least = format_bytes(MAIN_BYTES + WORKER_BYTES)
        raise UsageError(
            f"a budget of {format_bytes(memory)} does not carry one worker.", f"Give --memory {least} or more."
        )
    carried = min(budget.workers, budget.room_for_workers)
    if carried < budget.workers:
        _LOG.warning(
            "%d workers, not %d: a budget of %s carries no more", carried, budget.workers, format_bytes(memory)
        )
    _LOG.info("%d workers, memory budget %s", carried, format_bytes(memory))
    return WorkerBudget(carried, budget.bytes, meter, budget.workers)


class Governor:
    """Watches the memory of a budget while its `with` block lasts; the pool asks it before each unit.

    Attributes:
        budget: the budget.
        stopped: how many workers it has stopped.
        is_alert: whether memory was short at the last look.
    """

    def __init__(self, budget: WorkerBudget, directory: Path) -> None:
        self.budget = budget
        self.stopped = 0
        self.is_alert = False
        self._pressure = Pressure.make(directory)
        self._sample_of_last_stop = -1

    def __enter__(self) -> Governor:
        return self

    def __exit__(self, *_: object) -> None:
        self._pressure.close()

    def watch(self) -> bool:
        """Look at the last sample and act on it; whether a new unit may start.

        Where nothing can be measured, buffers are kept small and one unit runs at a time.
        """
        if self.budget.meter.is_blind:
            self._pressure.set(True)
            warnings.warn(_BLIND, HalodbWarning, stacklevel=2)
            return False
        share = self.budget.meter.now / self.budget.bytes
        if self.is_alert != (share >= _FLUSH):
            self.is_alert = not self.is_alert
            what = "workers write early" if self.is_alert else "memory is no longer short"
            _LOG.info("%.0f %% of the memory budget is taken: %s", 100 * share, what)
        self._pressure.set(self.is_alert)
        if share >= _STOP:
            self._stop_largest()
        return share < _HOLD

    def _stop_largest(self) -> None:
        meter = self.budget.meter
        if meter.samples <= self._sample_of_last_stop + 1:  # the next sample must show what the last stop gave back
            return
        workers = {process: held for process, held in meter.by_process.items() if process != os.getpid()}
        if not workers:
            return
        self._sample_of_last_stop = meter.samples
        largest = max(workers, key=lambda process: workers[process])
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(largest).kill()
            self.stopped += 1
            _LOG.warning("memory is over the budget: worker %d, which held the most, is stopped", largest)
