"""What the next step of a halogenation will make, told before: each is 20 to 30 times as large as the one before."""

from __future__ import annotations

import logging

from halodb.errors import HalodbError
from halodb.files import format_bytes, format_seconds, free_bytes
from halodb.jobs import Job
from halodb.jobs.state import State
from halodb.jobs.status import status_of
from halodb.transformation import Limits
from halodb.transformation.estimate import WORTH_AN_ESTIMATE, disk_needed, estimate_passes
from halodb.workers.executor import LocalPool
from halodb.workers.governor import WorkerBudget
from halodb.workers.listener import Listener

_LOG = logging.getLogger(__name__)


def tell_expected(job: Job, stride: int, budget: WorkerBudget, limits: Limits, listener: Listener) -> None:
    """Say how many rows a step of halogenation is expected to make, how long it takes, and what disk it needs.

    Args:
        job: the step, pooled; nothing is said of one that is done, or of few parents.
        stride: every so many parents are taken.
        budget: the workers.
        limits: of a parent.
        listener: is told, in a line.
    """
    if job.input.rows < WORTH_AN_ESTIMATE * stride:
        return
    if status_of(job, job.fingerprint(limits.max_heavy_atoms, stride)).state is State.DONE:
        return
    (found,) = estimate_passes([[job]], LocalPool(budget), limits)
    if isinstance(found, HalodbError):  # the pass itself will tell
        return
    made = found.jobs[job.name]
    disk, free = disk_needed([made]) // stride, free_bytes(job.directory.parent)
    told = (
        f"{job.name}: about {made.products // stride:,} rows before duplicates are removed, "
        f"{format_seconds(found.core_seconds / stride)} of one core, {format_bytes(disk)} of disk; "
        f"{format_bytes(free)} free."
    )
    if disk > free:
        told += " The disk may be too small: --depth 1, or --sample-2x, make fewer."
    _LOG.info("%s", told)
    listener.message(told)
