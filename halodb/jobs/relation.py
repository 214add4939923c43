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


def constant(value: Any, kind: str) -> Expression:
    """A bound constant of an SQL type."""
    return ConstantExpression(value).cast(kind)


def union_of_files(
    connection: DuckDBPyConnection,
    library: Path,
    manifests: Sequence[Manifest],
    file: str,
    columns: Callable[[int, Manifest], Sequence[Expression | str]],
) -> DuckDBPyRelation | None:
    """One file of every finished job, each with columns of its own; None where no job is finished.

    What is the same for a whole job is a constant of its branch: it takes no room on disk, needs no join, and DuckDB
    leaves out whole files that a condition on it excludes.
    """
    branches = [
        read_parquet(connection, library / manifest.job / file).select(
            *(ColumnExpression(column) if isinstance(column, str) else column for column in columns(number, manifest))
        )
        for number, manifest in enumerate(manifests)
        if manifest.state is State.DONE
    ]
    return balanced_union(branches) if branches else None


def balanced_union(branches: Sequence[duckdb.DuckDBPyRelation]) -> duckdb.DuckDBPyRelation:
    """UNION ALL as a balanced tree: DuckDB limits the depth of an expression, not its width."""
    while len(branches) > 1:
        pairs = [branches[index : index + 2] for index in range(0, len(branches), 2)]
        branches = [pair[0].union(pair[1]) if len(pair) > 1 else pair[0] for pair in pairs]
    return branches[0]
