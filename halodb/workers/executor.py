"""The seam: a pass asks an executor to run its units and gets receipts back, wherever they run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from halodb.workers.governor import Governor, WorkerBudget
from halodb.workers.pool import Work, run_units
from halodb.workers.task import UnitTask

Result = TypeVar("Result")


class Executor(Protocol):
    """Runs units. There are two: the local pool, and Dask's workers (`halodb.cluster`).

    Attributes:
        budget: what the process tree of this process may take, and how many units run at a time.
        patience: seconds that files of other workers may take to be seen here; 0 on one machine.
        stopped: how many worker processes were stopped because they took too much memory.
    """

    budget: WorkerBudget
    patience: float
    stopped: int

    def run(self, work: Work[Result], tasks: Sequence[UnitTask], at_once: int | None = None) -> Iterator[Result | None]:
        """Run units; yields each receipt when it is there, in no order, and None about twice a second.

        Whatever becomes of a worker, its units are run again. A row at which worker processes died twice is condemned.

        Args:
            work: what to do.
            tasks: the units.
            at_once: how many at a time, where that shall be fewer than there are workers.

        Raises:
            HalodbError: a unit could not read or write its files; the others are given up.
            WorkerError: workers died over and over before they had reached a row.
        """
        ...


class LocalPool:
    """Worker processes of this machine."""

    patience = 0.0

    def __init__(self, budget: WorkerBudget) -> None:
        self.budget = budget
        self.stopped = 0

    def run(self, work: Work[Result], tasks: Sequence[UnitTask], at_once: int | None = None) -> Iterator[Result | None]:
        """See `Executor.run` and `pool.run_units`."""
        workers = min(self.budget.workers, at_once or self.budget.workers)
        with Governor(replace(self.budget, workers=workers), work.directory) as governor:
            try:
                yield from run_units(work, tasks, governor)
            finally:
                self.stopped += governor.stopped
