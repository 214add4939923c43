"""Dedup: what `halodb dedup` does with a job against what a user would write in its place, on the same shard.

Made keys of 79 characters of which 0.1, 20 or 80 % are duplicates, and real products as a pass writes them. Each run is
in a process and a working directory of its own; times are the peer's own (start of Python and imports apart), memory is
the peak PSS of its process tree and disk the peak of its working directory, both sampled every 0.1 s. Peers take turns,
and all must find as many distinct keys. `reading and writing alone` is the limit: the same rows, looked at by nobody.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

import halodb
from benchmarks.data import halogenated_polyphenols
from benchmarks.dedup_peers import LIMIT, PEERS, SLOW, SQL
from benchmarks.measure import Watched, watch
from benchmarks.result import Result, begin, gnu_sort, series
from halodb.files import format_bytes, remove_tree
from halodb.shards import PRODUCT_SCHEMA

OURS = "halodb"

_FRESH = {"0.1 %": 999, "20 %": 800, "80 %": 200}
"""Of 1,000 rows, how many have a key of their own, by the share of duplicates."""

_USUAL = "20 %"
_RULE = "FG_PHENOL_OH__OH__TO__OMe"


def run(sizes: Sequence[int], parents: int, largest_for_slow: int, rounds: int, memory: str, note: str) -> Result:
    """Measure.

    Args:
        sizes: rows of the shard, each in turn; rounded down to a multiple of 1,000. The first one with each share of
            duplicates, the others with 20 %.
        parents: natural polyphenols behind the real products.
        largest_for_slow: rows above which SQLite is left out.
        rounds: how often each peer runs on each.
        memory: budget of halodb's process.
        note: for the result.

    Raises:
        RuntimeError: the peers do not agree on the number of distinct keys.
    """
    result = begin("dedup", rounds, note)
    peers = [peer for peer in PEERS if _is_there(peer)]
    missing = [f"{peer}: not installed" for peer in PEERS if peer not in peers]
    result.note = "; ".join(filter(None, [result.note, *missing, f"memory budget of halodb: {memory}"]))
    wanted = [(size // 1000 * 1000, share) for size in sizes for share in _FRESH if size == sizes[0] or share == _USUAL]
    for rows, share in wanted:
        with tempfile.TemporaryDirectory() as name:
            shard = Path(name) / "shard.parquet"
            make_shard(shard, rows, _FRESH[share])
            taking_part = [peer for peer in peers if rows <= largest_for_slow or peer not in SLOW]
            _one_shard(result, taking_part, shard, f"{rows:,} keys, {share} duplicates", rounds, memory)
    with tempfile.TemporaryDirectory() as name:
        shard = Path(name) / "shard.parquet"
        make_real_shard(shard, Path(name), parents)
        _one_shard(result, peers, shard, f"{pq.read_metadata(shard).num_rows:,} real products", rounds, memory)
    return result


def make_shard(path: Path, rows: int, fresh: int) -> None:
    """Write the rows of `sql/keys.sql`."""
    with duckdb.connect() as connection:
        statement = (SQL / "keys.sql").read_text(encoding="utf-8")
        connection.execute(statement, {"count": rows, "fresh": fresh, "output": str(path)})


def make_real_shard(path: Path, directory: Path, parents: int) -> None:
    """Write all products of one job, as its pass wrote them, in one file."""
    source = halogenated_polyphenols(directory, parents, depth=2)
    halodb.transform(source.path, directory / "library", rules=[_RULE])
    shards = sorted((directory / "library" / f"{source.name}_{_RULE}" / "shards").glob("*.parquet"))
    with pq.ParquetWriter(path, PRODUCT_SCHEMA, compression="zstd") as writer:
        for shard in shards:
            writer.write_table(pq.read_table(shard, schema=PRODUCT_SCHEMA))


def _one_shard(result: Result, peers: Sequence[str], shard: Path, on: str, rounds: int, memory: str) -> None:
    rows = pq.read_metadata(shard).num_rows
    seen: dict[str, list[Watched]] = defaultdict(list)
    for number in range(rounds):
        first = number % len(peers)
        for peer in [*peers[first:], *peers[:first]]:
            directory = shard.parent / "working"
            directory.mkdir()
            seen[peer].append(watch("benchmarks.dedup_peers", [peer, str(shard), str(directory), memory], directory))
            remove_tree(directory)
    distinct = {peer: {one.told["distinct"] for one in seen[peer]} for peer in peers if peer != LIMIT}
    if len(set.union(*distinct.values())) != 1:
        raise RuntimeError(f"the peers disagree on the distinct keys of {on}: {distinct}")
    (unique,) = distinct[OURS]
    for peer in peers:
        made = series(peer, on, "s", [one.told["seconds"] for one in seen[peer]], size=rows, distinct=unique)
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
        result.headline[f"{peer} / halodb, time, {on}"] = other.median / ours.median
        result.headline[f"{peer} / halodb, memory, {on}"] = (
            other.numbers["peak_memory_bytes"] / ours.numbers["peak_memory_bytes"]
        )
    if ours is not None:
        print(f"{on}: halodb {ours.median:.2f} s, {format_bytes(ours.numbers['peak_memory_bytes'])}")


def _is_there(peer: str) -> bool:
    if peer.startswith("Polars"):
        return importlib.util.find_spec("polars") is not None
    return gnu_sort() is not None if peer.startswith("sort") else True
