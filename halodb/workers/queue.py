"""Units to do, and what is known of those in which workers died: the rules are the same on a machine and a cluster."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from halodb.errors import WorkerError
from halodb.units import Unit
from halodb.workers.task import UnitTask

_LOG = logging.getLogger(__name__)

_STRIKES_OF_A_ROW = 2
_DEATHS_WITHOUT_A_ROW = 5
CONDEMNED = "worker stopped on this parent"


class UnitQueue:
    """Units to do. One in which a worker died is put back, without the row that killed twice."""

    def __init__(self, source: Path, parent_seconds: float, tasks: Iterable[UnitTask]) -> None:
        """Begin with some tasks.

        Args:
            source: the file that they are slices of, for messages.
            parent_seconds: the time limit of a row, for messages.
            tasks: in the order in which they are handed out.
        """
        self._source = source
        self._parent_seconds = parent_seconds
        self._tasks = deque(tasks)
        self._strikes: Counter[int] = Counter()
        self._deaths_without_a_row: Counter[Unit] = Counter()

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def take(self) -> UnitTask:
        """The next task."""
        return self._tasks.popleft()

    def put(self, task: UnitTask) -> None:
        """A task that was taken and not done, through no fault of its own."""
        self._tasks.append(task)

    def died(self, task: UnitTask, row: int | None) -> None:
        """A worker died in this unit, at a row or before it had reached one.

        Raises:
            WorkerError: workers died over and over before they had reached a row.
        """
        where = "before it had read a row" if row is None else f"at row {row}"
        _LOG.warning("%s: a worker died in rows %d to %d, %s", self._source, *task.unit, where)
        if row is None:
            self._deaths_without_a_row[task.unit] += 1
            if self._deaths_without_a_row[task.unit] >= _DEATHS_WITHOUT_A_ROW:
                raise WorkerError(
                    f"workers died {_DEATHS_WITHOUT_A_ROW} times in rows {task.unit.start} to {task.unit.stop} "
                    f"of {self._source} before they had read one.",
                    "Look for another program that takes the memory or stops processes, then run the command again.",
                )
        else:
            self._strikes[row] += 1
            if self._strikes[row] >= _STRIKES_OF_A_ROW:
                reason = f"{CONDEMNED}: it crashed, took over {self._parent_seconds:g} s or too much memory, twice"
                task = replace(task, condemned={**task.condemned, row: reason})
                _LOG.warning("%s: row %d is rejected: %s", self._source, row, reason)
        self.put(task)
