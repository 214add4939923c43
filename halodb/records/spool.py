"""Rows on disk, for workers to read slices of: they come from the database once, in order, in flat memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.files import write_error

_ROW_GROUP = 8192


@dataclass(frozen=True)
class Spool:
    """A Parquet file of texts: SMILES, names, values.

    Attributes:
        file: the file.
        rows: of it.
        columns: all names, those of SMILES and names first.
    """

    file: Path
    rows: int
    columns: tuple[str, ...]


def write_spool(file: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Spool:
    """Write rows whose first two columns are SMILES and names.

    Raises:
        DiskFullError, OutputError: the file cannot be written.
    """
    rows = 0
    try:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch, row_group_size=_ROW_GROUP)
                rows += batch.num_rows
    except OSError as error:
        raise write_error(error, file) from error
    return Spool(file, rows, tuple(schema.names))
