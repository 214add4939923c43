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
    """What blocks of `block` rows cost, in the order of the rows.

    Attributes:
        rows: of the input.
        block: rows in a block.
        of_blocks: estimated cost of each block, in microseconds of one core.
        torn: of each block, about how many groups of halogen analogues a cut before it would tear.
    """

    rows: int
    block: int
    of_blocks: tuple[float, ...]
    torn: tuple[int, ...]


def equal_costs(rows: int) -> Costs:
    """Costs of rows of which nothing is known: a millisecond each."""
    block = _block(rows)
    of_blocks = tuple(1000.0 * min(block, rows - start) for start in range(0, rows, block))
    return Costs(rows, block, of_blocks, (0,) * len(of_blocks))


def estimate_costs(connection: duckdb.DuckDBPyConnection, file: Path, rows: int) -> Costs:
    """Costs of the rows of a Parquet file, from their SMILES; see `sql/block_costs.sql`.

    Args:
        connection: DuckDB.
        file: the file; where it is damaged all rows are taken for equal, and the worker that meets the damage tells.
        rows: its rows.
    """
    block = _block(rows)
    try:
        result = run_statement(connection, "block_costs", {"input": file, "block": block, "rows": rows}).fetchall()
    except InputError:
        return equal_costs(rows)
    return Costs(rows, block, tuple(float(cost) for cost, _ in result), tuple(int(torn) for _, torn in result))


def _block(rows: int) -> int:
    return max(1, rows // _BLOCKS_WANTED)
