"""Writing chosen rows to a target: streamed, or by way of the workers where each molecule takes time."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from halodb.deduplication.row_groups import ROW_GROUP, in_blocks
from halodb.engine import temporary_directory
from halodb.exporting.failures import Failures
from halodb.exporting.form import Form, Kind
from halodb.exporting.molecules import PdbqtMaker, SdMaker, check_meeko, line_of
from halodb.exporting.parts import Block, ParquetPart, Parts, PartWriter, TextPart
from halodb.exporting.target import Target, write_list
from halodb.files import remove_file, write_error
from halodb.library import Library
from halodb.memory import MemoryMeter
from halodb.records import Maker, make_records, write_spool
from halodb.selection import Chosen
from halodb.workers.governor import WorkerBudget, size_pool
from halodb.workers.listener import SILENT, Listener

_BY_WORKERS = {Kind.SDF, Kind.PDBQT}


@dataclass(frozen=True)
class Written:
    """The files, the rows in them, and how many were left out."""

    files: tuple[Path, ...]
    rows: int
    failures: int


def write_rows(
    rows: Chosen,
    target: Target,
    *,
    space: bool,
    workers: int | None,
    memory: int,
    meter: MemoryMeter,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> Written:
    """Write all rows, in their order.

    Args:
        rows: chosen; of molecules, with SMILES and names before the columns of choice.
        target: where to; it was checked.
        space: whether an SD file has coordinates in space.
        workers: processes; one a core by default.
        memory: budget of the process tree, in bytes.
        meter: measures it; running.
        temp_directory: of pieces and of the spool; in the library by default.
        listener: told how far it is.

    Raises:
        QueryError: DuckDB could not finish the query.
        OutputError, DiskFullError: something cannot be written.
    """
    if target.form.kind is Kind.PDBQT:
        check_meeko()
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(scratch_of(rows.library, temp_directory))
        failures = Failures(scratch)
        stack.callback(failures.close)
        place = stack.enter_context(target.place())
        if target.form.kind in _BY_WORKERS:
            blocks = _made(rows, target, space, size_pool(meter, workers, memory), scratch, listener, failures)
        else:
            blocks = _streamed(rows, target.form.kind, failures)
        parts = Parts(_path_of(place, target.split), _opener(rows, target.form), target.split)
        try:
            for block in blocks:
                parts.write(block)
            parts.close()
        except BaseException:
            parts.abandon()
            raise
        if target.split is None:
            failures.write(target.failures)
            files: tuple[Path, ...] = (target.path,)
        else:
            failures.write(place / target.failures.name)
            files = tuple(target.path / name for name in write_list(place, target.form, parts.rows, failures.count))
    if not failures.count and target.split is None and target.replace:
        remove_file(target.failures)  # of an earlier export to this file
    return Written(files, sum(parts.rows), failures.count)


@contextlib.contextmanager
def scratch_of(library: Library, temp_directory: Path | str | None) -> Iterator[Path]:
    """A directory for spools and pieces: in a place of choice, or in the library.

    Raises:
        DiskFullError, OutputError: it cannot be made.
    """
    if temp_directory is None:
        with library.scratch() as place:
            yield place
        return
    try:
        made = temporary_directory(Path(temp_directory))
    except OSError as error:
        raise write_error(error, Path(temp_directory)) from error
    with made as name:
        yield Path(name)


def _path_of(place: Path, split: int | None) -> Callable[[int], Path]:
    """The temporary path of each file, by its number."""
    return lambda number: place if split is None else place / str(number)


def _opener(rows: Chosen, form: Form) -> Callable[[Path], PartWriter]:
    """What begins a file."""
    match form.kind:
        case Kind.PARQUET:
            return partial(ParquetPart, schema=rows.schema())
        case Kind.JSON:
            return partial(TextPart, compressed=form.compressed, before=b"[\n\t", between=b",\n\t", after=b"\n]\n")
        case Kind.CSV | Kind.TSV:
            return partial(TextPart, compressed=form.compressed, before=_written([rows.names], form.kind)[0])
        case _:
            return partial(TextPart, compressed=form.compressed)


def _made(
    rows: Chosen,
    target: Target,
    space: bool,
    budget: WorkerBudget,
    scratch: Path,
    listener: Listener,
    failures: Failures,
) -> Iterator[Block]:
    """Records that the workers make."""
    maker: Maker = SdMaker(rows.names, space)
    if target.form.kind is Kind.PDBQT:
        maker = PdbqtMaker(alone=target.split == 1)
    texts = rows.as_text()
    spool = write_spool(scratch / "rows.parquet", texts.schema(), texts.batches())
    title = f"export {target.path.name}"
    for records in make_records(spool, maker, budget=budget, directory=scratch, listener=listener, title=title):
        failures.add((failure.name, failure.smiles, failure.reason) for failure in records.failures)
        yield [record for record in records.made if record is not None]


def _streamed(rows: Chosen, kind: Kind, failures: Failures) -> Iterator[Block]:
    """Rows as they come from the database."""
    match kind:
        case Kind.PARQUET:
            yield from in_blocks(rows.batches(), rows.schema(), ROW_GROUP)
        case Kind.SMI:
            yield from _lines(rows, failures)
        case Kind.JSON:
            for batch in rows.as_json().batches():
                yield [str(text).encode() for text in batch.column(0).to_pylist()]
        case _:
            for batch in rows.as_text().batches():
                yield _written(zip(*(column.to_pylist() for column in batch.columns), strict=True), kind)


def _lines(rows: Chosen, failures: Failures) -> Iterator[list[bytes]]:
    """Lines of a SMILES file."""
    number = 0
    for batch in rows.as_text().batches():
        smiles, names, *others = (column.to_pylist() for column in batch.columns)
        lines = list[bytes]()
        for text, name, *values in zip(smiles, names, *others, strict=True):
            number += 1
            named = name or str(number)
            try:
                lines.append(line_of(text, named, tuple(values)))
            except ValueError as error:
                failures.add([(named, text or "", str(error))])
        yield lines


def _written(rows: Iterable[Iterable[object]], kind: Kind) -> list[bytes]:
    """Rows as lines of CSV or TSV; a value may have line breaks in it."""
    lines: list[str] = []
    delimiter = "\t" if kind is Kind.TSV else ","
    csv.writer(SimpleNamespace(write=lines.append), delimiter=delimiter, lineterminator="\n").writerows(rows)
    return [line.encode() for line in lines]
