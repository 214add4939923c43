"""Ways to remove duplicates, each in a process of its own: `python -m benchmarks.dedup_peers PEER SHARD DIR MEMORY`.

Prints one line of JSON: seconds of the work (imports and the count of what is left apart), `converting` (the part of it
that turns Parquet into text), and the number of distinct keys. A peer imports only what it needs, for its memory's
sake.
"""

from __future__ import annotations

import importlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

SQL = Path(__file__).parent / "sql"
_ROW_GROUP = 61_440


class Done(NamedTuple):
    """What a peer told: seconds, those of them spent on converting, distinct keys."""

    seconds: float
    converting: float
    distinct: int


def by_halodb(shard: Path, directory: Path, memory: str) -> Done:
    """What `halodb dedup` does: first origin and number of sources of each key, in order, to Parquet."""
    engine, result, repeats = (
        importlib.import_module(f"halodb.{name}")
        for name in ("engine", "deduplication.result", "deduplication.repeats")
    )
    pq = importlib.import_module("pyarrow.parquet")
    manifest = importlib.import_module("benchmarks.data").a_manifest(directory)
    budget = importlib.import_module("halodb.memory").parse_budget(memory)
    started = time.perf_counter()
    with engine.connect(directory, budget) as connection:
        rows = repeats.Rows((shard,), (pq.read_metadata(shard).num_rows,))
        count = result.write_unique(connection, rows, directory / "out.parquet", manifest, in_order=True)
    return Done(time.perf_counter() - started, 0.0, count)


def by_duckdb(shard: Path, directory: Path, memory: str) -> Done:
    """The same result as one statement of SQL."""
    engine = importlib.import_module("halodb.engine")
    budget = importlib.import_module("halodb.memory").parse_budget(memory)
    statement = (SQL / "one_statement.sql").read_text(encoding="utf-8")
    started = time.perf_counter()
    with engine.connect(directory, budget) as connection:
        told = connection.execute(statement, {"shard": str(shard), "output": str(directory / "out.parquet")})
        (count,) = told.fetchone()
    return Done(time.perf_counter() - started, 0.0, int(count))


def by_nobody(shard: Path, directory: Path, _: str) -> Done:
    """The limit: all rows are read and written, and none is looked at."""
    pa, pq = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    started = time.perf_counter()
    with pq.ParquetFile(shard) as parquet:
        schema, rows = parquet.schema_arrow, 0
        with pq.ParquetWriter(directory / "out.parquet", schema, compression="zstd", use_dictionary=False) as writer:
            for batch in parquet.iter_batches(_ROW_GROUP):
                writer.write_table(pa.Table.from_batches([batch]))
                rows += batch.num_rows
    return Done(time.perf_counter() - started, 0.0, rows)


def by_polars(shard: Path, directory: Path, _: str) -> Done:
    """The same result by the streaming engine; it has no limit of memory to set."""
    pl: Any = importlib.import_module("polars")
    output = directory / "out.parquet"
    started = time.perf_counter()
    origin = pl.col("parent_row") * 1_048_576 + pl.col("site")
    (
        pl.scan_parquet(shard)
        .group_by("smiles")
        .agg(origin.min().alias("first_origin"), pl.len().alias("sources"))
        .sort("first_origin", "smiles")
        .sink_parquet(output, compression="zstd", engine="streaming")
    )
    seconds = time.perf_counter() - started
    return Done(seconds, 0.0, int(pl.scan_parquet(output).select(pl.len()).collect().item()))


def by_polars_unique(shard: Path, directory: Path, _: str) -> Done:
    """Less work: the distinct keys alone, in any order."""
    pl: Any = importlib.import_module("polars")
    output = directory / "out.parquet"
    started = time.perf_counter()
    pl.scan_parquet(shard).select("smiles").unique().sink_parquet(output, compression="zstd", engine="streaming")
    seconds = time.perf_counter() - started
    return Done(seconds, 0.0, int(pl.scan_parquet(output).select(pl.len()).collect().item()))


def by_sqlite(shard: Path, directory: Path, _: str) -> Done:
    """INSERT OR IGNORE, as the pipeline that halodb replaces: WAL, no fsync, a cache of 1 GB, no output file."""
    pq = importlib.import_module("pyarrow.parquet")
    started = time.perf_counter()
    connection = sqlite3.connect(directory / "keys.sqlite")
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE keys (smiles TEXT PRIMARY KEY, parent_row INTEGER, site INTEGER) WITHOUT ROWID")
    with pq.ParquetFile(shard) as parquet:
        for batch in parquet.iter_batches(65_536):
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            connection.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", rows)
    connection.commit()
    seconds = time.perf_counter() - started
    (count,) = connection.execute("SELECT count(*) FROM keys").fetchone()
    connection.close()
    return Done(seconds, 0.0, int(count))


def by_sort(shard: Path, directory: Path, _: str) -> Done:
    """GNU `sort -u` in the C locale, a buffer of 800 MB, all cores; the keys alone, from text that is made first."""
    duckdb = importlib.import_module("duckdb")
    result = importlib.import_module("benchmarks.result")
    text, output = directory / "keys.txt", directory / "out.txt"
    started = time.perf_counter()
    with duckdb.connect(config={"memory_limit": "512MB"}) as connection:
        statement = (SQL / "keys_as_text.sql").read_text(encoding="utf-8")
        connection.execute(statement, {"shard": str(shard), "output": str(text)})
    converted = time.perf_counter()
    cores = str(os.cpu_count() or 1)
    subprocess.run(
        [result.gnu_sort(), "-u", "-S", "800M", f"--parallel={cores}", "-T", str(directory), "-o", output, text],
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    ended = time.perf_counter()
    with output.open("rb") as lines:
        count = sum(1 for _ in lines)
    return Done(ended - started, converted - started, count)


LIMIT = "reading and writing alone"
SLOW = {"SQLite"}

PEERS: dict[str, Callable[[Path, Path, str], Done]] = {
    "halodb": by_halodb,
    "DuckDB, one statement": by_duckdb,
    LIMIT: by_nobody,
    "SQLite": by_sqlite,
    "Polars": by_polars,
    "Polars, keys only": by_polars_unique,
    "sort -u, keys only": by_sort,
}

if __name__ == "__main__":
    peer, shard_file, place, budget = sys.argv[1:]
    print(json.dumps(PEERS[peer](Path(shard_file), Path(place), budget)._asdict()))
