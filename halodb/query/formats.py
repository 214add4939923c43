"""Formats of a query's result; all but the table are written by DuckDB, which streams."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

from duckdb import DuckDBPyConnection, DuckDBPyRelation

from halodb.engine import run_statement

_TABLE_ROWS = 40


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def write_table(result: DuckDBPyRelation) -> None:
    """Print a result as a table: the first and last rows where there are more than 40, as wide as the terminal."""
    result.show(max_rows=_TABLE_ROWS, max_width=shutil.get_terminal_size((120, 40)).columns)


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
