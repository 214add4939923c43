"""Ways to the distinct products of a library, each in a process of its own.

`python -m benchmarks.across_jobs_peers PEER LIBRARY MEMORY`

Prints one line of JSON: seconds, and the number of distinct products. A peer that memory does not suffice for says so.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SQL = Path(__file__).parent / "sql"


def by_halodb(library: Path, memory: str) -> int:
    """`halodb dedup --across-jobs`."""
    made = importlib.import_module("halodb").dedup_across_jobs(library, memory=memory)
    return int(made.products)


def by_duckdb(library: Path, memory: str) -> int:
    """One statement, under the same limit of memory."""
    engine = importlib.import_module("halodb.engine")
    statement = (SQL / "across_one_statement.sql").read_text(encoding="utf-8")
    parameters = {
        "results": [str(file) for file in _results(library)],
        "output": str(library / "one_statement.parquet"),
    }
    with engine.connect(library, importlib.import_module("halodb.memory").parse_budget(memory)) as connection:
        return int(connection.execute(statement, parameters).fetchone()[0])


def by_polars(library: Path, _: str) -> int:
    """The streaming engine; it has no limit of memory to set."""
    pl: Any = importlib.import_module("polars")
    output = library / "polars.parquet"
    job = pl.concat_str([pl.col("class"), pl.lit("-"), pl.col("k"), pl.lit("X_"), pl.col("rule")])
    (
        pl.scan_parquet(_results(library))
        .group_by("smiles")
        .agg(job.alias("jobs"), pl.col("sources").sum())
        .sink_parquet(output, compression="zstd", engine="streaming")
    )
    return int(pl.scan_parquet(output).select(pl.len()).collect().item())


def _results(library: Path) -> list[Path]:
    return sorted(library.glob("*/products.parquet"))


PEERS: dict[str, Callable[[Path, str], int]] = {
    "halodb": by_halodb,
    "DuckDB, one statement": by_duckdb,
    "Polars": by_polars,
}

if __name__ == "__main__":
    peer, place, budget = sys.argv[1:]
    started = time.perf_counter()
    try:
        distinct: int | None = PEERS[peer](Path(place), budget)
    except Exception as error:  # a peer that runs out of memory is a result
        print(str(error).partition("\n")[0], file=sys.stderr)
        distinct = None
    print(json.dumps({"seconds": time.perf_counter() - started, "distinct": distinct}))
