"""Copies of inputs whose row groups are too large to be read in slices, or whose SMILES have another name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.files import whole_file
from halodb.inputs.input import Input
from halodb.inputs.signature import check_unchanged, signature_of
from halodb.inputs.slices import read_rows, texts_of

_LARGEST_ROW_GROUP = 1 << 21
"""Rows. To reach a row all rows before it in its row group are decoded: at 2 million that is under 0.5 s a unit."""

_ROW_GROUP = 122_880
_MOST_BYTES = 64 * 1024**2
_SCHEMA = pa.schema([pa.field("smiles", pa.string())])


def sliceable(parents: Input, directory: Path) -> Path:
    """The file that units read: the input itself, or a copy of its SMILES in row groups of DuckDB's usual size.

    Some writers make one row group of a whole file; 4,000 units would each decode half of it to reach their rows. The
    copy is streamed, by rows, so that text that is none comes as it does from the input itself.

    Raises:
        InputError: the input is damaged, or was replaced meanwhile.
        DiskFullError, OutputError: the copy cannot be written.
    """
    if parents.largest_row_group <= _LARGEST_ROW_GROUP:
        return parents.path
    return _copy(parents, directory)


def with_plain_name(parents: Input, directory: Path) -> Input:
    """An input whose column of SMILES is called so: itself, or a copy for the statements that ask for `smiles`.

    Raises:
        InputError: the input is damaged, or was replaced meanwhile.
        DiskFullError, OutputError: the copy cannot be written.
    """
    if parents.is_plain:
        return parents
    copy = _copy(parents, directory)
    return replace(parents, path=copy, signature=signature_of(copy), column="smiles", largest_row_group=_ROW_GROUP)


def _copy(parents: Input, directory: Path) -> Path:
    copy = directory / f"parents.{parents.digest}.parquet"
    if not copy.exists():
        with whole_file(copy) as temporary, pq.ParquetWriter(temporary, _SCHEMA, compression="zstd") as writer:
            held: list[str | None] = []
            size = 0
            for batch in read_rows(parents.path, 0, parents.rows, ["smiles"]):
                held += texts_of(batch.column(0), errors="backslashreplace")
                size += batch.nbytes
                if len(held) >= _ROW_GROUP or size >= _MOST_BYTES:
                    writer.write_table(_table(held))
                    held, size = [], 0
            if held:
                writer.write_table(_table(held))
            check_unchanged(parents.path, parents.signature)
    return copy


def _table(smiles: list[str | None]) -> pa.Table:
    return pa.Table.from_arrays([pa.array(smiles, pa.string())], schema=_SCHEMA)
