"""The files of a finished job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from halodb.deduplication.content import Content, read_content
from halodb.deduplication.kept import BATCH, kept_rows
from halodb.deduplication.repeats import Finder, Rows, find_repeats, repeat_share
from halodb.deduplication.row_groups import write_rows
from halodb.engine import limit_of, rows_of_statement, run_statement, working_directory
from halodb.errors import OutputError
from halodb.files import whole_file
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Manifest
from halodb.jobs.job import REJECTS_FILE, SHARDS_DIRECTORY
from halodb.jobs.made import Made
from halodb.shards import POOLED_SCHEMA, PRODUCT_SCHEMA, REJECT_SCHEMA
from halodb.units import ShardRecord

_BYTES_A_ROW = 12
"""Of DuckDB's limit, where all keys are grouped at once: 20 million rows of 96 characters were in 11.4 bytes each."""

_MOST_PARENTS = 2**31
"""What sql/dedup/grouped_pooled.sql packs."""

_MANY_REPEATS = 0.25
"""Part of the rows; with fewer, to find the repeats and let the others stream through is faster than to group all."""

_LABELS = (
    pa.field("class", pa.string(), nullable=False),
    pa.field("k", pa.int8(), nullable=False),
    pa.field("rule", pa.string(), nullable=False),
    pa.field("family", pa.string(), nullable=False),
    pa.field("label", pa.string(), nullable=False),
)
"""What a row says of its job, so that each file tells all alone: the same in all rows, it costs bytes."""

RESULT_SCHEMA = pa.schema([*PRODUCT_SCHEMA, pa.field("sources", pa.int32(), nullable=False), *_LABELS])
"""Columns of `products.parquet`: `sources` counts the distinct (parent_row, site) that lead to the product."""

REJECTED_SCHEMA = pa.schema([*REJECT_SCHEMA, pa.field("job", pa.string(), nullable=False), *_LABELS[:2]])
"""Columns of `rejects.parquet`."""

_UNLABELLED_SCHEMA = pa.schema(list(RESULT_SCHEMA)[: RESULT_SCHEMA.names.index("sources") + 1])
_UNLABELLED_POOLED_SCHEMA = _UNLABELLED_SCHEMA.append(RESULT_SCHEMA.field("rule"))


Through = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def unchanged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows."""
    return batches


def schemas_of(manifest: Manifest) -> tuple[pa.Schema, pa.Schema]:
    """The columns that `products.parquet` and `rejects.parquet` of a finished job have at the least."""
    if manifest.labelled:
        return RESULT_SCHEMA, REJECTED_SCHEMA
    return _UNLABELLED_POOLED_SCHEMA if manifest.pooled else _UNLABELLED_SCHEMA, REJECT_SCHEMA


def make_result(
    manifest: Manifest,
    directory: Path,
    made: Made,
    connection: duckdb.DuckDBPyConnection,
    through: Through = unchanged,
    find: Finder = find_repeats,
) -> tuple[Content, tuple[ShardRecord, ...]]:
    """Write `rejects.parquet`, then `products.parquet`, of a job; products are read back before they get their name.

    Args:
        manifest: of the job.
        directory: of the job.
        made: what its units made.
        connection: under a budget.
        through: what rows go through on their way to the file, to be counted.

    Returns:
        What is in the products, and the records of both files.

    Raises:
        OutputError: the file does not hold what was written.
    """
    shards = directory / SHARDS_DIRECTORY
    receipts = made.units.values()
    rejected = [shards / receipt.reject_shard.file for receipt in receipts if receipt.reject_shard is not None]
    with whole_file(directory / REJECTS_FILE) as output:
        _write_rejects(manifest, rejected, output, connection)
        rejects = ShardRecord.of(output, sum(manifest.counts.rejects.values()), REJECTS_FILE)
    records = [shard for receipt in receipts for shard in receipt.shards]
    rows = Rows(tuple(shards / record.file for record in records), tuple(record.rows for record in records))
    with whole_file(directory / PRODUCTS_FILE) as output:
        written = write_unique(
            connection, rows, output, manifest, in_order=made.in_row_order, through=through, find=find
        )
        content = read_content(connection, output)
        if content.rows != written:
            raise OutputError(
                f"{directory / PRODUCTS_FILE} reads back with {content.rows:,} rows instead of {written:,}.",
                "The disk may be failing: check it, then run the command again.",
            )
        return content, (ShardRecord.of(output, content.rows, PRODUCTS_FILE), rejects)


def write_unique(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    output: Path,
    manifest: Manifest,
    *,
    in_order: bool,
    through: Through = unchanged,
    find: Finder = find_repeats,
) -> int:
    """Write each product of a job once, with its first origin and the number of its origins, in the order of these.

    Args:
        connection: under a budget.
        rows: of the shards.
        output: the file.
        manifest: of the job.
        in_order: whether the rows come in the order of their origins; otherwise they are grouped or sorted first.
        through: what rows go through on their way to the file, to be counted.
        find: what finds the repeats.

    Returns:
        The number of products.
    """
    metadata = {"job": manifest.job, "fingerprint": manifest.fingerprint, "rdkit": manifest.engine.rdkit}
    schema = RESULT_SCHEMA.with_metadata({f"halodb.{key}": value for key, value in metadata.items()})
    if not rows.files:
        pq.write_table(schema.empty_table(), output)
        return 0
    with working_directory(connection) as directory:
        fits = _fits(connection, rows, manifest)
        if fits and (not in_order or repeat_share(connection, rows, directory) > _MANY_REPEATS):
            found = _grouped(connection, rows, manifest)
        else:
            if not in_order:
                ordered = directory / "in_order.parquet"
                run_statement(connection, "dedup/in_order", {"shards": list(rows.files), "output": ordered})
                rows = Rows((ordered,), (sum(rows.counts),))
            repeats = find(connection, rows, directory, "dedup/repeats_in_job")
            sorted_repeats = directory / "repeats.parquet"
            run_statement(connection, "dedup/repeats_in_order", {"repeats": repeats, "output": sorted_repeats})
            found = _products(rows, sorted_repeats, manifest)
        return write_rows(output, schema, through(found), [field.name for field in _LABELS])


def _fits(connection: duckdb.DuckDBPyConnection, rows: Rows, manifest: Manifest) -> bool:
    """Whether memory holds all keys at once, and an integer each origin."""
    return sum(rows.counts) * _BYTES_A_ROW <= limit_of(connection) and manifest.input.rows <= _MOST_PARENTS


def _grouped(connection: duckdb.DuckDBPyConnection, rows: Rows, manifest: Manifest) -> Iterator[pa.RecordBatch]:
    """The rows of a result, as DuckDB groups and sorts them."""
    statement = "dedup/grouped_pooled" if manifest.pooled else "dedup/grouped"
    for batch in rows_of_statement(connection, statement, {"shards": list(rows.files)}, BATCH):
        smiles, parent_row, site, *rule, sources = batch.columns
        yield _labelled(manifest, smiles, parent_row, site, sources, *rule)


def _products(rows: Rows, repeats: Path, manifest: Manifest) -> Iterator[pa.RecordBatch]:
    """The rows of a result."""
    columns = (POOLED_SCHEMA if manifest.pooled else PRODUCT_SCHEMA).names
    for kept in kept_rows(rows, columns, repeats):
        ones = pa.array(np.ones(kept.rows.num_rows, np.int32))
        smiles, parent_row, site, *rule = kept.rows.columns
        yield _labelled(manifest, smiles, parent_row, site, kept.with_told(ones, "sources"), *rule)


def _labelled(
    manifest: Manifest,
    smiles: pa.Array[Any],
    parent_row: pa.Array[Any],
    site: pa.Array[Any],
    sources: pa.Array[Any],
    rule: pa.Array[Any] | None = None,
) -> pa.RecordBatch:
    """Rows of a result with what they say of their job; `rule` is a place among its rules, of pooled jobs."""
    count = len(smiles)
    places: pa.Array[Any] = pa.array(np.zeros(count, np.int32)) if rule is None else rule
    of_rules = zip(*((each.name, each.family, each.label) for each in manifest.rules), strict=True)
    labels: list[pa.Array[Any]] = [
        pa.repeat(pa.scalar(manifest.class_name), count),
        pa.array(np.full(count, manifest.k, np.int8)),
        *(pc.take(pa.array(texts, pa.string()), places) for texts in of_rules),
    ]
    return pa.RecordBatch.from_arrays([smiles, parent_row, site, sources, *labels], schema=RESULT_SCHEMA)


def _write_rejects(
    manifest: Manifest, shards: Sequence[Path], output: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    if shards:
        labels = {"job": manifest.job, "class": manifest.class_name, "k": manifest.k}
        run_statement(connection, "rejects", {"shards": shards, "output": output, **labels})
    else:
        pq.write_table(REJECTED_SCHEMA.empty_table(), output)
