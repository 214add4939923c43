"""Preparing parents: canonical SMILES and class of every row, by workers, a unit at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from rdkit import Chem, rdBase

from halodb.chemistry import ParentRejectedError, parse_parent
from halodb.halogenation.classify import classify
from halodb.halogenation.standardize import standardize
from halodb.halogenation.tags import tags_of
from halodb.inputs.slices import read_rows
from halodb.reading import STAGED_SCHEMA
from halodb.shards.writer import write_shard
from halodb.units import Unit
from halodb.workers.position import row_mark
from halodb.workers.process import Alarm, become_worker
from halodb.workers.task import UnitTask

PARENT_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("smiles", pa.string(), nullable=False),
        pa.field("parent_row", pa.int64(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("class", pa.string(), nullable=False),
        pa.field("given_smiles", pa.string()),  # as the file has it, where standardizing changed it
        pa.field("changes", pa.string()),  # kinds of these changes
        pa.field("tags", pa.string()),
        pa.field("sugar_fraction", pa.float64()),
    ]
)

PARENT_REJECT_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("parent_row", pa.int64(), nullable=False),
        pa.field("line", pa.int64()),  # of a text file, from 1
        pa.field("smiles", pa.string()),  # as the file has it
        pa.field("name", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""Of the shards; the file of all of them also tells the part of the file, and the columns that travel."""


@dataclass(frozen=True)
class PreparePlan:
    """What all units have in common: the staged file, the working directory, the limits of a parent, what is done."""

    staged: Path
    directory: Path
    max_heavy_atoms: int
    parent_seconds: float
    standardize: bool


@dataclass(frozen=True)
class Prepared:
    """What a unit made: files, and counts of rows by class, of rejects by reason, of changes by kind, of tags."""

    shard: Path
    rejects: Path | None
    classes: dict[str, int]
    reasons: dict[str, int]
    changes: dict[str, int]
    tags: dict[str, int]


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
    parents: list[tuple[object, ...]] = []
    rejects: list[tuple[object, ...]] = []
    classes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    tagged: Counter[str] = Counter()
    with row_mark(plan.directory, unit) as mark, Alarm(plan.parent_seconds) as alarm:
        for row, given in enumerate(_given(plan.staged, unit), unit.start):
            alarm.begin()
            mark.at(row)
            try:
                refusal = task.condemned.get(row) or given["reject"]
                if refusal is not None:
                    raise ParentRejectedError(refusal)
                molecule = parse_parent(given["smiles"], plan.max_heavy_atoms)
                molecule, changes = _standardized(molecule) if plan.standardize else (molecule, [])
            except ParentRejectedError as error:
                reason = str(error)
                rejects.append((row, given["line"], given["smiles"], given["name"], reason))
                reasons[reason.partition(":")[0]] += 1
                continue
            class_name = given["class"] or classify(molecule)
            classes[class_name] += 1
            changed.update(changes)
            tags, fraction = tags_of(molecule)
            tagged.update(tags.split(",") if tags else ())
            beside = (given["smiles"], ",".join(changes)) if changes else (None, None)
            parents.append((Chem.MolToSmiles(molecule), row, given["name"], class_name, *beside, tags, fraction))
    shard = plan.directory / "shards" / f"{unit.name}.parquet"
    write_shard(shard, _table(parents, PARENT_SCHEMA))
    reject_shard = plan.directory / "shards" / f"{unit.name}.rejects.parquet" if rejects else None
    if reject_shard:
        write_shard(reject_shard, _table(rejects, PARENT_REJECT_SCHEMA))
    return Prepared(shard, reject_shard, dict(classes), dict(reasons), dict(changed), dict(tagged))


def _standardized(molecule: Chem.Mol) -> tuple[Chem.Mol, list[str]]:
    try:
        return standardize(molecule)
    except (ValueError, RuntimeError) as error:  # RDKit's, of a molecule that is none any more
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ParentRejectedError(f"cannot be standardized: {reason}") from error


def _given(staged: Path, unit: Unit) -> Iterator[dict[str, Any]]:
    for batch in read_rows(staged, unit.start, unit.stop, STAGED_SCHEMA.names):
        yield from batch.to_pylist()


def _table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays: list[Any] = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
