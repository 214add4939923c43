"""`halodb.open`: a library answers SQL."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from halodb.engine import connect, run_statement, temporary_directory, translated_errors
from halodb.errors import HalodbWarning
from halodb.functions import Functions
from halodb.functions.signatures import names_in
from halodb.jobs import Manifest
from halodb.jobs.indexed import has_index
from halodb.jobs.select import choose_jobs
from halodb.jobs.state import State
from halodb.library.absent import absent_values
from halodb.library.answer import Answer
from halodb.library.confined import check_reading, confine
from halodb.library.cost import cost_of_query
from halodb.library.views import create_views
from halodb.library.with_index import with_index
from halodb.memory import DEFAULT_BUDGET, parse_budget

_INDEXED = "SELECT 1 FROM duckdb_views() WHERE schema_name = 'internal' AND view_name = 'indexed_rows'"


class Library:
    """The finished jobs of a directory, open for queries.

    The views are `products`, `derivations`, `parents`, `origins`, `jobs`, `rules`, `inputs` and `rejects`, as they were
    when the library was opened. No question changes the library; but SQL is a whole language, and what COPY writes it
    writes. Open it read-only where others ask. Functions of chemistry (`halodb.functions`) are there for whatever goes
    through `sql`.

    Attributes:
        path: the directory.
        connection: the DuckDB connection with the views, for all that DuckDB can do.
        functions: those of chemistry, which a query may name.
        read_only: whether the connection is confined to the library's files.
        has_index: whether some job has an index.
        manifests: of its jobs, by their names.
        memory: budget of this process, in bytes.
    """

    def __init__(
        self,
        path: Path,
        connection: duckdb.DuckDBPyConnection,
        manifests: Sequence[Manifest],
        resources: contextlib.ExitStack,
        scratch: Path | None,
        memory: int,
    ) -> None:
        self.path = path
        self.memory = memory
        self.manifests = tuple(manifests)
        self.connection = connection
        self.read_only = scratch is not None
        self.has_index = bool(connection.execute(_INDEXED).fetchall())
        self._resources = resources
        self._scratch = scratch
        self.functions = Functions(resources.enter_context(contextlib.closing(connection.cursor())))

    @cached_property
    def rows(self) -> int:
        """Products of all jobs."""
        return sum(manifest.counts.unique for manifest in self._done())

    @cached_property
    def rows_without_index(self) -> int:
        """Products of the jobs that have no index."""
        return sum(manifest.counts.unique for manifest in self._done() if not has_index(manifest, self.path))

    def _done(self) -> list[Manifest]:
        return [one for one in self.manifests if one.state is State.DONE and not one.pooled]

    def sql(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> Answer:
        """The result of a query: `.df()`, `.pl()`, `.to_arrow_table()`, `.fetchall()`, `.show()`.

        Args:
            query: one SQL statement.
            parameters: values for its placeholders, `?` by position or `$name` by name.

        Raises:
            QueryError: DuckDB refused the query, or the library is read-only and it is not one that only reads.

        Example:
            >>> phenols = "SELECT smiles FROM products WHERE substructure(smiles, 'c[OX2H]')"
            >>> halodb.open("library").sql(phenols).df()  # doctest: +SKIP
        """
        self.functions.prepare(query)
        with self.asking(query):
            self.check(query)
            relation = self.connection.sql(self.with_index(query, parameters), params=parameters)
        return relation if relation is None else Answer(relation, self, query)

    def with_index(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> str:
        """The query that is run for a query: the same, or where there are indexes one that reads them and is equal."""
        if not self.has_index:
            return query
        self.functions.prepare(query)
        return with_index(self.connection, query, parameters)

    @contextlib.contextmanager
    def asking(self, text: str) -> Iterator[None]:
        """Around what runs a query: errors become those for the user, and what has no value is told."""
        if names_in(text):
            self._tell_cost(text)
        with translated_errors(self.connection), self.functions.watched(text):
            yield

    def _tell_cost(self, text: str) -> None:
        """Tell how long a query may take that asks RDKit of many products."""
        watched = sys.stderr is not None and sys.stderr.isatty()
        if told := cost_of_query(text, self.rows, self.rows_without_index, watched=watched):
            indexed = f" `halodb index {self.path}` makes such questions fast." if self.rows_without_index else ""
            warnings.warn(told + indexed, HalodbWarning, stacklevel=3)

    def tell_absent(self, text: str) -> None:
        """Tell of values that a query without rows asks for and that occur nowhere."""
        for sentence in absent_values(self.connection, text):
            warnings.warn(sentence, HalodbWarning, stacklevel=2)

    def check(self, text: str) -> None:
        """Refuse statements that do more than to read, where the library is read-only.

        Raises:
            QueryError: there is one.
        """
        if self.read_only:
            check_reading(self.connection, text)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A directory of ours that the connection may write to, on the disk that has room for results."""
        if self._scratch is not None:
            yield self._scratch
            return
        with contextlib.ExitStack() as stack:
            yield _scratch_directory(stack, self.path)

    def close(self) -> None:
        """Close the connection; its spill files are removed."""
        self.connection.close()
        self._resources.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _repr_html_(self) -> str:
        """What it holds, in a notebook: by its manifests, without a query."""
        from halodb.pictures.notebook import rows_as_html  # noqa: PLC0415  a library opens without RDKit

        done = [manifest for manifest in self.manifests if manifest.state is State.DONE]
        inputs: dict[tuple[str, int], list[Manifest]] = {}
        for manifest in done:
            inputs.setdefault((manifest.class_name, manifest.k), []).append(manifest)
        rows = [
            (name, k, len(jobs), sum(job.counts.unique for job in jobs)) for (name, k), jobs in sorted(inputs.items())
        ]
        products = sum(manifest.counts.unique for manifest in done)
        note = f"{self.path}: {len(done):,} of {len(self.manifests):,} jobs done, {products:,} products"
        return rows_as_html(["class", "k", "jobs", "products"], rows, note)

    def __repr__(self) -> str:
        return f"halodb.open({str(self.path)!r})"


def open_library(
    path: Path | str,
    *,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    read_only: bool = False,
) -> Library:
    """Open a library for queries; any number of processes may, also while it is written to.

    Args:
        path: directory of the library.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where queries spill; in the library by default.
        read_only: for a server on which others ask. No file outside of the library is read, inputs neither (`inputs`
            tells which are left out), nothing is written, no extension is loaded, no setting changed.

    Raises:
        LibraryError: there is no library.
        UsageError: the budget cannot be understood.

    Example:
        >>> halodb.open("library").sql("SELECT count(*) FROM products").fetchall()  # doctest: +SKIP
    """
    path = Path(path)
    manifests = choose_jobs(path)
    with contextlib.ExitStack() as stack:
        scratch = _scratch_directory(stack, Path(temp_directory or path)) if read_only else None
        budget = parse_budget(memory)
        connection = connect(path, budget, scratch or temp_directory)
        stack.callback(connection.close)
        files = create_views(connection, path, manifests, inside=read_only)
        run_statement(connection, "functions/halogens")
        if scratch is not None:
            confine(connection, path, files, scratch)
        return Library(path, connection, manifests, stack.pop_all(), scratch, budget)


def _scratch_directory(stack: contextlib.ExitStack, place: Path) -> Path:
    """A directory for temporary files in a place, or in the system's own where that may not be written to."""
    try:
        made = temporary_directory(place)
    except OSError:
        made = temporary_directory()
    return Path(stack.enter_context(made))
