"""One pass: the pending jobs of one input in one scan of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from halodb.engine import connect
from halodb.files import format_bytes, remove_tree
from halodb.jobs import Job
from halodb.jobs.job import WORKING_DIRECTORY, pass_directory
from halodb.transformation.claim import claim_pending
from halodb.transformation.finish import finish_pass
from halodb.transformation.pass_plan import Limits, PassPlan
from halodb.transformation.pass_report import Clock, PassReport
from halodb.transformation.scans import plan_scans
from halodb.transformation.worker import UnitMade, run_unit, start_worker
from halodb.workers.executor import Executor, LocalPool
from halodb.workers.governor import WorkerBudget
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work
from halodb.workers.progress import Progress

_LOG = logging.getLogger(__name__)


def run_pass(
    jobs: Sequence[Job],
    library: Path,
    *,
    budget: WorkerBudget,
    executor: Executor | None = None,
    limits: Limits | None = None,
    stride: int = 1,
    replace: bool = False,
    listener: Listener = SILENT,
) -> PassReport:
    """Run the pending ones of some jobs of one input in one scan of it; see `transform`. The caller holds the library.

    Args:
        budget: the workers, and the memory they may take.
        executor: who runs the units; the local pool of the budget by default.
        stride: only rows whose number it divides are parents.
    """
    limits, executor = limits or Limits(), executor or LocalPool(budget)
    started = time.monotonic()
    manifests, pending = claim_pending(jobs, library, limits, stride, replace)
    _LOG.info("%s: %d of %d jobs to do", jobs[0].input.name, len(pending), len(jobs))
    clock = Clock()
    resumed = False
    parents, products, stopped, workers, writing = 0, 0, executor.stopped, budget.workers, 0.0
    if pending:
        directory = pass_directory(library, jobs[0].input.name)
        wanted = {manifests[job.name].fingerprint: job for job in pending}
        with connect(library, budget.bytes) as connection:
            scans = list(plan_scans(connection, wanted, directory, stride, limits))
        units = sum(len(scan.tasks) for scan in scans)
        to_do = sum(task.unit.stop - task.unit.start for scan in scans for task in scan.tasks)
        resumed = to_do < jobs[0].input.rows * len(scans)
        done = 0
        for scan in scans:
            for made in executor.run(work_of(scan.plan), scan.tasks):
                if made is not None:
                    done += 1
                    parents += made.parents
                    products += made.products
                    writing += made.writing_seconds
                    if made.early_shards:
                        rows = f"rows {made.unit.start} to {made.unit.stop}"
                        _LOG.info("%s: %d shards written early, memory was short", rows, made.early_shards)
                    clock.add(made.seconds)
                seconds = time.monotonic() - started
                held = budget.meter.now
                now = Progress(_title(jobs), done, units, parents, products, seconds, held, budget=budget.bytes)
                listener.progress(now)
            finish_pass(scan.plan, manifests, time.monotonic() - started, budget.meter.peak, executor.patience)
        workers = max(1, min(executor.budget.workers, max(len(scan.tasks) for scan in scans)))
        remove_tree(directory / WORKING_DIRECTORY)
    stopped = executor.stopped - stopped
    seconds = time.monotonic() - started
    _LOG.info(
        "%s: %d parents, %d products in %.1f s, %.0f %% idle, peak memory %s, %d workers stopped",
        *(jobs[0].input.name, parents, products, seconds, 100 * clock.idle_share(workers)),
        *(format_bytes(budget.meter.peak), stopped),
    )
    return PassReport(
        jobs=tuple(manifests.values()),
        already=tuple(job.name for job in jobs if job not in pending),
        resumed=resumed,
        parents=parents,
        products=products,
        seconds=time.monotonic() - started,
        worker_seconds=clock.busy,
        writing_seconds=writing,
        idle_share=clock.idle_share(workers),
        peak_memory=budget.meter.peak,
        workers=workers,
        stopped_workers=stopped,
    )


def work_of(plan: PassPlan) -> Work[UnitMade]:
    """What workers do in a pass."""
    return Work(
        source=plan.source,
        directory=plan.directory,
        prepare=start_worker,
        plan=plan,
        run=run_unit,
        parent_seconds=plan.limits.parent_seconds,
        name=f"transform {plan.jobs[0].input.name}",
        check=PassPlan.check_unchanged,
    )


def _title(jobs: Sequence[Job]) -> str:
    rules = len(jobs[0].rules) if jobs[0].pooled else len(jobs)
    return f"{jobs[0].input.name}, {rules} rule{'s' * (rules != 1)}"
