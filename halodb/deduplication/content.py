"""What is in a result, read back from disk."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb

from halodb.engine import run_statement


class Content(NamedTuple):
    """Rows of a Parquet file, and a checksum of them (128 bits, hex) that does not depend on their order."""

    rows: int
    checksum: str


def read_content(connection: duckdb.DuckDBPyConnection, file: Path) -> Content:
    """Read a file to its last row group; see `sql/content.sql`.

    Raises:
        InputError: the file is damaged.
    """
    rows, checksum = run_statement(connection, "content", {"file": file}).fetchall()[0]
    return Content(int(rows), f"{int(checksum or 0):032x}")
