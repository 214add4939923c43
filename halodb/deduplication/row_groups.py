"""Writing rows that come in batches as a Parquet file whose bytes do not depend on how they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 61_440
"""Rows. Twice as many, as DuckDB has it, take 50 MB more to write."""


_BLOOM_FROM = 24
"""The version of pyarrow that first writes Bloom filters."""
_FALSE_POSITIVES = 0.01
"""Row groups that are read in vain, of all; a filter is 1.3 to 2.1 bytes a row then."""


def write_rows(
    output: Path,
    schema: pa.Schema,
    batches: Iterator[pa.RecordBatch],
    constant: Sequence[str],
    looked_up: Sequence[str] = (),
) -> int:
    """Write a Parquet file in row groups of one size.

    Args:
        output: the file.
        schema: its columns and metadata.
        batches: the rows.
        constant: columns of few values, which are written as a dictionary.
        looked_up: columns that get a Bloom filter a row group, by which DuckDB finds a value without a scan; an older
            pyarrow writes none, and DuckDB reads them all.

    Returns:
        The number of rows.
    """
    rows, options = 0, dict[str, Any]()
    if looked_up and int(pa.__version__.partition(".")[0]) >= _BLOOM_FROM:
        options = {"bloom_filter_options": {name: {"ndv": ROW_GROUP, "fpp": _FALSE_POSITIVES} for name in looked_up}}
    with pq.ParquetWriter(output, schema, compression="zstd", use_dictionary=list(constant), **options) as writer:  # type: ignore[arg-type]
        for table in in_blocks(batches, schema, ROW_GROUP):
            writer.write_table(table, ROW_GROUP)
            rows += table.num_rows
    return rows


def in_blocks(batches: Iterable[pa.RecordBatch], schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """Rows in tables of one size but for the last; of one chunk each, for where pages end depends on chunks."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= size:
            table = pa.Table.from_batches(held, schema)
            whole = count - count % size
            for start in range(0, whole, size):
                yield table.slice(start, size).combine_chunks()
            held = table.slice(whole).to_batches()
            count -= whole
    if count:
        yield pa.Table.from_batches(held, schema).combine_chunks()
