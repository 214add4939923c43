"""Writing an older script's result into the library, whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from duckdb import ColumnExpression, Expression

from halodb.adoption.check import Result
from halodb.adoption.origins import Origins, find_origins
from halodb.deduplication.content import Content, read_content
from halodb.engine import file_errors, run_statement
from halodb.errors import OutputError
from halodb.files import whole_file
from halodb.jobs import Counts, Job, Manifest, write_manifest
from halodb.jobs.manifest import Engine, new_manifest
from halodb.jobs.relation import constant
from halodb.jobs.state import State
from halodb.readers import read_parquet
from halodb.shards import REJECT_SCHEMA
from halodb.units import ShardRecord

_KEY = "smiles"
_ORIGIN = {"parent_row": "BIGINT", "site": "INTEGER", "sources": "INTEGER"}
_TAKEN = "old_"


def take_over(
    result: Result, job: Job, library: Path, connection: duckdb.DuckDBPyConnection, place: Path
) -> tuple[Manifest, Origins | None]:
    """Write a result, its empty rejects and its manifest into the library; a file that is replaced was whole before.

    Args:
        result: what was checked.
        job: whose it is.
        library: where it goes.
        connection: DuckDB.
        place: directory for working files.

    Returns:
        The manifest, and what its columns tell of parents and sites; None of halodb's own, which has them.

    Raises:
        InputError: the result is damaged.
        OutputError: the file does not hold what was written, or cannot be written.
        DiskFullError, QueryError: no room, or not enough memory.
    """
    manifest = new_manifest(job, library, job.adopted_fingerprint)
    with whole_file(job.rejects) as output:
        pq.write_table(REJECT_SCHEMA.empty_table(), output)
        rejects = ShardRecord.of(output, 0, job.rejects.name)
    origins = None
    if not result.own:
        origins = find_origins(result.file, result.key_name, result.keys, result.schema, job, connection, place)
    content, products = _rewrite(result, manifest, job.products, connection, origins)
    done = manifest.moved(
        State.DONE,
        # What was matched, and the duplicates, nobody knows; the view `jobs` says so.
        counts=Counts(parents=job.input.rows, products=content.rows, unique=content.rows),
        engine=Engine(rdkit=result.rdkit),
        checksum=content.checksum,
        files=(products, rejects),
        adopted_from=str(result.file.parent.absolute()),
    )
    write_manifest(job.directory, done)
    return done, origins


def _rewrite(
    result: Result,
    manifest: Manifest,
    target: Path,
    connection: duckdb.DuckDBPyConnection,
    origins: Origins | None,
) -> tuple[Content, ShardRecord]:
    beside = origins.file if origins else None
    with file_errors(connection):
        rows = read_parquet(connection, result.file)
        columns = list(_columns(rows, result, rewritten=result.keys is not None))
        if beside is not None:
            columns = columns[len(_ORIGIN) + 1 :]
        rows.select(*columns).create_view("adopted_products", replace=True)
    with whole_file(target) as output:
        asked: dict[str, object] = {
            "output": output,
            "job": manifest.job,
            "fingerprint": manifest.fingerprint,
            "rdkit": result.rdkit,
        }
        if beside is None:
            run_statement(connection, "adopt/result", asked)
        else:
            run_statement(connection, "adopt/result_with_origins", {**asked, "beside": beside})
        content = read_content(connection, output)
        if content.rows != result.rows:
            raise OutputError(
                f"{target} reads back with {content.rows:,} rows instead of {result.rows:,}.",
                "The disk may be failing: check it, then run the command again.",
            )
        return content, ShardRecord.of(output, content.rows, target.name)


def _columns(rows: duckdb.DuckDBPyRelation, result: Result, *, rewritten: bool) -> Iterator[Expression]:
    """The columns of a result, then all others; one that has such a name and is none gets another name.

    Keys that were written again are kept as they were, among the others.
    """
    types = dict(zip(rows.columns, map(str, rows.types), strict=True))
    key = rows.columns[result.key]
    yield ColumnExpression(key).cast("VARCHAR").alias(_KEY)
    kept = set() if rewritten else {key}
    for name, kind in _ORIGIN.items():
        if result.own and types.get(name) == kind:  # adopted before, or a job that lost its manifest
            kept.add(name)
            yield ColumnExpression(name)
        else:
            yield constant(None, kind).alias(name)
    names = {_KEY, *_ORIGIN}
    for column in rows.columns:
        if column not in kept:
            name = column
            while name.lower() in names:
                name = f"{_TAKEN}{name}"
            names.add(name.lower())
            yield ColumnExpression(column).alias(name)
