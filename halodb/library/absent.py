"""Why a query gives no rows: a value that it asks for occurs nowhere in the library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

_FOUND_IN = {
    "class": "jobs",
    "k": "jobs",
    "job": "jobs",
    "state": "jobs",
    "rule": "rules",
    "family": "rules",
    "label": "rules",
    "name": "parents",
}
"""A view with all values of a column."""

_NEAR = 0.8
"""Jaro-Winkler similarity from which one name may be meant for another."""

_FEW = 12


def absent_values(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """A sentence for each value that a query compares a column with and that occurs nowhere in the library.

    Args:
        connection: with the views of a library.
        text: one SELECT; what is none has no such values.
    """
    return [
        _sentence(connection, column, value)
        for column, value in dict.fromkeys(_compared(_parsed(connection, text)))
        if not _occurs(connection, column, value)
    ]


def _parsed(connection: duckdb.DuckDBPyConnection, text: str) -> Any:
    """The query as DuckDB's parser reads it."""
    row = connection.cursor().execute("SELECT json_serialize_sql($text)", {"text": text.strip().rstrip(";")}).fetchone()
    return json.loads(row[0]) if row else None


def _compared(node: Any) -> Iterator[tuple[str, str]]:
    """Columns and the constants that they are to equal, anywhere in a query."""
    if isinstance(node, list):
        for each in node:
            yield from _compared(each)
    elif isinstance(node, dict):
        if node.get("type") == "COMPARE_EQUAL":
            yield from _pairs([node["left"], node["right"]])
        elif node.get("type") == "COMPARE_IN":
            yield from _pairs(node["children"])
        for each in node.values():
            yield from _compared(each)


def _pairs(sides: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    columns = [side["column_names"][-1].lower() for side in sides if side.get("type") == "COLUMN_REF"]
    literals = [side["literal"] for side in sides if side.get("type") == "VALUE_CONSTANT"]
    for column in columns:
        if column in _FOUND_IN:
            yield from ((column, literal["text"]) for literal in literals if "text" in literal)


def _occurs(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> bool:
    values = connection.view(_FOUND_IN[column]).select(ColumnExpression(column).cast("VARCHAR").alias("value"))
    return bool(values.filter(ColumnExpression("value") == ConstantExpression(value)).limit(1).fetchall())


def _sentence(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> str:
    values = connection.view(_FOUND_IN[column]).select(ColumnExpression(column).cast("VARCHAR").alias("value"))
    nearness = FunctionExpression("jaro_winkler_similarity", ColumnExpression("value"), ConstantExpression(value))
    known = values.filter(ColumnExpression("value").isnotnull()).distinct()
    nearest = known.select(ColumnExpression("value"), nearness.alias("nearness")).sort(
        ColumnExpression("nearness").desc(), ColumnExpression("value")
    )
    rows = nearest.limit(_FEW + 1).fetchall()
    told = f"nothing in this library has {column} '{value}'"
    if rows and rows[0][1] >= _NEAR:
        return f"{told}; did you mean '{rows[0][0]}'?"
    if 0 < len(rows) <= _FEW:
        return f"{told}; there are {', '.join(sorted(name for name, _ in rows))}."
    return f"{told}."
