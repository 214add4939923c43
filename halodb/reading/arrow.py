"""Files with typed columns: Parquet, and Feather, which is Arrow's own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from halodb.errors import InputError
from halodb.inputs.input import is_text, open_parquet
from halodb.inputs.slices import read_rows, texts_of
from halodb.reading.cell import row_of_cells
from halodb.reading.columns import Columns, Wanted, columns_with, find_columns, no_smiles
from halodb.reading.looks import place_of_smiles
from halodb.reading.packed import Part, unpacked
from halodb.reading.row import Column, ParentRow, Reading, Tally, rejected

Batches = Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
"""Gives the batches of some columns, from the first row on."""

_LOOKED_AT = 100
_BATCH_ROWS = 1024
_OLD_FEATHER = b"FEA1"


def read_parquet(part: Part, tally: Tally, wanted: Wanted, spool: Path) -> Reading:
    """How a Parquet file is read; a text that is not UTF-8 makes its row a reject.

    Raises:
        InputError: missing, empty, damaged, or without one column of SMILES that holds text.
    """
    file = unpacked(part, spool)
    with open_parquet(file) as parquet:
        schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    return _reading(part.name, schema, lambda names: read_rows(file, 0, rows, names), tally, wanted)


def read_feather(part: Part, tally: Tally, wanted: Wanted, spool: Path) -> Reading:
    """How a Feather file, or a stream of Arrow's in a file, is read.

    Raises:
        InputError: damaged, or without one column of SMILES that holds text.
    """
    if part.first_bytes(4) == _OLD_FEATHER:
        raise InputError(f"{part.name} is a Feather file of version 1.", "Write it again, as version 2 or as Parquet.")
    file = unpacked(part, spool)
    with _damage_told(part, 0), pa.OSFile(str(file), "rb") as opened:
        schema = _open(opened).schema
    return _reading(part.name, schema, lambda names: _batches(part, file, names), tally, wanted)


def _open(opened: Any) -> Any:
    try:
        return pa.ipc.open_file(opened)
    except pa.ArrowInvalid:
        opened.seek(0)
        return pa.ipc.open_stream(opened)


def _batches(part: Part, file: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    row = 0
    with pa.OSFile(str(file), "rb") as opened:
        reader = _open(opened)
        count = getattr(reader, "num_record_batches", None)
        numbers = range(count) if count is not None else iter(int, 1)  # a stream goes on until it ends
        for number in numbers:
            with _damage_told(part, row):
                batch = reader.get_batch(number) if count is not None else next(reader, None)
            if batch is None:
                return
            for start in range(0, len(batch), _BATCH_ROWS):
                yield batch.slice(start, _BATCH_ROWS).select(list(names))
            row += len(batch)


@contextlib.contextmanager
def _damage_told(part: Part, row: int) -> Iterator[None]:
    """Turn what pyarrow says of damage into an error with the row."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise InputError(
            f"{part.name} is damaged or cut short near row {row:,}: {reason}.", "Export it again."
        ) from error


def _reading(name: str, schema: pa.Schema, batches: Batches, tally: Tally, wanted: Wanted) -> Reading:
    columns = find_columns(schema.names, name, wanted) or _by_content(name, schema, batches, wanted)
    columns = _usable(name, schema, columns)
    columns.told_to(tally)
    others = tuple(Column(schema.names[place], _kept_as(schema.types[place])) for place in columns.others)
    return Reading(others, _rows(schema, batches, columns, others))


def _by_content(file: str, schema: pa.Schema, batches: Batches, wanted: Wanted) -> Columns:
    texts = [name for name, kind in zip(schema.names, schema.types, strict=True) if is_text(kind)]
    unique = [name for name in texts if texts.count(name) == 1]
    sampled: list[list[str | None]] = []
    for batch in islice(batches(unique), 1) if unique else ():
        sampled = [list(row) for row in zip(*map(_texts, batch.slice(0, _LOOKED_AT).columns), strict=True)]
    place = place_of_smiles(unique, sampled, file)
    if place is None:
        raise no_smiles(file, schema.names)
    return columns_with(schema.names.index(unique[place]), schema.names, file, wanted)


def _rows(schema: pa.Schema, batches: Batches, columns: Columns, others: Sequence[Column]) -> Iterator[ParentRow]:
    names = schema.names
    places = [place for place in columns[1:] if place is not None]
    wanted = list(dict.fromkeys(names[place] for place in (*places, *columns.others)))
    for batch in batches(wanted):
        found = dict(zip(batch.schema.names, batch.columns, strict=True))

        def texts(place: int | None, found: dict[str, Any] = found, count: int = len(batch)) -> list[str | None]:
            return _texts(found[names[place]]) if place is not None else [None] * count

        values = [_values(found[column.name], column.kind) for column in others]
        travelling = zip(*values, strict=True) if values else iter([()] * len(batch))
        cells = (texts(columns.smiles), texts(columns.name), texts(columns.class_name))
        for smiles, name, class_name, beside in zip(*cells, travelling, strict=True):
            damaged = next((text for text in (smiles, name, class_name) if text and _has_bytes(text)), None)
            if damaged is None:
                yield row_of_cells(smiles, name, class_name)._replace(others=beside)
            else:
                yield rejected(_printable(smiles), f"text that is not UTF-8: {_printable(damaged)}")


def _kept_as(kind: pa.DataType) -> pa.DataType:
    """The type in which a column travels: its own where it is a plain one, text for lists and the like."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    plain = (
        pa.types.is_boolean(kind),
        pa.types.is_integer(kind),
        pa.types.is_floating(kind),
        pa.types.is_decimal(kind),
        pa.types.is_date(kind),
        pa.types.is_timestamp(kind),
    )
    return kind if any(plain) else pa.string()


def _values(column: pa.Array[Any], kind: pa.DataType) -> list[Any]:
    if is_text(column.type):
        return [text if text is None else _printable(text) for text in _texts(column)]
    values = column.to_pylist()
    if not pa.types.is_string(kind):
        return values
    return [value if value is None or isinstance(value, str) else _as_text(value) for value in values]


def _as_text(value: object) -> str:
    return json.dumps(value, default=str) if isinstance(value, list | dict) else str(value)


def _texts(column: pa.Array[Any]) -> list[str | None]:
    return texts_of(column, errors="surrogateescape") if is_text(column.type) else column.cast(pa.string()).to_pylist()


def _has_bytes(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text)


def _printable(text: str | None) -> str | None:
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace") if text else text


def _usable(file: str, schema: pa.Schema, columns: Columns) -> Columns:
    """The columns, without one of names that cannot be written as text."""
    for place in (columns.smiles, columns.class_name):
        if place is None:
            continue
        kind = schema.types[place]
        if not is_text(kind) and (place == columns.smiles or not pa.types.is_null(kind)):
            raise InputError(
                f"column `{schema.names[place]}` of {file} holds {kind}, not text.", "Export it as strings."
            )
    if columns.name is not None:
        kind = schema.types[columns.name]
        if not (is_text(kind) or pa.types.is_null(kind) or pa.types.is_primitive(kind)):
            return columns._replace(name=None)
    return columns
