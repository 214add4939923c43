"""The scans of a pass: one, but where jobs were begun with the rows in another order than they are taken in now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb

from halodb.inputs import Input
from halodb.inputs.analogues import AS_GIVEN, BY_PATTERN, analogues_together, order_of
from halodb.inputs.regroup import sliceable, with_plain_name
from halodb.inputs.signature import signature_of
from halodb.jobs import Job
from halodb.jobs.job import RECEIPTS_DIRECTORY, WORKING_DIRECTORY
from halodb.transformation.pass_plan import Limits, PassPlan, made_so_far
from halodb.units import Unit, cut, estimate_costs, load_made, remaining
from halodb.workers.task import UnitTask


class Scan(NamedTuple):
    """One scan of an input: the plan that its workers share, and its units that want doing."""

    plan: PassPlan
    tasks: tuple[UnitTask, ...]


def plan_scans(
    connection: duckdb.DuckDBPyConnection, pending: Mapping[str, Job], directory: Path, stride: int, limits: Limits
) -> Iterator[Scan]:
    """What is left to do of some jobs of one input.

    A job that was begun goes on in its order, whatever halodb would choose today; of two orders nothing is mixed.

    Args:
        connection: DuckDB.
        pending: the jobs, by their fingerprints.
        directory: of the pass.
        stride: only rows whose number it divides are parents.
        limits: what one parent and one worker may take.

    Raises:
        InputError: the input is damaged, or was replaced meanwhile.
        DiskFullError, OutputError: a copy of it cannot be written.
    """
    parents = with_plain_name(next(iter(pending.values())).input, directory)
    begun = _orders_begun(pending, directory)
    usual = "" if len(begun) == len(pending) else order_of(connection, parents, stride)
    for order in (AS_GIVEN, BY_PATTERN):
        jobs = {each: job for each, job in pending.items() if begun.get(each, usual) == order}
        if jobs:
            file = _file_in(order, connection, parents, directory)
            plan = PassPlan(
                source=file,
                order=order,
                signature=parents.signature if file == parents.path else signature_of(file),
                jobs=tuple(jobs.values()),
                fingerprints=tuple(jobs),
                directory=directory,
                stride=stride,
                limits=limits,
            )
            units = cut(estimate_costs(connection, file, parents.rows))
            yield Scan(plan, tuple(_tasks(plan, units)))


def _orders_begun(jobs: Mapping[str, Job], directory: Path) -> dict[str, str]:
    """The order of each job that has units done, by its fingerprint."""
    shards = {fingerprint: job.shards for fingerprint, job in jobs.items()}
    return {made.fingerprint: receipt.order for receipt, made in load_made(directory / RECEIPTS_DIRECTORY, shards)}


def _file_in(order: str, connection: duckdb.DuckDBPyConnection, parents: Input, directory: Path) -> Path:
    if order == BY_PATTERN:
        return analogues_together(connection, parents, directory / WORKING_DIRECTORY)
    return sliceable(parents, directory)


def _tasks(plan: PassPlan, units: Iterator[Unit]) -> Iterator[UnitTask]:
    """The units that want doing, each with the jobs that still want it."""
    done: dict[str, list[Unit]] = {fingerprint: [] for fingerprint in plan.fingerprints}
    for receipt, made in made_so_far(plan):
        done[made.fingerprint].append(receipt.unit)
    for unit in units:
        wanted: dict[Unit, list[int]] = {}
        for index, fingerprint in enumerate(plan.fingerprints):
            for part in remaining(unit, done[fingerprint]):
                wanted.setdefault(part, []).append(index)
        for part, indices in sorted(wanted.items()):
            yield UnitTask(part, tuple(indices))
