"""The files of a finished job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from halodb.deduplication.content import Content, read_content
from halodb.engine import budget_of, limit_of, run_statement
from halodb.errors import OutputError, QueryError
from halodb.files import format_bytes, whole_file
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Manifest
from halodb.jobs.job import REJECTS_FILE, SHARDS_DIRECTORY
from halodb.shards import PRODUCT_SCHEMA, REJECT_SCHEMA
from halodb.units import JobReceipt, ShardRecord

RESULT_SCHEMA = PRODUCT_SCHEMA.append(pa.field("sources", pa.int32(), nullable=False))
"""Columns of `products.parquet`: `sources` counts the distinct (parent_row, site) that lead to the product."""

POOLED_RESULT_SCHEMA = RESULT_SCHEMA.append(pa.field("rule", pa.string(), nullable=False))


_BYTES_A_ROW = 12
"""Of DuckDB's memory: 20 million rows of 96 characters were grouped in 11.4 bytes a row, and not in 6.7."""


def check_room(manifest: Manifest, connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a dedup that memory cannot hold, spilling or not, before it begins.

    Raises:
        QueryError: the job has too many rows for the budget of the connection.
    """
    needed = manifest.counts.products * _BYTES_A_ROW
    if needed > limit_of(connection):
        raise QueryError(
            f"the dedup of {manifest.job}, {manifest.counts.products:,} rows, wants more memory than it may have.",
            f"Give --memory {format_bytes(budget_of(needed))} or more.",
        )


def make_result(
    manifest: Manifest, directory: Path, receipts: Sequence[JobReceipt], connection: duckdb.DuckDBPyConnection
) -> tuple[Content, tuple[ShardRecord, ...]]:
    """Write `rejects.parquet`, then `products.parquet`, of a job; products are read back before they get their name.

    Returns:
        What is in the products, and the records of both files.

    Raises:
        OutputError: the file does not hold what was written.
    """
    shards = directory / SHARDS_DIRECTORY
    rejected = [shards / made.reject_shard.file for made in receipts if made.reject_shard is not None]
    products = [shards / shard.file for made in receipts for shard in made.shards]
    with whole_file(directory / REJECTS_FILE) as output:
        if rejected:
            run_statement(connection, "rejects", {"shards": rejected, "output": output})
        else:
            pq.write_table(REJECT_SCHEMA.empty_table(), output)
        rejects = ShardRecord.of(output, sum(manifest.counts.rejects.values()), REJECTS_FILE)
    metadata = {
        "job": manifest.job,
        "fingerprint": manifest.fingerprint,
        "rdkit": manifest.engine.rdkit,
    }
    with whole_file(directory / PRODUCTS_FILE) as output:
        if not products:
            schema = POOLED_RESULT_SCHEMA if manifest.pooled else RESULT_SCHEMA
            keys = {f"halodb.{key}": value for key, value in metadata.items()}
            pq.write_table(schema.empty_table().replace_schema_metadata(keys), output)
            content = read_content(connection, output)
            return content, (ShardRecord.of(output, content.rows, PRODUCTS_FILE), rejects)
        parameters = {"shards": products, "output": output, **metadata}
        if manifest.pooled:
            parameters["rules"] = [rule.name for rule in manifest.rules]
        row = run_statement(connection, "dedup_pooled" if manifest.pooled else "dedup", parameters).fetchone()
        content = read_content(connection, output)
        if row is None or content.rows != row[0]:
            raise OutputError(
                f"{directory / PRODUCTS_FILE} reads back with {content.rows:,} rows instead of {row and row[0]:,}.",
                "The disk may be failing: check it, then run the command again.",
            )
        return content, (ShardRecord.of(output, content.rows, PRODUCTS_FILE), rejects)
