"""What a pass did, and how busy its workers were."""

from __future__ import annotations

import time
from dataclasses import dataclass

from halodb.jobs import Manifest


@dataclass(frozen=True)
class PassReport:
    """What a pass did.

    Attributes:
        jobs: the manifests of all jobs asked for, in the order of their rules.
        already: names of the jobs that needed nothing.
        resumed: whether an earlier run had done a part.
        parents: rows done in this run.
        products: products written in this run, duplicates included.
        seconds: wall time of this run.
        worker_seconds: time that the workers spent in units, summed.
        writing_seconds: the part of it that went into the last shards of the units.
        idle_share: part of the workers' time without a unit, from the begin of the first unit to the end of the last.
        peak_memory: bytes, the most that the process tree held at once.
        workers: worker processes.
        stopped_workers: how many were stopped because they took the tree over its budget; their units were run again.
    """

    jobs: tuple[Manifest, ...]
    already: tuple[str, ...]
    resumed: bool
    parents: int
    products: int
    seconds: float
    worker_seconds: float
    writing_seconds: float
    idle_share: float
    peak_memory: int
    workers: int
    stopped_workers: int


class Clock:
    """How busy the workers were, from the first unit's begin to the last unit's end."""

    def __init__(self) -> None:
        self.busy = 0.0
        self._began: float | None = None
        self._ended = 0.0

    def add(self, seconds: float) -> None:
        """A unit that took so long has just ended."""
        self._ended = time.monotonic()
        began = self._ended - seconds
        self._began = began if self._began is None else min(self._began, began)
        self.busy += seconds

    def idle_share(self, workers: int) -> float:
        """Part of the workers' time in which they had no unit."""
        span = self._ended - self._began if self._began is not None else 0.0
        return max(0.0, 1 - self.busy / (workers * span)) if span else 0.0
