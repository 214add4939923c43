"""Registering functions on a DuckDB connection, each when a query first names it: to import RDKit takes 0.2 s."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from halodb.errors import HalodbError, HalodbWarning
from halodb.functions.signatures import BY_NAME, names_in

if TYPE_CHECKING:
    from halodb.functions.molecules import Molecules


class Functions:
    """The functions of one connection.

    Args:
        connection: a cursor beside the one that asks, so that a ROLLBACK there takes no function away; it is kept open.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._registered: set[str] = set()
        self._molecules: Molecules | None = None
        self._error: HalodbError | None = None

    def prepare(self, text: str) -> None:
        """Register what a text of SQL names and is not registered yet."""
        if names := names_in(text) - self._registered:
            self.register(names)

    def register(self, names: Iterable[str]) -> None:
        """Register functions, by their names or aliases."""
        from halodb.functions.chemistry import function_of, takes_vectors
        from halodb.functions.molecules import Molecules

        self._molecules = self._molecules or Molecules()
        for name in sorted(set(names)):
            signature = BY_NAME[name]
            self._connection.create_function(
                name,
                self._keeping_errors(function_of(signature.name, self._molecules)),
                ["VARCHAR"] * len(signature.parameters),
                signature.gives,
                type=PythonUDFType.ARROW if takes_vectors(signature.name) else PythonUDFType.NATIVE,
                null_handling=FunctionNullHandling.SPECIAL,
            )
            self._registered.add(name)

    @contextlib.contextmanager
    def watched(self, text: str) -> Iterator[None]:
        """Around a query: an error of a function is raised as it is, and rows without a value are told in a warning.

        Args:
            text: the query, to compute together what it names.
        """
        if self._molecules is None:
            yield
            return
        from halodb.functions.chemistry import cheap_among
        from halodb.functions.heard import rdkit_heard

        self._molecules.begin(cheap_among(BY_NAME[name].name for name in names_in(text)))
        self._error = None
        with rdkit_heard(self._molecules.interrupt):
            try:
                yield
            except duckdb.Error as error:  # it hands on the text of what a function raises
                if self._molecules.interrupted:
                    raise KeyboardInterrupt from error
                if self._error is not None:
                    raise self._error from error
                raise
        rows = max(self._molecules.without_value.values(), default=0)
        if rows:
            which = "1 row has" if rows == 1 else f"{rows:,} rows have"
            warnings.warn(
                f"{which} a SMILES that RDKit cannot read: the value is null there.", HalodbWarning, stacklevel=4
            )

    def stop(self) -> None:
        """End what functions compute now, within a molecule: DuckDB looks for an interrupt every 2,048 rows."""
        if self._molecules is not None:
            self._molecules.stopped = True

    def _keeping_errors(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)  # DuckDB looks at its parameters
        def kept(*arguments: Any) -> Any:
            try:
                return function(*arguments)
            except HalodbError as error:
                self._error = error
                raise

        return kept
