"""Rows of an input by number, streamed: memory does not grow with the size of the file or of its row groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from halodb.errors import InputError
from halodb.inputs.input import open_parquet

_BATCH_ROWS = 8192


def read_smiles(file: Path, start: int, stop: int) -> Iterator[str | None]:
    """The SMILES of rows `start` (0-based) up to, not including, `stop`, in order.

    Raises:
        InputError: the data of the file are damaged.
    """
    for batch in read_rows(file, start, stop, ["smiles"]):
        yield from batch.column(0).to_pylist()


def read_rows(file: Path, start: int, stop: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Some columns of rows `start` (0-based) up to, not including, `stop`, in order, in batches.

    Only the row groups that hold these rows are read, and of them only these columns.

    Raises:
        InputError: the data of the file are damaged.
    """
    with open_parquet(file) as parquet:
        groups, first_row = _groups_of(parquet.metadata, start, stop)
        position = first_row
        try:
            for batch in parquet.iter_batches(_BATCH_ROWS, row_groups=groups, columns=list(columns), use_threads=False):
                end = position + len(batch)
                if end > start:
                    first = max(start - position, 0)
                    yield batch.slice(first, stop - position - first)
                position = end
                if position >= stop:
                    return
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"{file} is damaged near row {position}: {_first_line(error)}.", "Export it again."
            ) from error


def _groups_of(metadata: pa.parquet.FileMetaData, start: int, stop: int) -> tuple[list[int], int]:
    """Row groups that hold some of the rows, and the number of the first row of the first of them."""
    groups: list[int] = []
    first_row = position = 0
    for index in range(metadata.num_row_groups):
        end = position + metadata.row_group(index).num_rows
        if position < stop and end > start:
            if not groups:
                first_row = position
            groups.append(index)
        position = end
    return groups, first_row


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
