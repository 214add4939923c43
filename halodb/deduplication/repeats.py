"""Which rows repeat a key: found by hashes, decided by the keys themselves, within any budget.

First the hashes that occur twice are found, which needs a few bytes a row. Then the rows that have one of them, few as
a rule, are grouped by their keys. All other rows are what they are, and need neither be held nor sorted. DuckDB's
`hash` collides (625 rows of 21.6 million products), so it decides only which rows are looked at.

Both steps go part by part, as many as memory needs: so the number of rows is bounded by the disk alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import duckdb

from halodb.engine import limit_of, run_statement

_BYTES_A_HASH = 8
"""Of DuckDB's limit for each hash that is grouped: 20 million were in 6.7 bytes each."""

_BYTES_A_KEY = 64
"""Of DuckDB's limit for each repeated hash: it is joined with, and its keys of about 100 characters are grouped."""

_LOOKED_AT = 100_000
"""Hashes from which the share of repeats is estimated."""


@dataclass(frozen=True)
class Rows:
    """Rows of Parquet files, one file after the other; the position of a row is the number of rows before it.

    Attributes:
        files: shards of a job, or results of many jobs.
        counts: rows of each.
    """

    files: tuple[Path, ...]
    counts: tuple[int, ...]

    @property
    def starts(self) -> list[int]:
        """The position of the first row of each file."""
        return [0, *accumulate(self.counts[:-1])]


def find_repeats(connection: duckdb.DuckDBPyConnection, rows: Rows, directory: Path, statement: str) -> list[Path]:
    """Find the rows whose key occurs more than once, and what becomes of each.

    Args:
        connection: under a budget.
        rows: with a column `smiles`.
        directory: for files between the steps.
        statement: of `sql/`, makes `position`, `stays` and what is to be told out of `suspects`.

    Returns:
        Files with what the statement made, in no order.
    """
    files = {"files": list(rows.files)}
    hashes = key_hashes(connection, rows, directory)
    repeated, found = [], 0
    for part in _parts(sum(rows.counts), _BYTES_A_HASH, connection):
        repeated.append(directory / f"repeated.{part['part']}.parquet")
        wanted = {"hashes": hashes, "output": repeated[-1], **part}
        ((hashes_found,),) = run_statement(connection, "dedup/repeated_hashes", wanted).fetchall()
        found += hashes_found
    made = []
    for part in _parts(found, _BYTES_A_KEY, connection):
        suspects = directory / "suspects.parquet"
        told = {**files, "starts": rows.starts, "repeated": repeated, "output": suspects}
        run_statement(connection, "dedup/suspects", {**told, **part})
        made.append(directory / f"repeats.{part['part']}.parquet")
        run_statement(connection, statement, {"suspects": suspects, "output": made[-1]})
    return made


def key_hashes(connection: duckdb.DuckDBPyConnection, rows: Rows, directory: Path) -> Path:
    """A file with a hash of each key, made once."""
    hashes = directory / "hashes.parquet"
    if not hashes.exists():
        run_statement(connection, "dedup/key_hashes", {"files": list(rows.files), "output": hashes})
    return hashes


def repeat_share(connection: duckdb.DuckDBPyConnection, rows: Rows, directory: Path) -> float:
    """About what part of the rows repeats a key of another."""
    asked = {"hashes": key_hashes(connection, rows, directory), "step": max(1, sum(rows.counts) // _LOOKED_AT)}
    ((share,),) = run_statement(connection, "dedup/repeat_share", asked).fetchall()
    return float(share)


def _parts(rows: int, bytes_a_row: int, connection: duckdb.DuckDBPyConnection) -> list[dict[str, int]]:
    """Parts of which memory holds each."""
    parts = max(1, -(-rows * bytes_a_row // limit_of(connection)))
    return [{"part": part, "parts": parts} for part in range(parts)]
