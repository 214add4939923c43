"""Rows of a library, chosen by a condition or by a query, read as they come."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb import StatementType

from halodb.engine import interruptible, translated_errors
from halodb.errors import QueryError, UsageError
from halodb.library import Library
from halodb.selection.listed import select_list
from halodb.selection.order import LIBRARY_ORDER, keeps_order, one_thread, scans_in_order

if TYPE_CHECKING:
    import pyarrow as pa

SMILES, NAME = "halodb_smiles", "halodb_name"
"""Columns before those of choice, where molecules are wanted."""

COLUMNS = ("smiles", "id", "class", "k", "rule", "family", "label", "parent_row", "site", "sources")
"""Columns of choice of products, where nothing else is chosen."""

_OF_DERIVATIONS = re.compile(r"\b(grand)?parent_smiles\b", re.IGNORECASE)
_BATCH_ROWS = 8192
_SELECT = "Give one SELECT; --where takes the condition alone."


@dataclass(frozen=True)
class Chosen:
    """Rows that are chosen; they are read when they are asked for, and memory does not hold all of them.

    Attributes:
        library: open.
        text: SQL.
        parameters: values for its placeholders.
        names: the columns of choice, which follow on `SMILES` and `NAME` where molecules are wanted.
        same_order: whether DuckDB's threads leave the rows in their order; else one of them does all.
    """

    library: Library
    text: str
    names: tuple[str, ...]
    parameters: dict[str, Any] | None = None
    same_order: bool = True

    def batches(self, rows: int = _BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows in batches of about so many; Ctrl-C ends it.

        Raises:
            QueryError: DuckDB could not finish the query.
            DiskFullError: no room to spill.
        """
        library, connection = self.library, self.library.connection
        stop = library.functions.stop
        library.functions.prepare(self.text)
        text = library.with_index(self.text, self.parameters)
        with contextlib.nullcontext() if self.same_order else one_thread(library), library.asking(self.text):
            reader = interruptible(
                connection, lambda: connection.sql(text, params=self.parameters).to_arrow_reader(rows), stop
            )
            with contextlib.closing(reader):
                while (batch := interruptible(connection, lambda: next(reader, None), stop)) is not None:
                    if batch.num_rows:
                        yield batch

    def schema(self) -> pa.Schema:
        """Names and types of the columns as Arrow has them."""
        connection, text = self.library.connection, f"FROM (\n{self.text}\n) LIMIT 0"
        self.library.functions.prepare(text)
        with translated_errors(connection):
            schema: pa.Schema = connection.sql(text, params=self.parameters).to_arrow_table().schema
        return schema

    def as_text(self) -> Chosen:
        """The same rows, each value as DuckDB writes it; null stays null."""
        return self._wrapped('SELECT COLUMNS(*)::VARCHAR AS "\\0" FROM', "")

    def as_json(self) -> Chosen:
        """The same rows, each as one JSON object."""
        return self._wrapped("SELECT to_json(halodb_chosen) FROM", "AS halodb_chosen")

    def _wrapped(self, begin: str, end: str) -> Chosen:
        return Chosen(
            self.library, f"{begin} (\n{self.text}\n) {end}", self.names, self.parameters, same_order=self.same_order
        )


def rows_of_products(
    library: Library,
    *,
    where: str | None = None,
    columns: Sequence[str] | None = None,
    molecules: bool = False,
) -> Chosen:
    """The products that a condition holds for, in the order of the library: jobs by name, rows as in the result.

    Args:
        library: open.
        where: a condition of SQL over `products`, with its functions of chemistry; all rows by default.
        columns: columns of choice, or expressions of SQL; `COLUMNS` by default. `parent_smiles` and
            `grandparent_smiles` are there too.
        molecules: put `SMILES` and `NAME` before them.

    Raises:
        QueryError: the condition or a column is wrong.
    """
    text, names = products_text(library, where=where, columns=columns, molecules=molecules)
    if text.order or not scans_in_order(library, str(text)):
        return Chosen(library, f"{text}\nORDER BY {LIBRARY_ORDER.format(view=text.view)}", names)
    return Chosen(library, str(text), names)


def rows_of_query(
    library: Library,
    query: str,
    *,
    columns: Sequence[str] | None = None,
    molecules: bool = False,
    name: str | None = None,
) -> Chosen:
    """The rows of a query, in its order.

    Where it asks for no order, or leaves some rows of it open, they come as one thread finds them: always the same way.

    Args:
        library: open.
        query: one SELECT.
        columns: columns of choice among its own, or expressions of them; all by default.
        molecules: put `SMILES` and `NAME` before them; it needs a column `smiles` then.
        name: its column with the names of the molecules; by default `id`, or `name`, where it has one.

    Raises:
        QueryError: DuckDB refuses it, or it is no SELECT.
        UsageError: a column that is needed is not there.
    """
    query = one_select(library, query)
    library.functions.prepare(query)
    with translated_errors(library.connection):
        there = library.connection.sql(query).columns
    items = ["*"] if columns is None else select_list(columns, there)
    text = query
    if molecules:
        items = [*_smiles_and_name({column.lower(): column for column in reversed(there)}, name), *items]
    if items != ["*"]:
        text = f"SELECT {', '.join(items)}\nFROM (\n{query}\n) AS chosen"
    return Chosen(library, text, _names(library, text, molecules), same_order=keeps_order(library, query))


@dataclass(frozen=True)
class ProductsText:
    """SQL of products without an order.

    Attributes:
        select: items of its list.
        view: what it reads.
        where: its condition, or nothing.
        order: whether the view gives rows in any order.
    """

    select: tuple[str, ...]
    view: str
    where: str
    order: bool

    @property
    def beginning(self) -> str:
        """The text before the condition."""
        return f"SELECT {', '.join(self.select)}\nFROM {self.view}"

    def __str__(self) -> str:
        return f"{self.beginning}{self.where}"


def products_text(
    library: Library, *, where: str | None, columns: Sequence[str] | None, molecules: bool
) -> tuple[ProductsText, tuple[str, ...]]:
    """SQL of `rows_of_products` before its order, and the names of the columns of choice.

    Raises:
        QueryError: the condition or a column is wrong.
    """
    listed = select_list(COLUMNS if columns is None else columns, COLUMNS)
    condition = f"\nWHERE (\n{check_condition(where)}\n)" if where is not None else ""
    joined = bool(_OF_DERIVATIONS.search(f"{condition} {' '.join(listed)}"))
    items = [f"smiles AS {SMILES}", f"id AS {NAME}", *listed] if molecules else listed
    text = ProductsText(tuple(items), "derivations" if joined else "products", condition, joined)
    return text, _names(library, str(text), molecules)


def check_query_or_condition(query: str | None, where: str | None) -> None:
    """Refuse both at once.

    Raises:
        UsageError: both are given.
    """
    if query is not None and where is not None:
        raise UsageError("give either a query or a condition.", "A query has its own WHERE.")


def check_condition(where: str) -> str:
    """A condition, as it is.

    Raises:
        QueryError: it is not one expression of SQL.
    """
    try:
        duckdb.SQLExpression(where)
    except duckdb.Error as error:
        first = str(error).partition("\n")[0].rstrip(".")
        raise QueryError(f"{where!r} is no condition: {first}.", "Give what would follow on WHERE.") from error
    return where


def one_select(library: Library, query: str) -> str:
    """A query without the semicolon at its end.

    Raises:
        QueryError: it is more than one statement, or none that only reads.
    """
    with translated_errors(library.connection):
        statements = library.connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type is not StatementType.SELECT:
        kinds = ", ".join(statement.type.name for statement in statements) or "nothing"
        raise QueryError(f"rows come from one SELECT, and this is {kinds}.", _SELECT)
    return query.strip().rstrip(";")


def _smiles_and_name(found: dict[str, str], name: str | None) -> list[str]:
    """Items of a SELECT list, from columns by their names in lower case."""
    if "smiles" not in found:
        raise UsageError(
            "the query has no column smiles, which the molecules are read from.",
            f"It has {', '.join(found.values())}. Write: SELECT ... AS smiles.",
        )
    if name is not None and name.lower() not in found:
        raise UsageError(f"the query has no column {name} for names.", f"It has {', '.join(found.values())}.")
    chosen = name or next((each for each in ("id", "name") if each in found), None)
    named = "NULL" if chosen is None else _quoted(found[chosen.lower()])
    return [f"{_quoted(found['smiles'])}::VARCHAR AS {SMILES}", f"{named}::VARCHAR AS {NAME}"]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _names(library: Library, text: str, molecules: bool) -> tuple[str, ...]:
    """The columns of choice of a query, which is bound and not run."""
    library.functions.prepare(text)
    with translated_errors(library.connection):
        names = library.connection.sql(text).columns
    return tuple(names[2:] if molecules else names)
