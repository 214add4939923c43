"""Dedup: sql/dedup.sql under 1 GB against SQLite's INSERT OR IGNORE, on the same shard, interleaved, median of 3.

Run by `make bench`; the number of keys is an argument (1,000,000 by default), a fifth of them duplicates.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.engine import connect, run_statement

ROUNDS = 3


def make_shard(path: Path, count: int) -> None:
    """Keys of about 80 characters; every fifth is one that was there before."""
    chance = random.Random(1)
    keys = [f"{chance.getrandbits(256):064x}CC(=O)Oc1ccccc1" for _ in range(count * 4 // 5)]
    keys += chance.choices(keys, k=count - len(keys))
    chance.shuffle(keys)
    table = pa.table(
        {"smiles": keys, "parent_row": pa.array(range(count), pa.int64()), "site": pa.array([0] * count, pa.int32())}
    )
    pq.write_table(table, path, compression="zstd", use_dictionary=False)


def by_duckdb(shard: Path, directory: Path) -> int:
    """The statement that `halodb dedup` runs."""
    with connect(directory, "1GB") as connection:
        parameters = {"shards": [str(shard)], "output": str(directory / "out.parquet")}
        row = run_statement(
            connection, "dedup", {**parameters, "job": "b", "fingerprint": "b", "rdkit": "b"}
        ).fetchone()
    return int(row[0]) if row else 0


def by_sqlite(shard: Path, directory: Path) -> int:
    """Keys in SQLite as the pipeline that halodb replaces had them, with the usual tuning."""
    path = directory / "keys.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;")
    connection.execute("CREATE TABLE keys (smiles TEXT PRIMARY KEY, parent_row INTEGER, site INTEGER) WITHOUT ROWID")
    with pq.ParquetFile(shard) as parquet:
        for batch in parquet.iter_batches(65_536):
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            connection.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", rows)
    connection.commit()
    (count,) = connection.execute("SELECT count(*) FROM keys").fetchone()
    connection.close()
    return int(count)


def main() -> None:
    """Print the times and their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    times: dict[str, list[float]] = {"duckdb": [], "sqlite": []}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        shard = directory / "shard.parquet"
        make_shard(shard, count)
        for _ in range(ROUNDS):
            kept = []
            for peer, run in (("duckdb", by_duckdb), ("sqlite", by_sqlite)):
                started = time.perf_counter()
                kept.append(run(shard, directory))
                times[peer].append(time.perf_counter() - started)
            if kept[0] != kept[1]:
                raise SystemExit(f"the peers disagree: {kept}")
    duckdb, sqlite = (statistics.median(times[peer]) for peer in ("duckdb", "sqlite"))
    print(
        f"{count:,} keys, median of {ROUNDS}: DuckDB {duckdb:.2f} s, SQLite {sqlite:.2f} s: {sqlite / duckdb:.1f} times"
    )


if __name__ == "__main__":
    main()
