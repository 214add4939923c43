"""Memory: peak of the process tree against the products made by one pass; it shall be flat.

Real chemistry through `halodb.transform`: small synthetic polyphenols of 20 products each, all distinct. The tree is
this process, its workers and whatever else they start; bytes are PSS (USS where there is no PSS), sampled five times a
second over the pass. A peak is a maximum of many samples, so one run a size is the default. The dedup of the library
that follows runs under a budget of 1 GB; its own peak is told beside.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import halodb
from benchmarks.data import PRODUCTS_A_PHENOL, aminophenolic_acids, write_input
from benchmarks.result import Result, begin, series
from halodb.memory import MemoryMeter

_INTERVAL = 0.2
_POINTS = 300
"""Of a trace, in the result; each is the highest of the samples it stands for."""

DEDUP_BUDGET = "1GB"


def run(sizes: Sequence[int], rounds: int, workers: int, note: str) -> Result:
    """Measure.

    Args:
        sizes: products to make, each in turn; rounded to whole parents.
        rounds: passes of each size.
        workers: processes of a pass.
        note: for the result.
    """
    result = begin("memory", rounds, note)
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            parents = max(1, size // PRODUCTS_A_PHENOL)
            source = write_input(directory, "polyphenol-1X", aminophenolic_acids(), parents)
            _one_size(result, source, directory / "library", workers, rounds)
    passes = [one for one in result.series if one.who == "transform"]
    passes.sort(key=lambda one: one.size or 0)
    for one, other in itertools.pairwise(passes):
        result.headline[f"peak of {other.on} / peak of {one.on}"] = other.median / one.median
    return result


def _one_size(result: Result, source: Path, library: Path, workers: int, rounds: int) -> None:
    peaks, dedup_peaks, seconds = [], [], []
    trace: list[tuple[float, float]] = []
    products = used = 0
    for _ in range(rounds):
        trace = []
        started = time.monotonic()

        def sample(held: dict[int, int], trace: list[tuple[float, float]] = trace, started: float = started) -> None:
            trace.append((round(time.monotonic() - started, 2), float(sum(held.values()))))

        with MemoryMeter(_INTERVAL, sample) as meter:
            report = halodb.transform(source, library, workers=workers, replace=True)
        products, used = report.products, report.workers
        peaks.append(float(meter.peak))
        seconds.append(report.seconds)
        with MemoryMeter(_INTERVAL) as meter:
            halodb.dedup(library, memory=DEDUP_BUDGET)
        dedup_peaks.append(float(meter.peak))
    on = f"{products:,} products"
    told = series("transform", on, "bytes", peaks, size=products, workers=used, seconds=round(seconds[-1], 1))
    told.trace = _thinned(trace)
    result.series.append(told)
    result.series.append(series(f"dedup under {DEDUP_BUDGET}", on, "bytes", dedup_peaks, size=products))


def _thinned(trace: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = max(1, -(-len(trace) // _POINTS))
    groups = [trace[start : start + step] for start in range(0, len(trace), step)]
    return [(group[0][0], max(held for _, held in group)) for group in groups]
