"""Copies of inputs whose row groups are too large to be read in slices."""

from __future__ import annotations

from pathlib import Path

import duckdb

from halodb.engine import run_statement
from halodb.files import whole_file
from halodb.inputs.input import Input
from halodb.inputs.signature import check_unchanged

_LARGEST_ROW_GROUP = 1 << 21
"""Rows. To reach a row all rows before it in its row group are decoded: at 2 million that is under 0.5 s a unit."""


def sliceable(parents: Input, directory: Path, connection: duckdb.DuckDBPyConnection) -> Path:
    """The file that units read: the input itself, or a copy of its SMILES in row groups of DuckDB's usual size.

    Some writers make one row group of a whole file; 4,000 units would each decode half of it to reach their rows.
    """
    if parents.largest_row_group <= _LARGEST_ROW_GROUP:
        return parents.path
    copy = directory / f"parents.{parents.digest}.parquet"
    if not copy.exists():
        with whole_file(copy) as temporary:
            run_statement(connection, "regroup", {"input": parents.path, "output": temporary})
            check_unchanged(parents.path, parents.signature)
    return copy
