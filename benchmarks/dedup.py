"""Dedup: the statement of `halodb dedup` against SQLite, Polars and GNU `sort -u` on the same shard.

Keys of 79 characters, every fifth a duplicate. Each run is in a process and a working directory of its own; times are
the peer's own (start of Python and imports apart), memory is the peak PSS of its process tree and disk the peak of its
working directory, both sampled every 0.1 s. Peers take turns, and all must find as many distinct keys.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb

from benchmarks.dedup_peers import PEERS, SQL
from benchmarks.measure import Watched, watch
from benchmarks.result import Result, begin, gnu_sort, series
from halodb.files import format_bytes, remove_tree

OURS = "DuckDB (halodb)"


def run(sizes: Sequence[int], rounds: int, memory: str, note: str) -> Result:
    """Measure.

    Args:
        sizes: rows of the shard, each in turn; rounded down to a multiple of 5.
        rounds: how often each peer runs on each.
        memory: budget of DuckDB's process.
        note: for the result.

    Raises:
        RuntimeError: the peers do not agree on the number of distinct keys.
    """
    result = begin("dedup", rounds, note)
    peers = [peer for peer in PEERS if _is_there(peer)]
    missing = [f"{peer}: not installed" for peer in PEERS if peer not in peers]
    result.note = "; ".join(filter(None, [result.note, *missing, f"memory budget of DuckDB: {memory}"]))
    for rows in (size // 5 * 5 for size in sizes):
        with tempfile.TemporaryDirectory() as name:
            shard = Path(name) / "shard.parquet"
            make_shard(shard, rows)
            _one_size(result, peers, shard, rows, rounds, memory)
    return result


def make_shard(path: Path, rows: int) -> None:
    """Write the rows of `sql/keys.sql`."""
    with duckdb.connect() as connection:
        statement = (SQL / "keys.sql").read_text(encoding="utf-8")
        connection.execute(statement, {"count": rows, "output": str(path)})


def _one_size(result: Result, peers: Sequence[str], shard: Path, rows: int, rounds: int, memory: str) -> None:
    seen: dict[str, list[Watched]] = defaultdict(list)
    for number in range(rounds):
        first = number % len(peers)
        for peer in [*peers[first:], *peers[:first]]:
            directory = shard.parent / "working"
            directory.mkdir()
            seen[peer].append(watch("benchmarks.dedup_peers", [peer, str(shard), str(directory), memory], directory))
            remove_tree(directory)
    distinct = {peer: {one.told["distinct"] for one in seen[peer]} for peer in peers}
    if any(found != {rows // 5 * 4} for found in distinct.values()):
        raise RuntimeError(f"the peers disagree on the distinct keys of {rows:,} rows: {distinct}")
    on = f"{rows:,} keys"
    for peer in peers:
        made = series(peer, on, "s", [one.told["seconds"] for one in seen[peer]], size=rows, distinct=rows // 5 * 4)
        made.numbers["peak_memory_bytes"] = max(one.memory for one in seen[peer])
        made.numbers["peak_disk_bytes"] = max(one.disk for one in seen[peer])
        converting = series(peer, on, "s", [one.told["converting"] for one in seen[peer]]).median
        if converting:
            made.numbers["converting_s"] = converting
        result.series.append(made)
    ours = result.find(OURS, on)
    for peer in peers:
        other = result.find(peer, on)
        if ours is None or other is None or peer == OURS:
            continue
        result.headline[f"{peer} / DuckDB, time, {on}"] = other.median / ours.median
        result.headline[f"{peer} / DuckDB, memory, {on}"] = (
            other.numbers["peak_memory_bytes"] / ours.numbers["peak_memory_bytes"]
        )
    if ours is not None:
        print(f"{on}: DuckDB {ours.median:.2f} s, {format_bytes(ours.numbers['peak_memory_bytes'])}")


def _is_there(peer: str) -> bool:
    if peer.startswith("Polars"):
        return importlib.util.find_spec("polars") is not None
    return gnu_sort() is not None if peer.startswith("sort") else True
