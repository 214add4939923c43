"""`halodb.open`: a library answers SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from halodb.engine import connect, translated_errors
from halodb.jobs.select import choose_jobs
from halodb.library.views import create_views
from halodb.memory import DEFAULT_BUDGET


class Library:
    """The finished jobs of a directory, open for queries.

    The views are `products`, `derivations`, `parents`, `origins`, `jobs`, `rules`, `inputs` and `rejects`, as they were
    when the library was opened. Nothing that is asked of it changes the library.

    Attributes:
        path: the directory.
        connection: the DuckDB connection with the views, for all that DuckDB can do.
    """

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self.connection = connection

    def sql(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> duckdb.DuckDBPyRelation:
        """The result of a query as a DuckDB relation: `.df()`, `.pl()`, `.arrow()`, `.fetchall()`, or a query's source.

        Args:
            query: one SQL statement.
            parameters: values for its placeholders, `?` by position or `$name` by name.

        Raises:
            QueryError: DuckDB refused the query.
        """
        with translated_errors(self.connection):
            return self.connection.sql(query, params=parameters)

    def close(self) -> None:
        """Close the connection; its spill files are removed."""
        self.connection.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"halodb.open({str(self.path)!r})"


def open_library(
    path: Path | str, *, memory: str = DEFAULT_BUDGET, temp_directory: Path | str | None = None
) -> Library:
    """Open a library for queries; any number of processes may, also while it is written to.

    Args:
        path: directory of the library.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where queries spill; in the library by default.

    Raises:
        LibraryError: there is no library.
        UsageError: the budget cannot be understood.
    """
    path = Path(path)
    manifests = choose_jobs(path)
    connection = connect(path, memory, temp_directory)
    create_views(connection, path, manifests)
    return Library(path, connection)
