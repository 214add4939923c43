"""One worker process: reads a unit, enumerates, writes shards and the receipt.

Products never leave this process but through its shards; what it returns is the receipt.
"""

from __future__ import annotations

import functools
import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, Self

import rdkit

from halodb.chemistry import Enumeration, Enumerator
from halodb.inputs import read_numbered, read_smiles
from halodb.inputs.analogues import AS_GIVEN
from halodb.jobs import Job
from halodb.shards import ShardWriter
from halodb.shards.writer import write_rejects
from halodb.transformation.pass_plan import PassPlan
from halodb.transformation.targets import products_taken, rules_and_targets
from halodb.units import JobReceipt, Receipt, ShardRecord, Unit, read_receipt, receipt_file, write_receipt
from halodb.workers.position import row_mark
from halodb.workers.pressure import Pressure
from halodb.workers.process import Alarm, become_worker
from halodb.workers.task import UnitTask

Reject = tuple[int, str | None, int | None, str]


_LEAST_TO_FLUSH = 1024**2
"""Bytes: under pressure smaller shards than this would cost more than they free."""


class UnitMade(NamedTuple):
    """What is told of a unit that is done: the sums of its receipt, for that lies on disk and may name many shards."""

    unit: Unit
    parents: int
    products: int
    seconds: float
    writing_seconds: float
    early_shards: int

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """The sums of a receipt."""
        products = sum(job.products for job in receipt.jobs)
        seconds = (receipt.seconds, receipt.writing_seconds)
        return cls(receipt.unit, receipt.parents, products, *seconds, receipt.early_shards)


class _Worker:
    """What a worker keeps from unit to unit."""

    plan: PassPlan
    pressure: Pressure


def start_worker(plan: PassPlan) -> None:
    """Make this process a worker of a pass: it lives as long as the process that started it."""
    become_worker()
    _Worker.plan = plan
    _Worker.pressure = Pressure.open(plan.directory)


def run_unit(task: UnitTask) -> UnitMade:
    """Enumerate one unit for the jobs that want it.

    Raises:
        HalodbError: the input cannot be read, or a file cannot be written. A bad molecule raises nothing.
    """
    plan, unit, pressure = _Worker.plan, task.unit, _Worker.pressure
    plan.check_unchanged()
    there = _receipt_of(task)
    if there is not None:
        return UnitMade.of(there)._replace(seconds=0.0, writing_seconds=0.0)
    enumerator, targets = _enumerator(task.jobs)
    started = time.monotonic()
    jobs = tuple(plan.jobs[index] for index in task.jobs)
    writer = ShardWriter(jobs, unit, plan.limits.shard_bytes)
    tallies = [_Tally() for _ in jobs]
    pooled = any(job.pooled for job in jobs)
    parents = 0
    with row_mark(plan.directory, unit) as mark, Alarm(plan.limits.parent_seconds) as alarm:
        for row, smiles in _parents(plan, unit):
            if row % plan.stride:
                continue
            parents += 1
            alarm.begin()
            mark.at(row)
            if row in task.condemned:
                for tally in tallies:
                    tally.rejects.append((row, smiles, None, task.condemned[row]))
                continue
            outcome = enumerator.enumerate(smiles)
            for rule, site, product in products_taken(outcome, pooled=pooled):
                job, rule_of_job = targets[rule]
                writer.add(job, product, row, site, rule_of_job)
                tallies[job].products += 1
            _count(outcome, targets, tallies, row, smiles)
            if pooled and (nothing := outcome.why_nothing) is not None:
                tallies[0].rejects.append((row, smiles, None, nothing))
            if pressure.is_high():
                writer.relieve(_LEAST_TO_FLUSH)
    enumerated = time.monotonic()
    shards = writer.finish()
    receipt = Receipt(
        version=1 if plan.order == AS_GIVEN else 2,  # an older halodb would take the places of the unit for rows
        start=unit.start,
        stop=unit.stop,
        parents=parents,
        seconds=round(time.monotonic() - started, 3),
        writing_seconds=round(time.monotonic() - enumerated, 3),
        worker=os.getpid(),
        order=plan.order,
        in_row_order=plan.order == AS_GIVEN,
        early_shards=writer.early,
        jobs=tuple(
            JobReceipt(
                job=job.name,
                fingerprint=plan.fingerprints[index],
                matched=tally.matched,
                sites=tally.sites,
                products=tally.products,
                rejects=tally.reasons(),
                shards=shards[position],
                reject_shard=_reject_shard(task, index, tally),
                left_out=tally.left_out_by_name(job),
            )
            for position, (index, job, tally) in enumerate(zip(task.jobs, jobs, tallies, strict=True))
        ),
    )
    plan.check_unchanged()
    write_receipt(plan.receipts, receipt)
    return UnitMade.of(receipt)


def _receipt_of(task: UnitTask) -> Receipt | None:
    """The receipt of a unit that was done meanwhile: by a worker that was given up, or whose word was lost."""
    plan = _Worker.plan
    jobs = [(plan.jobs[index], plan.fingerprints[index]) for index in task.jobs]
    file = receipt_file(plan.receipts, task.unit, ((job.name, fingerprint) for job, fingerprint in jobs))
    there = read_receipt(file)
    if there is None or there.order != plan.order:
        return None
    places = {fingerprint: job.shards for job, fingerprint in jobs}
    return there if all(made.is_there(places[made.fingerprint]) for made in there.jobs) else None


def _parents(plan: PassPlan, unit: Unit) -> Iterator[tuple[int, str | None]]:
    """The rows of a unit, by their numbers in the input."""
    if plan.order == AS_GIVEN:
        return enumerate(read_smiles(plan.source, unit.start, unit.stop), unit.start)
    return read_numbered(plan.source, unit.start, unit.stop)


class _Tally:
    """Counts of one job in one unit."""

    def __init__(self) -> None:
        self.matched = 0
        self.sites = 0
        self.products = 0
        self.rejects: list[Reject] = []
        self.left_out: Counter[tuple[str, int]] = Counter()

    def reasons(self) -> dict[str, int]:
        """Rejects by the stable part of their reason."""
        return dict(sorted(Counter(reason.partition(":")[0] for *_, reason in self.rejects).items()))

    def left_out_by_name(self, job: Job) -> dict[str, int]:
        """What was left out, by what it is and the name of the rule."""
        return {f"{what}: {job.rules[place].name}": count for (what, place), count in sorted(self.left_out.items())}


@functools.lru_cache(maxsize=4)
def _enumerator(indices: tuple[int, ...]) -> tuple[Enumerator, list[tuple[int, int]]]:
    """The enumerator of some jobs, and of each rule the position of its job and its place in the job."""
    plan = _Worker.plan
    rules, targets = rules_and_targets([plan.jobs[index] for index in indices])
    attested = plan.jobs[0].input.canonical_by == rdkit.__version__
    return Enumerator(rules, max_heavy_atoms=plan.limits.max_heavy_atoms, attested=attested), targets


def _count(
    outcome: Enumeration, targets: list[tuple[int, int]], tallies: list[_Tally], row: int, smiles: str | None
) -> None:
    if not (outcome.products or outcome.rejects or outcome.left_out):  # most rows of some classes
        return
    for left in outcome.left_out:
        position, place = targets[left.rule]
        tallies[position].left_out[left.what, place] += left.number
    matched = set()
    for (job, _), sites in zip(targets, outcome.sites, strict=True):
        if sites:
            tallies[job].sites += sites
            matched.add(job)
    for job in matched:
        tallies[job].matched += 1
    for rule, site, reason in outcome.rejects:
        concerned = tallies if rule is None else [tallies[targets[rule][0]]]
        for tally in concerned:
            tally.rejects.append((row, smiles, site, reason))


def _reject_shard(task: UnitTask, index: int, tally: _Tally) -> ShardRecord | None:
    if not tally.rejects:
        return None
    return write_rejects(_Worker.plan.jobs[index].shards / f"{task.unit.name}.rejects.parquet", tally.rejects)
