"""One pass: the pending jobs of one input in one scan of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from halodb.engine import connect
from halodb.inputs.regroup import sliceable
from halodb.inputs.signature import signature_of
from halodb.jobs import Job
from halodb.jobs.job import pass_directory
from halodb.transformation.claim import claim_pending
from halodb.transformation.finish import finish_pass
from halodb.transformation.pass_plan import Limits, PassPlan, made_so_far
from halodb.transformation.pass_report import Clock, PassReport
from halodb.transformation.worker import run_unit, start_worker
from halodb.units import Receipt, Unit, cut, estimate_costs, remaining
from halodb.workers.governor import Governor, WorkerBudget
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work, run_units
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask


def run_pass(
    jobs: Sequence[Job],
    library: Path,
    *,
    budget: WorkerBudget,
    limits: Limits | None = None,
    stride: int = 1,
    replace: bool = False,
    listener: Listener = SILENT,
) -> PassReport:
    """Run the pending ones of some jobs of one input in one scan of it; see `transform`. The caller holds the library.

    Args:
        budget: the workers, and the memory they may take.
        stride: only rows whose number it divides are parents.
    """
    limits = limits or Limits()
    started = time.monotonic()
    manifests, pending = claim_pending(jobs, library, limits, stride, replace)
    clock = Clock()
    parents, products, stopped, workers, writing = 0, 0, 0, budget.workers, 0.0
    if pending:
        source = jobs[0].input
        directory = pass_directory(library, source.name)
        file = sliceable(source, directory)
        with connect(library, budget.bytes) as connection:
            units = list(cut(estimate_costs(connection, file, source.rows)))
        plan = PassPlan(
            source=file,
            signature=source.signature if file == source.path else signature_of(file),
            jobs=tuple(pending),
            fingerprints=tuple(manifests[job.name].fingerprint for job in pending),
            directory=directory,
            stride=stride,
            limits=limits,
        )
        tasks = _tasks(plan, units)
        done = 0
        workers = max(1, min(workers, len(tasks)))
        with Governor(budget, directory) as governor:
            for receipt in run_units(_work(plan), tasks, governor):
                if receipt is not None:
                    done += 1
                    parents += receipt.parents
                    products += sum(job.products for job in receipt.jobs)
                    writing += receipt.writing_seconds
                    clock.add(receipt.seconds)
                seconds = time.monotonic() - started
                listener.progress(
                    Progress(_title(jobs), done, len(tasks), parents, products, seconds, budget.meter.now)
                )
            stopped = governor.stopped
        finish_pass(plan, manifests, time.monotonic() - started, budget.meter.peak)
    return PassReport(
        jobs=tuple(manifests.values()),
        already=tuple(job.name for job in jobs if job not in pending),
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


def _work(plan: PassPlan) -> Work[Receipt]:
    return Work(
        source=plan.source,
        directory=plan.directory,
        prepare=start_worker,
        plan=plan,
        run=run_unit,
        parent_seconds=plan.limits.parent_seconds,
    )


def _title(jobs: Sequence[Job]) -> str:
    return f"{jobs[0].input.name}, {len(jobs[0].rules) if jobs[0].pooled else len(jobs)} rules"


def _tasks(plan: PassPlan, units: Sequence[Unit]) -> list[UnitTask]:
    """The units that want doing, each with the jobs that still want it."""
    done: dict[str, list[Unit]] = {fingerprint: [] for fingerprint in plan.fingerprints}
    for receipt, made in made_so_far(plan):
        done[made.fingerprint].append(receipt.unit)
    tasks: list[UnitTask] = []
    for unit in units:
        wanted: dict[Unit, list[int]] = {}
        for index, fingerprint in enumerate(plan.fingerprints):
            for part in remaining(unit, done[fingerprint]):
                wanted.setdefault(part, []).append(index)
        tasks.extend(UnitTask(part, tuple(indices)) for part, indices in sorted(wanted.items()))
    return tasks
