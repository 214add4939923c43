"""Formats of a query's result; all but the table are written by DuckDB, which streams."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from duckdb import DuckDBPyConnection, DuckDBPyRelation

from halodb.engine import run_statement
from halodb.inputs.input import read_footer

_EMPTY = 4096
"""A JSON array without rows is shorter, and so is a header of CSV."""


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def write_file(result: DuckDBPyRelation, form: Format, file: Path, connection: DuckDBPyConnection) -> None:
    """Write all rows of a result of `connection` to a file: CSV with a header, a JSON array, or Parquet."""
    match form:
        case Format.CSV:
            result.write_csv(str(file), header=True)
        case Format.JSON:
            result.create_view("query_result")
            run_statement(connection, "write_json", {"output": file})
        case _:
            result.write_parquet(str(file), compression="zstd")


def has_rows(form: Format, file: Path) -> bool:
    """Whether there are rows in a file that `write_file` wrote."""
    if form is Format.PARQUET:
        return read_footer(file).rows > 0
    with file.open(encoding="utf-8") as text:
        begin = text.read(_EMPTY)
    return begin.split() != ["[", "]"] if form is Format.JSON else begin.count("\n") != 1
