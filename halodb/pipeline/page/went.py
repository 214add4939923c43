"""How it went: the passes of each run in time, and the memory of its processes against the budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from halodb.engine import connect, run_statement
from halodb.files import format_bytes, format_seconds
from halodb.pipeline.report import PassSummary, PipelineReport, RunSummary
from halodb.pipeline.trace import TRACE_FILE

_RUNS_SHOWN = 6
_BINS = 240
_TICKS = 4
_LITTLE = 0.15
"""Of the budget: where less is held at the most, the chart ends above that and not at the budget."""
_MEMORY = 1024**3


@dataclass(frozen=True)
class Lane:
    """A pass in a timeline: begin and widths in percent of it."""

    summary: PassSummary
    x: float
    transform: float
    dedup: float


@dataclass(frozen=True)
class Timeline:
    """The passes of a run; ticks are their places in percent and their words."""

    run: RunSummary
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Memory:
    """Memory of the newest run with passes.

    Attributes:
        main, workers: outlines of their areas, as paths in a square of 100: the workers' lie on the main process's.
        budget: height of the budget in it; None where it lies above.
        ticks: of time, as in a timeline.
        levels: of memory: heights in percent from above, and their words.
        peak: bytes.
        run: the run.
    """

    main: str
    workers: str
    budget: float | None
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    peak: int
    run: RunSummary


def timelines_of(report: PipelineReport) -> list[Timeline]:
    """The newest runs that did something, the newest first."""
    runs = [run for run in (report.runs or (report.run,)) if run.passes]
    return [_timeline(run) for run in reversed(runs[-_RUNS_SHOWN:])]


def memory_of(library: Path, report: PipelineReport) -> Memory | None:
    """What the processes of the newest run with passes held, by its trace; None where there is none."""
    run = next((run for run in reversed(report.runs or (report.run,)) if run.passes), None)
    if run is None or not (library / TRACE_FILE).is_file():
        return None
    seconds = max(run.seconds, 1.0)
    parameters = {
        "trace": library / TRACE_FILE,
        "begin": run.began_at - timedelta(seconds=2),
        "end": run.began_at + timedelta(seconds=seconds + 30),
        "bins": _BINS,
    }
    connection = connect(library, _MEMORY, threads=1)
    try:
        rows = run_statement(connection, "report/memory", parameters).fetchall()
    finally:
        connection.close()
    if not rows:
        return None
    peak = max(main + workers for _, main, workers in rows)
    little = peak < _LITTLE * run.memory_budget
    top = peak * 1.25 if little else max(peak, run.memory_budget) * 1.08
    end = max(seconds, rows[-1][0])
    points = [
        (100 * when / end, 100 - 100 * main / top, 100 - 100 * (main + workers) / top) for when, main, workers in rows
    ]
    ticks = tuple((100 * at / top, format_bytes(at)) for at in _nice(top))
    return Memory(
        main=_area([(x, low) for x, low, _ in points], [(points[-1][0], 100.0), (points[0][0], 100.0)]),
        workers=_area([(x, high) for x, _, high in points], [(x, low) for x, low, _ in reversed(points)]),
        budget=None if little else 100 - 100 * run.memory_budget / top,
        ticks=_time_ticks(end),
        levels=tuple((100 - up, text) for up, text in ticks),
        peak=peak,
        run=run,
    )


def _timeline(run: RunSummary) -> Timeline:
    begins = [max(0.0, (one.began_at - run.began_at).total_seconds()) for one in run.passes]
    ends = [begin + one.transform_seconds + one.dedup_seconds for begin, one in zip(begins, run.passes, strict=True)]
    end = max(run.seconds, *ends, 0.001)
    lanes = tuple(
        Lane(one, 100 * begin / end, 100 * one.transform_seconds / end, 100 * one.dedup_seconds / end)
        for begin, one in zip(begins, run.passes, strict=True)
    )
    return Timeline(run, lanes, _time_ticks(end))


def _time_ticks(end: float) -> tuple[tuple[float, str], ...]:
    return tuple((100 * at / end, format_seconds(at) if at else "0") for at in (0.0, *_nice(end)))


def _nice(end: float) -> list[float]:
    """Round numbers up to one.

    >>> _nice(47)
    [10.0, 20.0, 30.0, 40.0]
    """
    if end <= 0:
        return []
    rough = end / _TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.8)
    return [round(step * number, 9) for number in range(1, math.floor(end / step) + 1)]


def _area(there: Sequence[tuple[float, float]], back: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in (*there, *back)) + "Z"
