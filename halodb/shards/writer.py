"""Writing shards: column buffers for many jobs under one byte budget."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.files import digest_of, write_whole
from halodb.jobs import Job
from halodb.shards.schema import POOLED_SCHEMA, PRODUCT_SCHEMA, REJECT_SCHEMA
from halodb.units import ShardRecord, Unit

DEFAULT_BUDGET = 16 * 1024**2
"""Bytes of Arrow data that one worker holds for all jobs of its pass."""

_BATCH_ROWS = 4096
_FIXED_BYTES = 4 + 8 + 4 + 4  # offset of the string, parent_row, site, rule


class ShardWriter:
    """Collects the rows of one unit and writes them as shards, one set a job.

    When the rows held reach the budget the fullest job is written out, so shards are as large as the budget allows and
    memory does not follow the number of products. A shard is named by its unit: a unit that is run again writes the
    same files over.

    Attributes:
        early: shards that were written because memory was short.
    """

    def __init__(self, jobs: tuple[Job, ...], unit: Unit, budget: int = DEFAULT_BUDGET) -> None:
        self._jobs = jobs
        self._buffers = [JobBuffer(job.pooled) for job in jobs]
        self._unit = unit
        self._budget = budget
        self._held = 0
        self.early = 0
        self._shards: list[list[ShardRecord]] = [[] for _ in jobs]

    def add(self, job: int, smiles: str, parent_row: int, site: int, rule: int) -> None:
        """Add one product of the `job`-th job, made by the `rule`-th rule of that job."""
        self._held += self._buffers[job].add(smiles, parent_row, site, rule)
        if self._held >= self._budget:
            fullest = max(range(len(self._buffers)), key=lambda index: self._buffers[index].bytes)
            self._flush(fullest)

    def relieve(self, least: int) -> None:
        """Write out all that is held, where that is `least` bytes or more: memory is short."""
        if self._held >= least:
            self.early += self._flush_all()

    def finish(self) -> list[tuple[ShardRecord, ...]]:
        """Write what is left; the shards of each job, in the order of the jobs."""
        self._flush_all()
        return [tuple(shards) for shards in self._shards]

    def _flush_all(self) -> int:
        """Write out all that is held; how many shards that made."""
        return sum(self._flush(index) for index in range(len(self._buffers)))

    def _flush(self, index: int) -> bool:
        """Write what is held for a job; whether there was anything."""
        buffer, shards = self._buffers[index], self._shards[index]
        if buffer.bytes == 0:
            return False
        self._held -= buffer.bytes
        path = self._jobs[index].shards / f"{self._unit.name}.{len(shards)}.parquet"
        shards.append(write_shard(path, buffer.take()))
        return True


class JobBuffer:
    """Columns of one job: Python lists for the newest rows, Arrow for the others.

    Attributes:
        bytes: of Arrow data, about.
    """

    def __init__(self, pooled: bool) -> None:
        self.bytes = 0
        self._pooled = pooled
        self._schema = POOLED_SCHEMA if pooled else PRODUCT_SCHEMA
        self._batches: list[pa.RecordBatch] = []
        self._clear()

    def _clear(self) -> None:
        self._smiles: list[str] = []
        self._parent_rows = array("q")
        self._sites = array("i")
        self._rules = array("i")

    def add(self, smiles: str, parent_row: int, site: int, rule: int) -> int:
        """Add a row; the bytes that it takes."""
        self._smiles.append(smiles)
        self._parent_rows.append(parent_row)
        self._sites.append(site)
        self._rules.append(rule)
        size = len(smiles) + _FIXED_BYTES  # SMILES are ASCII
        self.bytes += size
        if len(self._smiles) >= _BATCH_ROWS:
            self._to_arrow()
        return size

    def take(self) -> pa.Table:
        """All rows, and an empty buffer."""
        self._to_arrow()
        table = pa.Table.from_batches(self._batches, self._schema)
        self._batches = []
        self.bytes = 0
        return table

    def _to_arrow(self) -> None:
        columns = [
            pa.array(self._smiles, pa.string()),
            _numbers(self._parent_rows, pa.int64()),
            _numbers(self._sites, pa.int32()),
        ]
        if self._pooled:
            columns.append(_numbers(self._rules, pa.int32()))
        self._batches.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._clear()


def _numbers(values: array[int], kind: pa.DataType) -> pa.Array[Any]:
    """An Arrow array over the memory of a Python array, without a copy."""
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def write_rejects(path: Path, rows: list[tuple[int, str | None, int | None, str]]) -> ShardRecord:
    """Write (parent_row, SMILES of the parent, site, reason) rows as a reject shard."""
    columns = [
        pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), REJECT_SCHEMA, strict=True)
    ]
    return write_shard(path, pa.Table.from_arrays(columns, schema=REJECT_SCHEMA))


def write_shard(path: Path, table: pa.Table) -> ShardRecord:
    """Write a table as one shard, whole or not at all; its record has a digest, by which a flipped byte is found."""
    content = memoryview(_encoded(table))  # a file from memory is written and known in a fifth less time
    write_whole(path, content)
    return ShardRecord(file=path.name, rows=table.num_rows, bytes=len(content), digest=digest_of(content))


def data_bytes(table: pa.Table) -> int:
    """Bytes that the rows of a table take in a shard, without its footer: a shard of three rows is all footer."""
    metadata = pq.read_metadata(pa.BufferReader(_encoded(table)))
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    return sum(group.column(index).total_compressed_size for group in groups for index in range(group.num_columns))


def _encoded(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False)
    return sink.getvalue()
