"""Parts of an index: what one unit made of a slice of the result, and the whole that they make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.deduplication.row_groups import ROW_GROUP, write_rows
from halodb.files import whole_file
from halodb.indexing.columns import FEW_VALUES, INDEX_SCHEMA, LOOKED_UP
from halodb.jobs import Manifest
from halodb.jobs.job import INDEX_DIRECTORY, INDEX_FILE
from halodb.units import ShardRecord, Unit

PART_ROWS = ROW_GROUP // 4
"""Rows of a part: some seconds of a core. Where parts end halogen analogues are parted, which shows in nothing else."""


def parts_of(rows: int) -> list[Unit]:
    """The slices of a result."""
    return [Unit(start, min(start + PART_ROWS, rows)) for start in range(0, rows, PART_ROWS)]


def part_file(job: Path, unit: Unit, tag: str) -> Path:
    """A part's file; one of another result or RDKit has another name."""
    return job / INDEX_DIRECTORY / f"{unit.start:010d}.{tag}.parquet"


def write_part(file: Path, rows: pa.Table) -> None:
    """Write a part, whole or not at all: it is its own receipt."""
    with whole_file(file) as output:
        pq.write_table(rows, output, compression="zstd", use_dictionary=False)


def put_together(manifest: Manifest, job: Path, tag: str) -> ShardRecord:
    """Write `index.parquet` of its parts, which are all there."""
    metadata = {"job": manifest.job, "fingerprint": manifest.fingerprint, "rdkit": manifest.engine.rdkit, "index": tag}
    schema = INDEX_SCHEMA.with_metadata({f"halodb.{key}": value for key, value in metadata.items()})
    files = [part_file(job, unit, tag) for unit in parts_of(manifest.counts.unique)]
    with whole_file(job / INDEX_FILE) as output:
        rows = write_rows(output, schema, _rows(files, schema), FEW_VALUES, LOOKED_UP)
        return ShardRecord.of(output, rows, INDEX_FILE)


def _rows(files: list[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for file in files:
        table = pq.ParquetFile(file).read(use_threads=False)
        yield from table.replace_schema_metadata(schema.metadata).combine_chunks().to_batches()
