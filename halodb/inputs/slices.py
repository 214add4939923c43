"""Rows of an input by number, streamed: memory does not grow with the size of the file or of its row groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halodb.errors import InputError
from halodb.inputs.columns import find_smiles
from halodb.inputs.input import open_parquet

if TYPE_CHECKING:  # see `inputs.input`
    import pyarrow as pa

_BATCH_ROWS = 1024
"""As quick as 8,192, and a bound where a dictionary makes long rows that are alike look short in the metadata."""

_BATCH_BYTES = 1024**2
"""Bytes of rows of average size; some batches will hold rows that are many times larger than the average."""


def read_smiles(file: Path, start: int, stop: int) -> Iterator[str | None]:
    r"""The SMILES of rows `start` (0-based) up to, not including, `stop`, in order.

    Bytes that are not UTF-8 come as `\xE9`, which is no SMILES: such a row is a reject.

    Raises:
        InputError: the data of the file are damaged.
    """
    for batch in read_rows(file, start, stop, ["smiles"]):
        yield from texts_of(batch.column(0), errors="backslashreplace")


def read_numbered(file: Path, start: int, stop: int) -> Iterator[tuple[int, str | None]]:
    """The same of a copy in another order (see `inputs.analogues`), each with its row of the input.

    Raises:
        InputError: the data of the file are damaged.
    """
    for batch in read_rows(file, start, stop, ["smiles", "row"]):
        smiles, rows = batch.column("smiles"), batch.column("row")
        yield from zip(rows.to_pylist(), texts_of(smiles, errors="backslashreplace"), strict=True)


def texts_of(column: pa.Array[Any], errors: str) -> list[str | None]:
    """The texts of a column, in any of Arrow's ways to hold text.

    Args:
        column: see `inputs.input.is_text`.
        errors: what Python's decoder does with bytes that are not UTF-8; Parquet files may hold them.
    """
    try:
        return column.to_pylist()
    except UnicodeDecodeError:
        import pyarrow as pa

        values = column.cast(pa.large_binary()).to_pylist()
        return [None if value is None else value.decode(errors=errors) for value in values]


def read_rows(file: Path, start: int, stop: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Some columns of rows `start` (0-based) up to, not including, `stop`, in order, in batches.

    Only the row groups that hold these rows are read, and of them only these columns. A column `smiles` is that of the
    SMILES, whatever the file calls it.

    Raises:
        InputError: the data of the file are damaged.
    """
    import pyarrow as pa

    with open_parquet(file) as parquet:
        groups, first_row = _groups_of(parquet.metadata, start, stop)
        given = {_name_in(parquet.schema_arrow.names, name, file): name for name in columns}
        rows = _rows_a_batch(parquet.metadata, groups, list(given))
        position = first_row
        try:
            for batch in parquet.iter_batches(rows, row_groups=groups, columns=list(given), use_threads=False):
                end = position + len(batch)
                if end > start:
                    first = max(start - position, 0)
                    rows_wanted = batch.slice(first, stop - position - first)
                    names = [given[name] for name in batch.schema.names]
                    yield rows_wanted if names == batch.schema.names else rows_wanted.rename_columns(names)
                position = end
                if position >= stop:
                    return
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"{file} is damaged near row {position}: {_first_line(error)}.", "Export it again."
            ) from error


def _name_in(names: Sequence[str], name: str, file: Path) -> str:
    """What a file calls a column."""
    if name != "smiles" or name in names:
        return name
    place = find_smiles(names, file)
    return name if place is None else names[place]


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


def _rows_a_batch(metadata: pa.parquet.FileMetaData, groups: list[int], columns: Sequence[str]) -> int:
    """As many rows as memory may hold at once, by the average size of a row in the fullest row group."""
    largest = max((_row_bytes(metadata.row_group(group), columns) for group in groups), default=0.0)
    return max(1, min(_BATCH_ROWS, int(_BATCH_BYTES / max(largest, 1.0))))


def _row_bytes(group: pa.parquet.RowGroupMetaData, columns: Sequence[str]) -> float:
    chunks = (group.column(index) for index in range(group.num_columns))
    return sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in columns) / max(
        group.num_rows, 1
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
