"""What a query answers: DuckDB's relation, with halodb's words for what may happen when it runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyRelation

from halodb.errors import QueryError, UsageError

if TYPE_CHECKING:
    from halodb.library.library import Library

_NEEDED = re.compile(r"'(\w+)' is required for this operation")
"""What DuckDB says where pandas is missing."""

_ROWS_SHOWN = 20
"""In a notebook."""


class Answer:
    """The result of a query.

    All that DuckDB's relation has is here: `.fetchall()`, `.df()` (pandas), `.pl()` (Polars), `.to_arrow_table()`,
    `.show()`, `.filter(...)`, `.limit(...)`. Each call that needs rows runs the query.

    Attributes:
        relation: DuckDB's own.
    """

    def __init__(self, relation: DuckDBPyRelation, library: Library, text: str) -> None:
        self.relation = relation
        self._library = library
        self._text = text

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "_repr_", "_ipython_")) and name != "__arrow_c_stream__":  # a notebook asks for these
            raise AttributeError(name)
        found = self._run(lambda: getattr(self.relation, name))
        return self._guarded(found) if callable(found) else found

    def __len__(self) -> int:
        return int(self._run(lambda: len(self.relation)))

    def __getitem__(self, name: str) -> Answer:
        return self._wrapped(self.relation[name])

    def __repr__(self) -> str:
        return str(self._run(lambda: repr(self.relation)))

    def _repr_html_(self) -> str:
        """The first rows in a notebook, molecules drawn where there is a column `smiles`."""
        from halodb.pictures.notebook import rows_as_html  # noqa: PLC0415  a library opens without RDKit

        rows = self._run(lambda: self.relation.limit(_ROWS_SHOWN + 1).fetchall())
        note = f"The first {_ROWS_SHOWN} rows; there are more." if len(rows) > _ROWS_SHOWN else f"{len(rows)} rows"
        return rows_as_html(self.relation.columns, rows[:_ROWS_SHOWN], note)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        rows: list[tuple[Any, ...]] = self._run(self.relation.fetchall)
        return rows

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def guarded(*arguments: Any, **options: Any) -> Any:
            return self._run(lambda: method(*arguments, **options))

        return guarded

    def _run(self, work: Callable[[], Any]) -> Any:
        try:
            with self._library.asking(self._text):
                made = work()
        except ModuleNotFoundError as error:
            raise _missing(str(error.name)) from error
        except QueryError as error:
            needed = _NEEDED.search(error.message)
            if needed is not None:
                raise _missing(needed[1]) from error
            raise
        if isinstance(made, DuckDBPyRelation):
            return self._wrapped(made)
        if (isinstance(made, list) or type(made).__name__ in {"DataFrame", "Table"}) and len(made) == 0:
            self._library.tell_absent(self._text)
        return made

    def _wrapped(self, relation: DuckDBPyRelation) -> Answer:
        return Answer(relation, self._library, self._text)


def _missing(package: str) -> UsageError:
    return UsageError(f"this needs {package}, which is not installed.", f"Install it: python -m pip install {package}")
