"""How far a dedup is, for whoever waits."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pyarrow as pa

from halodb.memory import MemoryMeter
from halodb.workers.listener import Listener
from halodb.workers.progress import Progress

_EVERY_SECONDS = 0.5


class DedupProgress:
    """Counts the rows that went through dedup, and tells a listener of them.

    Args:
        listener: is told.
        title: what is deduplicated.
        rows: of all jobs, duplicates included.
        meter: of memory; running.
        budget: of memory, in bytes.
    """

    def __init__(self, listener: Listener, title: str, rows: int, meter: MemoryMeter, budget: int) -> None:
        self._listener, self._title, self._rows = listener, title, rows
        self._meter, self._budget = meter, budget
        self._done = self._kept = 0
        self._began = time.monotonic()
        self._told = 0.0

    def through(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same rows of a result; they are counted on their way."""
        for batch in batches:
            self._kept += batch.num_rows
            self.tell()
            yield batch

    def finished(self, rows: int) -> None:
        """A job is done with, of so many rows before dedup."""
        self._done += rows
        self._kept = 0
        self.tell()

    def tell(self) -> None:
        """Tell where it is, if it is half a second ago that it was told."""
        now = time.monotonic()
        if now - self._told < _EVERY_SECONDS:
            return
        self._told = now
        done, seconds = min(self._done + self._kept, self._rows), now - self._began
        self._listener.progress(
            Progress(self._title, done, self._rows, 0, 0, seconds, self._meter.now, "rows", self._budget)
        )
