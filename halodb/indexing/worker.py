"""One worker process: reads a slice of a result, asks RDKit of each molecule, writes a part of the index."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from rdkit import Chem, rdBase

from halodb.chemistry.facts import FactFinder, Facts
from halodb.chemistry.parse import longest_smiles
from halodb.indexing.columns import INDEX_SCHEMA, RESULT_COLUMNS, columns_of
from halodb.indexing.parts import part_file, write_part
from halodb.inputs.input import PRODUCTS_FILE
from halodb.inputs.slices import read_rows, texts_of
from halodb.units import Unit
from halodb.workers.position import row_mark
from halodb.workers.process import Alarm, become_worker
from halodb.workers.task import UnitTask

MOLECULE_SECONDS = 60.0
_LONGEST = longest_smiles(1000)


@dataclass(frozen=True)
class IndexedJob:
    """A job to index.

    Attributes:
        directory: of its files.
        tag: of its index.
        first: number of its first row among those of all jobs that are indexed, which units and marks are named by.
        columns: that its result has, of those of a result.
        constants: the other ones.
    """

    directory: Path
    tag: str
    first: int
    columns: tuple[str, ...]
    constants: dict[str, Any]


@dataclass(frozen=True)
class IndexPlan:
    """What all workers know: the jobs, where they leave marks, and whether InChIKeys are wanted."""

    jobs: tuple[IndexedJob, ...]
    directory: Path
    inchikeys: bool


class Indexed(NamedTuple):
    """What a unit did: the number of its job, rows, and CPU seconds of the worker."""

    job: int
    rows: int
    seconds: float


class _Worker:
    plan: IndexPlan


def start_worker(plan: IndexPlan) -> None:
    """Make this process a worker."""
    become_worker()
    rdBase.DisableLog("rdApp.*")
    _Worker.plan = plan


def index_unit(task: UnitTask) -> Indexed:
    """Write the part of an index that a unit is of.

    Raises:
        HalodbError: the result cannot be read, or the part cannot be written. A bad molecule raises nothing.
    """
    started = time.process_time()
    (number,) = task.jobs
    plan, job = _Worker.plan, _Worker.plan.jobs[number]
    unit = Unit(task.unit.start - job.first, task.unit.stop - job.first)
    batches = list(read_rows(job.directory / PRODUCTS_FILE, unit.start, unit.stop, job.columns))
    rows = pa.Table.from_batches(batches).combine_chunks()
    smiles = [text for batch in batches for text in texts_of(batch.column("smiles"), errors="backslashreplace")]
    finder, facts, keys = FactFinder(), list[Facts | None](), list[str | None]()
    with row_mark(plan.directory, task.unit) as mark, Alarm(MOLECULE_SECONDS) as alarm:
        for row, text in enumerate(smiles, task.unit.start):
            alarm.begin()
            mark.at(row)
            readable = text is not None and len(text) <= _LONGEST and text.isascii() and row not in task.condemned
            facts.append(_facts(finder, text) if readable and text is not None else None)
            keys.append(_inchikey(text) if plan.inchikeys and readable and text is not None else None)
    write_part(part_file(job.directory, unit, job.tag), _table(rows, job, facts, keys))
    return Indexed(number, len(smiles), time.process_time() - started)


def _facts(finder: FactFinder, smiles: str) -> Facts | None:
    try:
        return finder.facts_of(smiles)
    except (ValueError, RuntimeError):  # what RDKit raises of a molecule that it read: a query asks it again
        return None


def _inchikey(smiles: str) -> str | None:
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else Chem.MolToInchiKey(molecule) or None  # type: ignore[no-untyped-call]


def _table(rows: pa.Table, job: IndexedJob, facts: Sequence[Facts | None], keys: Sequence[str | None]) -> pa.Table:
    columns: list[pa.Array[Any] | pa.ChunkedArray[Any]] = [
        rows.column(name).cast(kind)
        if name in job.columns
        else pa.array([job.constants.get(name)] * rows.num_rows, kind)
        for name, kind in RESULT_COLUMNS
    ]
    columns += [*columns_of(facts), pa.array(keys, pa.string())]
    return pa.Table.from_arrays(columns, schema=INDEX_SCHEMA)
