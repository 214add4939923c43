"""Copying the parents of a file, whatever its kind, into Parquet files that workers read by rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.engine import temporary_directory
from halodb.errors import InputError
from halodb.files import make_directory, whole_file, write_error
from halodb.reading.classes import Classes
from halodb.reading.columns import REJECT, Wanted, travelling_names
from halodb.reading.kinds import KNOWN, is_known, read_part
from halodb.reading.packed import Part
from halodb.reading.row import Column, ParentRow, Reading, Tally
from halodb.reading.source import Source, find_source

READING_VERSION = 2
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

_FILE, _GIVEN_CLASS = "part_of_file", "given_class"
_BATCH_CELLS = 262_144
_BATCH_CHARACTERS = 16 * 1024**2


@dataclass(frozen=True)
class Staged:
    """What was staged: the number of rows, what the file told beside them, and where its other columns are.

    Attributes:
        rows: of all files together.
        tally: what they told.
        beside: a Parquet file with a row for each: `part_of_file`, the file where there are several, and the columns
            that travel.
        travelling: names of these in that file.
    """

    rows: int
    tally: Tally
    beside: Path
    travelling: tuple[str, ...]


def stage_parents(file: Path, staged: Path, wanted: Wanted | None = None, source: Source | None = None) -> Staged:
    """Copy the SMILES, names and classes of a file of parents into a Parquet file of `STAGED_SCHEMA`.

    Columns are found by name, in upper or lower case, as databases call them, and that of the SMILES by its values
    where no name says it. In a `.smi` file the name is what follows the SMILES on its line. All other columns are kept
    in a second file, which is named after the first: `parents.beside.parquet`.

    Args:
        file: the file, an archive, a directory of such files, or `-` for standard input.
        staged: the copy.
        wanted: columns and classes that are asked for.
        source: what was found at `file`, where that is known already.

    Raises:
        InputError: the file is missing, empty, damaged, of another kind or encoding, has no column of SMILES or wrong
            quotes.
    """
    wanted, tally = wanted or Wanted(), Tally()
    beside = staged.with_name(f"{staged.stem}.beside.parquet")
    try:
        make_directory(staged.parent)
        spools = temporary_directory(staged.parent)
    except OSError as error:
        raise write_error(error, staged) from error
    with spools as spool:
        found = source or find_source(file, Path(spool))
        readings = list(_readings(found, tally, wanted, Path(spool)))
        layout = _Layout.of([reading for _, reading in readings], wanted)
        rows = 0
        with (
            whole_file(staged) as first,
            whole_file(beside) as second,
            pq.ParquetWriter(first, STAGED_SCHEMA, compression="zstd") as writer,
            pq.ParquetWriter(second, layout.schema, compression="zstd") as others,
        ):
            for held in _batches(_rows(readings, wanted, tally, layout)):
                writer.write_batch(_batch([row[:5] for row, _ in held], STAGED_SCHEMA))
                others.write_batch(_batch([values for _, values in held], layout.schema))
                rows += len(held)
    if rows == 0:
        raise InputError(f"{found.name} has no rows.", "Give a file with at least one parent.")
    return Staged(rows, tally, beside, tuple(layout.schema.names[1:]))


def _readings(source: Source, tally: Tally, wanted: Wanted, spool: Path) -> Iterator[tuple[Part, Reading]]:
    """How each file of a source is read; of a directory or an archive those with known names, if any has one."""
    parts = source.parts
    if len(parts) > 1:
        parts = tuple(part for part in parts if is_known(part)) or parts
        for part in source.parts:
            if part not in parts:
                tally.skip(f"file {part.name}, which is not one of {KNOWN}")
    for part in parts:
        yield part, read_part(part, tally, wanted, spool)


class _Layout(NamedTuple):
    """The columns that travel: those of all files together.

    Attributes:
        schema: of the file that holds them.
        places: where the columns of each file go, in the order of the files.
    """

    schema: pa.Schema
    places: list[list[int]]

    @classmethod
    def of(cls, readings: Sequence[Reading], wanted: Wanted) -> _Layout:
        kinds: dict[str, pa.DataType] = {}
        keys = [_keys(reading.others) for reading in readings]
        for key, column in chain.from_iterable(
            zip(names, reading.others, strict=True) for names, reading in zip(keys, readings, strict=True)
        ):
            kinds[key] = column.kind if kinds.get(key, column.kind) == column.kind else pa.string()
        names = list(kinds)
        own = [_FILE] if wanted.unknown_class == REJECT else [_FILE, _GIVEN_CLASS]
        kept = travelling_names([key.partition("\0")[0] for key in names])
        fields = [(name, pa.string()) for name in own] + list(zip(kept, kinds.values(), strict=True))
        schema = pa.schema([pa.field(name, kind) for name, kind in fields])
        return cls(schema, [[len(own) + names.index(key) for key in of_one] for of_one in keys])


def _keys(columns: Sequence[Column]) -> list[str]:
    """The names of columns; a second one of a name in one file is another column."""
    found: list[str] = []
    for column in columns:
        key = column.name
        while key in found:
            key += "\0"
        found.append(key)
    return found


def _rows(
    readings: Sequence[tuple[Part, Reading]], wanted: Wanted, tally: Tally, layout: _Layout
) -> Iterator[tuple[ParentRow, list[Any]]]:
    """All rows, each with what goes beside it."""
    classes, several = Classes(wanted), len(readings) > 1
    with_class = _GIVEN_CLASS in layout.schema.names
    types = layout.schema.types
    for (part, reading), places in zip(readings, layout.places, strict=True):
        name = part.member or part.path.name
        as_text = [
            pa.types.is_string(types[place]) and not pa.types.is_string(column.kind)
            for place, column in zip(places, reading.others, strict=True)
        ]
        for row in classes.of_rows(reading.rows, tally, name if several else ""):
            values: list[Any] = [None] * len(types)
            values[0] = name if several else None
            if with_class:
                values[1] = row.unknown_class
            for place, text, value in zip(places, as_text, row.others, strict=False):
                values[place] = str(value) if text and value is not None else value
            yield row, values


def _batches(rows: Iterable[tuple[ParentRow, list[Any]]]) -> Iterator[list[tuple[ParentRow, list[Any]]]]:
    """Batches bounded by cells and by characters."""
    held: list[tuple[ParentRow, list[Any]]] = []
    characters = cells = 0
    for row, values in rows:
        held.append((row, values))
        characters += len(row.smiles or "") + len(row.name or "")
        characters += sum(len(value) if isinstance(value, str) else 8 for value in values if value is not None)
        cells += len(row) + len(values)
        if cells >= _BATCH_CELLS or characters >= _BATCH_CHARACTERS:
            yield held
            held, characters, cells = [], 0, 0
    if held:
        yield held


def _batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns: list[Any] = [
        pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
