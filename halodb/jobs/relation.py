"""Results of many jobs as one DuckDB relation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyConnection, DuckDBPyRelation, Expression

from halodb.jobs.manifest import Manifest
from halodb.jobs.state import State
from halodb.readers import read_parquet

Columns = Sequence[Expression | str]
"""Of a relation; those that are only named are taken as they are."""


def constant(value: Any, kind: str) -> Expression:
    """A bound constant of an SQL type."""
    return ConstantExpression(value).cast(kind)


def union_of_files(
    connection: DuckDBPyConnection,
    library: Path,
    manifests: Sequence[Manifest],
    file: str,
    columns: Columns,
    columns_of: Callable[[Manifest], Columns],
) -> DuckDBPyRelation | None:
    """One file of every finished job; None where no job is finished.

    Files whose rows name their job are one relation: to bind hundreds takes a second. DuckDB leaves out those that a
    condition excludes, as the ends of the files tell. Of older files and adopted ones each has columns of its own.

    Args:
        connection: DuckDB.
        library: the directory.
        manifests: of all jobs.
        file: its name in the directory of the job.
        columns: of files whose rows name their job; `file_row_number` is one, from 0 in each file.
        columns_of: of a file whose rows do not.
    """
    done = [manifest for manifest in manifests if manifest.state is State.DONE]
    labelled = [library / manifest.job / file for manifest in done if manifest.labelled]
    branches = [_rows(connection, *labelled).select(*_expressions(columns))] if labelled else []
    branches += [
        _rows(connection, library / manifest.job / file).select(*_expressions(columns_of(manifest)))
        for manifest in done
        if not manifest.labelled
    ]
    return balanced_union(branches) if branches else None


def _rows(connection: DuckDBPyConnection, *files: Path) -> DuckDBPyRelation:
    """The rows with `file_row_number`, which costs nothing where it is not asked for."""
    return read_parquet(connection, *files, row_numbers=True)


def _expressions(columns: Columns) -> list[Expression]:
    return [ColumnExpression(column) if isinstance(column, str) else column for column in columns]


def balanced_union(branches: Sequence[duckdb.DuckDBPyRelation]) -> duckdb.DuckDBPyRelation:
    """UNION ALL as a balanced tree: DuckDB limits the depth of an expression, not its width."""
    while len(branches) > 1:
        pairs = [branches[index : index + 2] for index in range(0, len(branches), 2)]
        branches = [pair[0].union(pair[1]) if len(pair) > 1 else pair[0] for pair in pairs]
    return branches[0]
