"""Preparing parents: canonical SMILES and class of every row, by workers, a unit at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from rdkit import Chem, rdBase

from halodb.chemistry import ParentRejectedError, parse_parent
from halodb.halogenation.classify import classify
from halodb.inputs.slices import read_rows
from halodb.shards.writer import write_rejects, write_shard
from halodb.transformation.plan import UnitTask
from halodb.transformation.position import row_mark
from halodb.transformation.process import Alarm, become_worker

PARENT_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("smiles", pa.string(), nullable=False),
        pa.field("parent_row", pa.int64(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("class", pa.string(), nullable=False),
    ]
)


_GIVEN = ("smiles", "name", "class")


@dataclass(frozen=True)
class PreparePlan:
    """What all units have in common: the staged file, the working directory, the limits of a parent."""

    staged: Path
    directory: Path
    max_heavy_atoms: int
    parent_seconds: float


@dataclass(frozen=True)
class Prepared:
    """What a unit made: files, and counts of rows by class and of rejects by reason."""

    shard: Path
    rejects: Path | None
    classes: dict[str, int]
    reasons: dict[str, int]


class _Worker:
    plan: PreparePlan
    silence: rdBase.BlockLogs


def start_worker(plan: PreparePlan) -> None:
    """Make this process a worker that prepares parents."""
    become_worker()
    _Worker.plan = plan
    _Worker.silence = rdBase.BlockLogs()


def prepare_unit(task: UnitTask) -> Prepared:
    """Write the canonical SMILES and the classes of one unit's parents."""
    plan, unit = _Worker.plan, task.unit
    rows = [row for batch in read_rows(plan.staged, unit.start, unit.stop, _GIVEN) for row in batch.to_pylist()]
    columns: tuple[list[object], ...] = ([], [], [], [])
    classes: Counter[str] = Counter()
    rejects: list[tuple[int, str | None, int | None, str]] = []
    with row_mark(plan.directory, unit) as mark, Alarm(plan.parent_seconds) as alarm:
        for row, given in enumerate(rows, unit.start):
            text, name, class_name = (given[column] for column in _GIVEN)
            alarm.begin()
            mark.at(row)
            try:
                if row in task.condemned:
                    raise ParentRejectedError(task.condemned[row])
                molecule = parse_parent(text, plan.max_heavy_atoms)
            except ParentRejectedError as error:
                rejects.append((row, text, None, str(error)))
                continue
            class_of_parent = class_name or classify(molecule)
            classes[class_of_parent] += 1
            for column, value in zip(columns, (Chem.MolToSmiles(molecule), row, name, class_of_parent), strict=True):
                column.append(value)
    arrays: list[Any] = [pa.array(column, field.type) for column, field in zip(columns, PARENT_SCHEMA, strict=True)]
    shard = plan.directory / "shards" / f"{unit.name}.parquet"
    write_shard(shard, pa.Table.from_arrays(arrays, schema=PARENT_SCHEMA))
    reject_shard = plan.directory / "shards" / f"{unit.name}.rejects.parquet" if rejects else None
    if reject_shard:
        write_rejects(reject_shard, rejects)
    reasons = Counter(reason.partition(":")[0] for *_, reason in rejects)
    return Prepared(shard, reject_shard, dict(classes), dict(reasons))
