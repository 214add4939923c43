"""What the rows of an input cost to enumerate, before anything is parsed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from halodb.engine import run_statement
from halodb.errors import InputError

_BLOCKS_WANTED = 1 << 16


@dataclass(frozen=True)
class Costs:
    """Estimated cost of each block of `block` rows, in microseconds of one core, in the order of the rows."""

    rows: int
    block: int
    of_blocks: tuple[float, ...]


def cost_of(smiles: str | None) -> int:
    """Cost of a row, as `sql/block_costs.sql` has it, in microseconds."""
    length = len(smiles or "")
    return 1 + length * (length + 500) // 40


def equal_costs(rows: int) -> Costs:
    """Costs of rows of which nothing is known: a millisecond each."""
    block = _block(rows)
    return Costs(rows, block, tuple(1000.0 * min(block, rows - start) for start in range(0, rows, block)))


def estimate_costs(connection: duckdb.DuckDBPyConnection, file: Path, rows: int) -> Costs:
    """Costs of the rows of a Parquet file, from the lengths of their SMILES; see `sql/block_costs.sql`.

    Args:
        connection: DuckDB.
        file: the file; where it is damaged all rows are taken for equal, and the worker that meets the damage tells.
        rows: its rows.
    """
    block = _block(rows)
    try:
        result = run_statement(connection, "block_costs", {"input": file, "block": block}).fetchall()
    except InputError:
        return equal_costs(rows)
    return Costs(rows, block, tuple(float(cost) for (cost,) in result))


def _block(rows: int) -> int:
    return max(1, rows // _BLOCKS_WANTED)
