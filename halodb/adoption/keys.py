"""Keys that another RDKit wrote: written again by this one, so that molecules are compared, not texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rdkit import rdBase

from halodb.chemistry.writings import written_again
from halodb.inputs.slices import read_rows, texts_of

_SCHEMA = pa.schema([pa.field("smiles", pa.string())])


def write_again(file: Path, column: str, rows: int, output: Path) -> int:
    """Write the keys of a result again, row by row, into a Parquet file with the column `smiles`.

    Args:
        file: the result.
        column: its column of keys.
        rows: in it.
        output: the file; a key that is no molecule is null there.

    Returns:
        How many keys are no molecules.

    Raises:
        InputError: the result is damaged.
    """
    wrong = 0
    with rdBase.BlockLogs(), pq.ParquetWriter(output, _SCHEMA, compression="zstd") as writer:
        for keys in _keys(file, column, rows):
            again = [written_again(key) if key and key.strip() else None for key in keys]
            wrong += sum(key is None for key in again)
            arrays: list[Any] = [pa.array(again, pa.string())]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA))
    return wrong


def _keys(file: Path, column: str, rows: int) -> Iterator[list[str | None]]:
    for batch in read_rows(file, 0, rows, [column]):
        yield texts_of(batch.column(0), errors="backslashreplace")
