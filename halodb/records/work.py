"""Making records on the worker processes: pieces of some hundred rows, handed back in the order of the rows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from rdkit import rdBase

from halodb.errors import reason_of
from halodb.files import remove_file, write_error
from halodb.inputs.slices import read_rows, texts_of
from halodb.records.maker import Maker, Row
from halodb.records.spool import Spool
from halodb.units import Unit
from halodb.workers.governor import Governor, WorkerBudget
from halodb.workers.listener import Listener
from halodb.workers.pool import Work, run_units
from halodb.workers.position import row_mark
from halodb.workers.process import Alarm, become_worker
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask

_NO_SMILES = "there is no SMILES"


class Failure(NamedTuple):
    """A row without a record: its number from 0, name, SMILES, and why."""

    row: int
    name: str
    smiles: str
    reason: str


@dataclass(frozen=True)
class Records:
    """Of some rows, in their order.

    Attributes:
        start: number of the first row.
        made: the record of each row, None where it is a failure.
        failures: of these rows.
    """

    start: int
    made: list[bytes | None]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class _Plan:
    spool: Spool
    maker: Maker
    directory: Path


class _Piece(NamedTuple):
    """What a unit made: a file, and the length of each record in it, None where there is none."""

    unit: Unit
    lengths: tuple[int | None, ...]
    failures: tuple[Failure, ...]


class _Worker:
    plan: _Plan


def make_records(
    spool: Spool, maker: Maker, *, budget: WorkerBudget, directory: Path, listener: Listener, title: str
) -> Iterator[Records]:
    """Records of all rows, in their order, whichever worker makes them.

    A molecule that RDKit cannot do, that takes too long or at which a worker dies twice is a failure.

    Args:
        spool: the rows.
        maker: makes a record of each.
        budget: the workers'.
        directory: of temporary files; the caller removes it.
        listener: told how far it is.
        title: of what is made, for progress.

    Raises:
        DiskFullError, OutputError: a piece cannot be written.
        WorkerError: workers died over and over.
    """
    started = time.monotonic()
    units = [Unit(start, min(start + maker.unit_rows, spool.rows)) for start in range(0, spool.rows, maker.unit_rows)]
    if not units:
        return
    plan = _Plan(spool, maker, directory)
    work = Work(spool.file, directory, _start_worker, plan, _make_piece, maker.molecule_seconds)
    waiting: dict[int, _Piece] = {}
    done = rows = position = 0
    with Governor(budget, directory) as governor:
        for piece in run_units(work, [UnitTask(unit, ()) for unit in units], governor):
            if piece is not None:
                waiting[piece.unit.start] = piece
                done, rows = done + 1, rows + len(piece.lengths)
            while position in waiting:
                ready = waiting.pop(position)
                position = ready.unit.stop
                yield _read(directory, ready)
            seconds = time.monotonic() - started
            now = Progress(title, done, len(units), rows, rows, seconds, budget.meter.now, "parts", budget.bytes)
            listener.progress(now)


def _start_worker(plan: _Plan) -> None:
    become_worker()
    rdBase.DisableLog("rdApp.*")
    _Worker.plan = plan


def _make_piece(task: UnitTask) -> _Piece:
    plan, unit = _Worker.plan, task.unit
    records: list[bytes | None] = []
    failures: list[Failure] = []
    with row_mark(plan.directory, unit) as mark, Alarm(plan.maker.molecule_seconds) as alarm:
        for row in _rows(plan.spool, unit):
            alarm.begin()
            mark.at(row.number)
            made = _made(plan.maker, row, task.condemned.get(row.number))
            if isinstance(made, str):
                failures.append(Failure(row.number, row.name, row.smiles, made))
            records.append(None if isinstance(made, str) else made)
    file = _file(plan.directory, unit)
    try:
        file.write_bytes(b"".join(record for record in records if record is not None))
    except OSError as error:
        raise write_error(error, file) from error
    lengths = tuple(None if record is None else len(record) for record in records)
    return _Piece(unit, lengths, tuple(failures))


def _made(maker: Maker, row: Row, condemned: str | None) -> bytes | str:
    """The record of a row, or why there is none."""
    if condemned is not None:
        return condemned
    if not row.smiles.strip():
        return _NO_SMILES
    try:
        return maker.make(row)
    except (ValueError, RuntimeError) as error:  # what RDKit raises of a molecule
        return reason_of(error)


def _rows(spool: Spool, unit: Unit) -> Iterator[Row]:
    number = unit.start
    for batch in read_rows(spool.file, unit.start, unit.stop, spool.columns):
        columns: list[Sequence[str | None]] = [texts_of(column, errors="backslashreplace") for column in batch.columns]
        smiles, names, *others = columns
        values = zip(*others, strict=True) if others else [()] * batch.num_rows
        for text, name, value in zip(smiles, names, values, strict=True):
            yield Row(number, name or str(number + 1), text or "", tuple(value))
            number += 1


def _read(directory: Path, piece: _Piece) -> Records:
    file = _file(directory, piece.unit)
    content = file.read_bytes()
    remove_file(file)
    bounds = pairwise(accumulate((length or 0 for length in piece.lengths), initial=0))
    made = [
        None if length is None else content[begin:end]
        for length, (begin, end) in zip(piece.lengths, bounds, strict=True)
    ]
    return Records(piece.unit.start, made, piece.failures)


def _file(directory: Path, unit: Unit) -> Path:
    return directory / f"{unit.name}.records"
