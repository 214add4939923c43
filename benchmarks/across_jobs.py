"""The distinct products of a whole library: `halodb dedup --across-jobs` against what a user would write in its place.

A library of 118 jobs of made keys, of which one in five is a product that another job makes too; see `made_library`.
Each run is in a process of its own; memory is the peak PSS of its process tree, sampled every 0.1 s, and shall be flat.
"""

from __future__ import annotations

import importlib.util
import itertools
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.across_jobs_peers import PEERS
from benchmarks.made_library import make_library
from benchmarks.measure import Watched, watch
from benchmarks.result import Result, begin, series

OURS = "halodb"
_JOBS = 118


def run(sizes: Sequence[int], largest_for_peers: int, rounds: int, memory: str, note: str) -> Result:
    """Measure.

    Args:
        sizes: products of the library, each in turn.
        largest_for_peers: products above which halodb alone takes part.
        rounds: how often each takes part.
        memory: budget of halodb, and DuckDB's limit.
        note: for the result.

    Raises:
        RuntimeError: those that came to an end do not agree.
    """
    result = begin("across-jobs", rounds, note)
    peers = [peer for peer in PEERS if peer != "Polars" or importlib.util.find_spec("polars") is not None]
    result.note = "; ".join(filter(None, [result.note, f"memory budget: {memory}"]))
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            library = make_library(Path(name), _JOBS, size)
            _one_size(result, peers if size <= largest_for_peers else [OURS], library, size, rounds, memory)
    ours = [one for one in result.series if one.who == OURS]
    for one, other in itertools.pairwise(ours):
        name = f"peak of {other.on} / peak of {one.on}"
        result.headline[name] = other.numbers["peak_memory_bytes"] / one.numbers["peak_memory_bytes"]
    return result


def _one_size(result: Result, peers: Sequence[str], library: Path, size: int, rounds: int, memory: str) -> None:
    seen: dict[str, list[Watched]] = defaultdict(list)
    for number in range(rounds):
        first = number % len(peers)
        for peer in [*peers[first:], *peers[:first]]:
            seen[peer].append(watch("benchmarks.across_jobs_peers", [peer, str(library), memory], library))
            for file in library.glob("*.parquet"):
                file.unlink()
    on = f"{size:,} products of {_JOBS} jobs"
    found = {one.told["distinct"] for runs in seen.values() for one in runs} - {None}
    if len(found) != 1:
        raise RuntimeError(f"they disagree on the distinct products of {on}: {found}")
    for peer in peers:
        if any(one.told["distinct"] is None for one in seen[peer]):
            result.note += f"; {peer} came to no end with {on}"
            continue
        made = series(
            peer, on, "s", [one.told["seconds"] for one in seen[peer]], size=size, distinct=found.copy().pop()
        )
        made.numbers["peak_memory_bytes"] = max(one.memory for one in seen[peer])
        made.numbers["peak_disk_bytes"] = max(one.disk for one in seen[peer])
        result.series.append(made)
    ours = result.find(OURS, on)
    for peer in peers:
        other = result.find(peer, on)
        if ours is not None and other is not None and peer != OURS:
            result.headline[f"{peer} / halodb, time, {on}"] = other.median / ours.median
