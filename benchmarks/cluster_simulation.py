"""A run on many cores, event by event: what is measured are the units; what is assumed is said here.

The scheduler is one server: each unit costs it a millisecond (Dask's own figure), to hand it out and to take its end.
A core holds one unit that runs and one that waits, as `dask_pool` hands them out; when one ends the next is asked for.
Passes come one after another, as in `halodb run`: each is cut by the main process, then enumerated, its receipts read,
its jobs deduplicated side by side, a job a core. A worker writes where others write: the file system is taken for fast
enough, which docs/cluster.md does the sums for.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SCHEDULER_SECONDS = 0.001

HER_INPUTS: Mapping[str, tuple[int, int]] = {
    "polyphenol-2X": (13_790_820, 16),
    "terpenoid-2X": (21_000_000, 10),
    "alkaloid-2X": (15_000_000, 12),
    "aa_peptide-2X": (11_000_000, 15),
    "lipid-2X": (4_000_000, 6),
    "all of 1X": (2_209_180, 59),
}
"""Rows and jobs: 67 million rows. That of `polyphenol-2X` is known, the others are shared out."""

JOB_SECONDS = 0.04
"""Of dedup, a job: its manifest and its check (as in `halodb plan`)."""

_REGISTER_SECONDS = 1.0
"""Of a pass: the plugin goes to all workers, and each starts its processes."""


@dataclass(frozen=True)
class Costs:
    """What was measured.

    Attributes:
        units: seconds of one core, of some units.
        rows_of_units: rows of each of these.
        receipt_seconds: to read a receipt and look for its shards.
        cut_seconds: a row, to estimate the costs of an input.
        product_seconds: of dedup and its check, a product, without what each job takes.
        products_a_row: on average.
        shards_a_unit: files.
        bytes_a_product: of results.
    """

    units: tuple[float, ...]
    rows_of_units: tuple[int, ...]
    receipt_seconds: float
    cut_seconds: float
    product_seconds: float
    products_a_row: float
    shards_a_unit: float
    bytes_a_product: float


@dataclass(frozen=True)
class Simulated:
    """How a run went, in seconds of wall time; parts of the time that cores and scheduler were busy in transform."""

    units: int
    seconds: float
    transform: float
    dedup: float
    alone: float
    scheduler_busy: float
    cores_busy: float


def simulate(costs: Costs, inputs: Mapping[str, tuple[int, int]], cores: int, *, grain: int = 10_000) -> Simulated:
    """A run over some inputs.

    Args:
        costs: measured.
        inputs: rows and jobs of each.
        cores: of the cluster.
        grain: rows of a unit.
    """
    chance = random.Random(1)
    alone = transform = dedup = busy = scheduled = 0.0
    units = 0
    a_row = sum(costs.units) / sum(costs.rows_of_units)
    measured = zip(costs.units, costs.rows_of_units, strict=True)
    relative = [seconds / (rows * a_row) for seconds, rows in measured]
    for rows, jobs in inputs.values():
        count = max(1, -(-rows // grain))
        times = [chance.choice(relative) * a_row * rows / count for _ in range(count)]
        units += count
        took, served = enumerate_on(times, cores)
        transform += took
        busy += sum(times)
        scheduled += served
        alone += rows * costs.cut_seconds + count * costs.receipt_seconds + _REGISTER_SECONDS
        dedup += _dedup(rows * costs.products_a_row * costs.product_seconds, jobs, cores)
    return Simulated(
        units=units,
        seconds=alone + transform + dedup,
        transform=transform,
        dedup=dedup,
        alone=alone,
        scheduler_busy=scheduled / transform,
        cores_busy=busy / (cores * transform),
    )


def enumerate_on(times: Sequence[float], cores: int) -> tuple[float, float]:
    """Seconds until units are done on some cores, and those that the scheduler was busy.

    Example:
        >>> enumerate_on([10.0] * 4, 2)
        (20.002, 0.004)
    """
    scheduler = 0.0
    free = [(0.0, core) for core in range(cores)]  # when each core ends what it has
    waiting: list[list[float]] = [[] for _ in range(cores)]  # when the unit that waits at a core has come there
    end = 0.0
    left = list(reversed(times))
    handed = min(len(times), 2 * cores)  # before anything ends
    for number in range(handed):
        scheduler += SCHEDULER_SECONDS
        waiting[number % cores].append(scheduler)
    heapq.heapify(free)
    while left:
        now, core = heapq.heappop(free)
        if not waiting[core]:
            continue
        begins = max(now, waiting[core].pop(0))
        ends = begins + left.pop()
        end = max(end, ends)
        if handed < len(times):
            scheduler = max(scheduler, begins) + SCHEDULER_SECONDS
            waiting[core].append(scheduler)
            handed += 1
        heapq.heappush(free, (ends, core))
    return round(end, 6), round(handed * SCHEDULER_SECONDS, 6)


def _dedup(seconds: float, jobs: int, cores: int) -> float:
    """Seconds of the dedup of a pass: a job a core, all alike."""
    return (seconds / jobs + JOB_SECONDS) * -(-jobs // cores)
