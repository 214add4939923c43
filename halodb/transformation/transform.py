"""`halodb transform`: one pass over an input for all the rules asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.engine import connect
from halodb.errors import LibraryError
from halodb.files import remove_tree
from halodb.inputs import open_input
from halodb.inputs.regroup import sliceable
from halodb.inputs.signature import signature_of
from halodb.jobs import Counts, Job, Manifest, transform_jobs, writing
from halodb.jobs.job import WORKING_DIRECTORY, pass_directory
from halodb.jobs.made import missing_rows
from halodb.jobs.manifest import write_manifest
from halodb.jobs.paths import check_paths
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.rules import read_rules
from halodb.rules.choose import choose_rules
from halodb.transformation.claim import claim_pending
from halodb.transformation.pass_plan import Limits, PassPlan
from halodb.transformation.worker import run_unit, start_worker
from halodb.units import JobReceipt, Receipt, Unit, cut, estimate_costs, load_made, remaining
from halodb.workers.governor import Governor, WorkerBudget, size_pool
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work, run_units
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask


@dataclass(frozen=True)
class PassReport:
    """What a pass did.

    Attributes:
        jobs: the manifests of all jobs asked for, in the order of their rules.
        already: names of the jobs that needed nothing.
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
    parents: int
    products: int
    seconds: float
    worker_seconds: float
    writing_seconds: float
    idle_share: float
    peak_memory: int
    workers: int
    stopped_workers: int


def transform(
    parents: Path | str,
    library: Path | str,
    *,
    rules: Sequence[str] = (),
    rule_file: Path | None = None,
    name: str | None = None,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    limits: Limits | None = None,
    replace: bool = False,
    listener: Listener = SILENT,
) -> PassReport:
    """Write the shards of all products that some rules make of an input; `dedup` makes the results of them.

    Runs again where it was stopped: units with a receipt are not done twice, jobs that are finished not at all.

    Args:
        parents: the input, `<class>-<k>X/products.parquet` or its directory.
        library: directory of the library; made where it is not there.
        rules: names of rules; all in scope of the input's class by default.
        rule_file: a rule file of your own; the shipped transforms by default.
        name: `<class>-<k>X` where the path does not say it.
        workers: processes; the machine's cores by default. The result does not depend on it.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        limits: what one parent and one worker may take.
        replace: start anew the jobs that another input, rule or version of halodb or RDKit has made.
        listener: told while it goes on.

    Raises:
        UsageError: an unknown rule, one that is out of scope, or paths that Windows would refuse.
        RuleFileError: the rule file is not valid.
        InputError: the input cannot be read.
        LibraryError: the library is in use, or holds jobs of another input and `replace` is not set.
        DiskFullError, OutputError: the library cannot be written to.
        WorkerError: workers keep dying for a reason that is not a molecule.
    """
    library = Path(library)
    chosen_from = read_rules(rule_file)
    source = open_input(Path(parents), name)
    jobs = transform_jobs(library, source, choose_rules(chosen_from, source.name.class_name, rules))
    check_paths(library, (job.name for job in jobs))
    with writing(library), MemoryMeter() as meter:
        return run_pass(
            jobs,
            library,
            budget=size_pool(meter, workers, parse_budget(memory)),
            limits=limits,
            replace=replace,
            listener=listener,
        )


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
    clock = _Clock()
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
        _finish(plan, manifests, time.monotonic() - started, budget.meter.peak)
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


class _Clock:
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
    for receipt, made in _made(plan):
        done[made.fingerprint].append(receipt.unit)
    tasks: list[UnitTask] = []
    for unit in units:
        wanted: dict[Unit, list[int]] = {}
        for index, fingerprint in enumerate(plan.fingerprints):
            for part in remaining(unit, done[fingerprint]):
                wanted.setdefault(part, []).append(index)
        tasks.extend(UnitTask(part, tuple(indices)) for part, indices in sorted(wanted.items()))
    return tasks


def _made(plan: PassPlan) -> Iterator[tuple[Receipt, JobReceipt]]:
    """What units have made for the jobs of a pass so far."""
    shards = {fingerprint: job.shards for job, fingerprint in zip(plan.jobs, plan.fingerprints, strict=True)}
    return load_made(plan.receipts, shards)


def _finish(plan: PassPlan, manifests: dict[str, Manifest], seconds: float, peak_memory: int) -> None:
    """Write what the units counted into the manifests: the jobs are transformed."""
    counts = {fingerprint: Counts() for fingerprint in plan.fingerprints}
    worker_seconds = dict.fromkeys(plan.fingerprints, 0.0)
    units: dict[str, list[Unit]] = {fingerprint: [] for fingerprint in plan.fingerprints}
    for receipt, made in _made(plan):
        units[made.fingerprint].append(receipt.unit)
        count = counts[made.fingerprint]
        worker_seconds[made.fingerprint] += receipt.seconds
        count.parents += receipt.parents
        count.matched += made.matched
        count.sites += made.sites
        count.products += made.products
        for reason, number in made.rejects.items():
            count.rejects[reason] = count.rejects.get(reason, 0) + number
    for job, fingerprint in zip(plan.jobs, plan.fingerprints, strict=True):
        manifest = manifests[job.name]
        _check_complete(manifest, units[fingerprint], counts[fingerprint])
        manifests[job.name] = manifest.moved(
            State.TRANSFORMED,
            counts=counts[fingerprint],
            transform_seconds=round(manifest.transform_seconds + seconds, 3),
            worker_seconds=round(worker_seconds[fingerprint], 3),
            peak_memory=max(manifest.peak_memory, peak_memory),
        )
        write_manifest(job.directory, manifests[job.name])
    remove_tree(plan.directory / WORKING_DIRECTORY)


def _check_complete(manifest: Manifest, units: Sequence[Unit], counts: Counts) -> None:
    """Every row of the input must be answered for by a receipt whose shards are there: files may have vanished."""
    missing = missing_rows(manifest, units)
    if missing or manifest.parents_expected not in {None, counts.parents}:
        rows = f"rows {missing[0].start:,} to {missing[0].stop:,}" if missing else "some rows"
        raise LibraryError(
            f"{manifest.job}: receipts or shards of {rows} of {manifest.input.path} have vanished or are damaged.",
            "Something else removes files of the library? Run again: only what is missing is made again.",
        )
