"""Scaling: rate and idle share against workers, and the cost of a row against the rows of the input.

Workers: whole passes over `polyphenol-1X` made of natural products, all rules in scope, each pass in a new
library; numbers of workers take turns. `rate` counts the whole pass, with the start of its workers; `steady_rate` only
from the begin of the first unit to the end of the last. `idle_share` is PassReport's. More workers than cores cannot be
faster; they shall not be slower either. Workers are never more than units (`workers_used`), and the last units leave
workers idle, so the share falls with the rows: 16 workers want 20,000 rows or more to show what a long pass does.

Rows: passes of one rule over small parents that are all alike, every fourth with one product. Seconds a row shall not
grow with the rows. Sizes that were not run are not in the result; nothing is extrapolated.
"""

from __future__ import annotations

import itertools
import math
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import halodb
from benchmarks.data import cheap_parents, halogenated_polyphenols, smaller, write_input
from benchmarks.measure import interleaved
from benchmarks.result import Result, begin, series
from halodb.files import remove_tree
from halodb.transformation import PassReport

_RULE = "FG_PHENOL_OH__OH__TO__OMe"
_LARGE = 1_000_000
"""Rows from which one pass is enough: it takes minutes, and its start no longer shows."""


def run(workers: Sequence[int], parents: int, rows: int, growth: Sequence[int], rounds: int, note: str) -> Result:
    """Measure.

    Args:
        workers: numbers of worker processes.
        parents: polyphenols to halogenate.
        rows: rows of the input of the first part.
        growth: rows of the inputs of the second part.
        rounds: passes behind each median; inputs of a million rows and more are passed once.
        note: for the result.
    """
    result = begin("scaling", rounds, note)
    with tempfile.TemporaryDirectory() as name:
        _against_workers(result, workers, parents, rows, Path(name), rounds)
    for size in growth:
        with tempfile.TemporaryDirectory() as name:
            _against_rows(result, size, Path(name), 1 if size >= _LARGE else rounds)
    _headline(result)
    return result


def _against_workers(
    result: Result, workers: Sequence[int], parents: int, rows: int, directory: Path, rounds: int
) -> None:
    whole = halogenated_polyphenols(directory, parents)
    source = smaller(whole, directory / "smaller", rows)
    reports: dict[str, list[PassReport]] = {f"{number} workers": [] for number in workers}

    def one_pass(on: str, number: int) -> None:
        library = directory / "library"
        reports[on].append(halodb.transform(source, library, workers=number))
        remove_tree(library)

    interleaved(
        {on: lambda on=on, number=number: one_pass(on, number) for on, number in zip(reports, workers, strict=True)},  # type: ignore[misc]
        rounds,
    )
    for (on, made), number in zip(reports.items(), workers, strict=True):
        rates = [one.products / one.seconds for one in made]
        idle = series("", "", "", [one.idle_share for one in made]).median
        steady = series("", "", "", [_steady_rate(one) for one in made]).median
        numbers = {"products": made[0].products, "idle_share": round(idle, 4), "steady_rate": round(steady, 1)}
        numbers["peak_memory_bytes"] = max(one.peak_memory for one in made)
        numbers["workers_used"] = made[0].workers
        result.series.append(series(str(whole.name), on, "products/s", rates, size=number, **numbers))


def _steady_rate(report: PassReport) -> float:
    span = report.worker_seconds / (report.workers * (1 - report.idle_share))
    return report.products / span


def _against_rows(result: Result, rows: int, directory: Path, rounds: int) -> None:
    source = write_input(directory, "polyphenol-1X", cheap_parents(), rows)
    costs, peak = [], 0
    for _ in range(rounds):
        report = halodb.transform(source, directory / "library", rules=[_RULE])
        costs.append(report.seconds / rows * 1e6)
        peak = max(peak, report.peak_memory)
        remove_tree(directory / "library")
    made = series("cheap parents", f"{rows:,} rows", "us/row", costs, size=rows, peak_memory_bytes=peak)
    made.numbers["products"] = report.products
    made.numbers["workers_used"] = report.workers
    result.series.append(made)


def _headline(result: Result) -> None:
    passes = [one for one in result.series if one.unit == "products/s"]
    one_worker = next((one for one in passes if one.size == 1), None)
    for one in passes:
        if one_worker is not None and one is not one_worker:
            result.headline[f"rate of {one.on} / rate of 1"] = one.median / one_worker.median
            steady = one.numbers["steady_rate"] / one_worker.numbers["steady_rate"]
            result.headline[f"steady rate of {one.on} / steady rate of 1"] = steady
        if one.size == os.cpu_count():
            result.headline[f"idle share of {one.on}"] = one.numbers["idle_share"]
    grown = [one for one in result.series if one.unit == "us/row"]
    for one, other in itertools.pairwise(grown):
        if one.size and other.size:
            more = math.log(other.median * other.size / (one.median * one.size)) / math.log(other.size / one.size)
            result.headline[f"seconds grow as rows to the power, {one.on} to {other.on}"] = more
