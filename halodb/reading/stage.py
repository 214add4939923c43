"""Copying the parents of a file, whatever its kind, into one Parquet file that workers read by rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.errors import InputError
from halodb.files import whole_file
from halodb.reading.classes import UnknownClassError, read_class
from halodb.reading.header import find_table, header_missing, usual_delimiter
from halodb.reading.parquet import read_parquet
from halodb.reading.row import ParentRow, Tally
from halodb.reading.smi import read_smi
from halodb.reading.table import read_table
from halodb.reading.text import first_bytes, open_text
from halodb.rules import CLASSES

READING_VERSION = 1
"""Raised when the same file gives other rows than before: what was made of them is made anew."""

STAGED_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("smiles", pa.string()),
        pa.field("name", pa.string()),
        pa.field("class", pa.string()),
        pa.field("line", pa.int64()),  # of a text file, from 1
        pa.field("reject", pa.string()),  # why the row cannot be used
    ]
)
"""Parents as they were given; a row's number is its number in the file, from 0; headers, blanks, comments are none."""

_PARQUET_MAGIC = b"PAR1"

_BATCH_ROWS = 65_536
_BATCH_CHARACTERS = 16 * 1024**2


@dataclass(frozen=True)
class Staged:
    """What was staged: the number of rows, and what the file told beside them."""

    rows: int
    tally: Tally


def stage_parents(file: Path, staged: Path) -> Staged:
    """Copy the SMILES, names and classes of a file of parents into a Parquet file of `STAGED_SCHEMA`.

    Columns are found by name, in upper or lower case: `smiles` or `canonical_smiles`; `name`, `title` or `id`; `class`.
    In a `.smi` file the name is what follows the SMILES on its line.

    Raises:
        InputError: the file is missing, empty, damaged, of another kind or encoding, has no column of SMILES or wrong
            quotes, or names a class that there is not.
    """
    check_file(file)
    tally = Tally()
    rows = 0
    with whole_file(staged) as temporary, pq.ParquetWriter(temporary, STAGED_SCHEMA, compression="zstd") as writer:
        for batch in _batches(_with_classes(file, _read(file, tally))):
            writer.write_batch(batch)
            rows += len(batch)
    if rows == 0:
        raise InputError(f"{file} has no rows.", "Give a file with at least one parent.")
    return Staged(rows, tally)


def check_file(file: Path) -> None:
    """Check that a file is there, holds something and may be read.

    Raises:
        InputError: it is not.
    """
    if not file.exists():
        raise InputError(f"{file} does not exist.", "Check the path.")
    if file.is_dir():
        raise InputError(f"{file} is a directory.", "Give a file: .smi, .csv or .parquet.")
    if file.stat().st_size == 0:
        raise InputError(f"{file} is empty (0 bytes).", "Export it again.")
    first_bytes(file)


def _read(file: Path, tally: Tally) -> Iterator[ParentRow]:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else "".join(suffixes[-1:])
    match kind:
        case ".smi" | ".smiles":
            return read_smi(open_text(file), tally)
        case ".csv" | ".tsv":
            text, usual = open_text(file), usual_delimiter(file)
            table = find_table(text, usual)
            if table is None:
                raise header_missing(text, usual)
            return read_table(text, table, tally)
        case ".parquet" if suffixes[-1] == kind:
            if first_bytes(file) != _PARQUET_MAGIC:
                raise InputError(
                    f"{file} is named .parquet and is not a Parquet file.",
                    "Name it by its content: .smi, .csv or .tsv; or export it again.",
                )
            return read_parquet(file, tally)
        case _:
            raise InputError(
                f"{file} is of a kind that halodb does not read.",
                "Give .smi, .csv or .tsv, also with .gz after it, or .parquet.",
            )


def _with_classes(file: Path, rows: Iterable[ParentRow]) -> Iterator[ParentRow]:
    for number, row in enumerate(rows):
        if row.class_name is None:
            yield row
            continue
        try:
            yield row._replace(class_name=read_class(row.class_name))
        except UnknownClassError as error:
            where = f"line {row.line:,}" if row.line else f"row {number:,} (from 0)"
            raise InputError(
                f"{file}, {where}: {row.class_name!r} is not a class.",
                f"Use one of {', '.join(CLASSES)}, or leave it empty to have it found from the structure.",
            ) from error


def _batches(rows: Iterable[ParentRow]) -> Iterator[pa.RecordBatch]:
    """Batches bounded by rows and by characters."""
    held: list[ParentRow] = []
    characters = 0
    for row in rows:
        held.append(row)
        characters += len(row.smiles or "") + len(row.name or "")
        if len(held) == _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield _batch(held)
            held, characters = [], 0
    if held:
        yield _batch(held)


def _batch(rows: list[ParentRow]) -> pa.RecordBatch:
    columns: list[Any] = [
        pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), STAGED_SCHEMA, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=STAGED_SCHEMA)
