"""Which rows repeat a key: found by hashes, decided by the keys themselves, within any budget.

First the hashes that occur twice are found, which needs a few bytes a row. Then the rows that have one of them, few as
a rule, are grouped by their keys. All other rows are what they are, and need neither be held nor sorted. DuckDB's
`hash` collides (625 rows of 21.6 million products), so it decides only which rows are looked at.

Both steps go part by part, as many as memory needs: so the number of rows is bounded by the disk alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


Finder = Callable[[duckdb.DuckDBPyConnection, Rows, Path, str], list[Path]]
"""`find_repeats`, or what finds the same with many workers."""


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
    hashes = key_hashes(connection, rows, directory)
    repeated, found = list[Path](), 0
    parts = parts_of_hashes(sum(rows.counts), connection)
    for part in range(parts):
        repeated.append(directory / f"repeated.{part}.parquet")
        found += repeated_hashes(connection, [hashes], repeated[-1], part, parts)
    made = []
    parts = parts_of_keys(found, connection)
    for part in range(parts):
        made.append(directory / f"repeats.{part}.parquet")
        repeats_of_part(connection, rows, repeated, statement, directory / "suspects.parquet", made[-1], part, parts)
    return made


def key_hashes(connection: duckdb.DuckDBPyConnection, rows: Rows, directory: Path) -> Path:
    """A file with a hash of each key, made once."""
    hashes = directory / "hashes.parquet"
    if not hashes.exists():
        hash_keys(connection, rows.files, hashes)
    return hashes


def hash_keys(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], output: Path) -> None:
    """Write a hash of each key of some files."""
    run_statement(connection, "dedup/key_hashes", {"files": list(files), "output": output})


def repeated_hashes(
    connection: duckdb.DuckDBPyConnection, hashes: Sequence[Path], output: Path, part: int, parts: int
) -> int:
    """Write the hashes of a part that occur more than once; how many there are."""
    asked = {"hashes": list(hashes), "output": output, "part": part, "parts": parts}
    ((found,),) = run_statement(connection, "dedup/repeated_hashes", asked).fetchall()
    return int(found)


def repeats_of_part(
    connection: duckdb.DuckDBPyConnection,
    rows: Rows,
    repeated: Sequence[Path],
    statement: str,
    suspects: Path,
    output: Path,
    part: int,
    parts: int,
) -> None:
    """Write what becomes of the rows of a part that have one of the repeated hashes.

    Args:
        connection: under a budget.
        rows: all rows.
        repeated: files with the hashes.
        statement: see `find_repeats`.
        suspects: a file for the rows that are looked at.
        output: a file.
        part: the part, counted from 0.
        parts: how many there are.
    """
    told = {"files": list(rows.files), "starts": rows.starts, "repeated": list(repeated), "output": suspects}
    run_statement(connection, "dedup/suspects", {**told, "part": part, "parts": parts})
    run_statement(connection, statement, {"suspects": suspects, "output": output})


def repeat_share(connection: duckdb.DuckDBPyConnection, rows: Rows, directory: Path) -> float:
    """About what part of the rows repeats a key of another."""
    asked = {"hashes": key_hashes(connection, rows, directory), "step": max(1, sum(rows.counts) // _LOOKED_AT)}
    ((share,),) = run_statement(connection, "dedup/repeat_share", asked).fetchall()
    return float(share)


def parts_of_hashes(rows: int, connection: duckdb.DuckDBPyConnection) -> int:
    """In how many parts memory holds the hashes of some rows, one after another."""
    return max(1, -(-rows * _BYTES_A_HASH // limit_of(connection)))


def parts_of_keys(hashes: int, connection: duckdb.DuckDBPyConnection) -> int:
    """In how many parts memory holds the keys that have some repeated hashes."""
    return max(1, -(-hashes * _BYTES_A_KEY // limit_of(connection)))
