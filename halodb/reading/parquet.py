"""A Parquet file of parents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from halodb.errors import InputError
from halodb.inputs.input import is_text, open_parquet
from halodb.inputs.slices import read_rows, texts_of
from halodb.reading.cell import row_of_cells
from halodb.reading.columns import Columns, find_columns, no_smiles
from halodb.reading.row import ParentRow, Tally, rejected


def read_parquet(file: Path, tally: Tally) -> Iterator[ParentRow]:
    """The rows of a Parquet file; a text that is not UTF-8 makes its row a reject.

    Raises:
        InputError: missing, empty, damaged, or without one column of SMILES that holds text.
    """
    with open_parquet(file) as parquet:
        schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    columns = find_columns(schema.names, file)
    if columns is None:
        raise no_smiles(file, schema.names)
    columns = _usable(file, schema, columns)
    columns.told_to(tally)
    wanted = [schema.names[place] for place in (columns.smiles, columns.name, columns.class_name) if place is not None]
    for batch in read_rows(file, 0, rows, wanted):
        given = {name: _texts(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}
        yield from _rows(given, schema.names, columns, len(batch))


def _rows(given: dict[str, list[str | None]], names: list[str], columns: Columns, count: int) -> Iterator[ParentRow]:
    def column(place: int | None) -> list[str | None]:
        return given[names[place]] if place is not None else [None] * count

    for smiles, name, class_name in zip(
        column(columns.smiles), column(columns.name), column(columns.class_name), strict=True
    ):
        damaged = next((text for text in (smiles, name, class_name) if text and _has_bytes(text)), None)
        if damaged is None:
            yield row_of_cells(smiles, name, class_name)
        else:
            yield rejected(_printable(smiles), f"text that is not UTF-8: {_printable(damaged)}")


def _texts(column: pa.Array[Any]) -> list[str | None]:
    return texts_of(column, errors="surrogateescape") if is_text(column.type) else column.cast(pa.string()).to_pylist()


def _has_bytes(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= character <= "\udcff" for character in text)


def _printable(text: str | None) -> str | None:
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace") if text else text


def _usable(file: Path, schema: pa.Schema, columns: Columns) -> Columns:
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
