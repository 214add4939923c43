"""What a query answers: DuckDB's relation, with halodb's words for what may happen when it runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyRelation

from halodb.errors import UsageError

if TYPE_CHECKING:
    from halodb.library.library import Library


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
        if name.startswith("__") and name != "__arrow_c_stream__":
            raise AttributeError(name)
        found = self._run(lambda: getattr(self.relation, name))
        return self._guarded(found) if callable(found) else found

    def __len__(self) -> int:
        return int(self._run(lambda: len(self.relation)))

    def __getitem__(self, name: str) -> Answer:
        return self._wrapped(self.relation[name])

    def __repr__(self) -> str:
        return str(self._run(lambda: repr(self.relation)))

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def guarded(*arguments: Any, **options: Any) -> Any:
            return self._run(lambda: method(*arguments, **options))

        return guarded

    def _run(self, work: Callable[[], Any]) -> Any:
        try:
            with self._library.asking():
                made = work()
        except ModuleNotFoundError as error:
            raise UsageError(
                f"this needs {error.name}, which is not installed.", f"Install it: python -m pip install {error.name}"
            ) from error
        if isinstance(made, DuckDBPyRelation):
            return self._wrapped(made)
        if (isinstance(made, list) or type(made).__name__ in {"DataFrame", "Table"}) and len(made) == 0:
            self._library.tell_absent(self._text)
        return made

    def _wrapped(self, relation: DuckDBPyRelation) -> Answer:
        return Answer(relation, self._library, self._text)
