"""What was made: products by rule and by class, as bars."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from halodb.pipeline.report import JobSummary, PipelineReport

_MOST_BARS = 40


@dataclass(frozen=True)
class Piece:
    """A part of a bar: what it is of, its count, begin and width in percent of the longest bar."""

    name: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A bar: title, a line below it, its parts, and its count."""

    title: str
    below: str
    pieces: tuple[Piece, ...]
    count: int


@dataclass(frozen=True)
class Bars:
    """Bars, the longest first, and how many shorter ones are left out."""

    bars: tuple[Bar, ...]
    left_out: int


def by_rule(report: PipelineReport) -> Bars:
    """Unique products by rule, each bar of the classes."""
    rules: dict[str, list[JobSummary]] = defaultdict(list)
    for job in report.jobs:
        rules[job.rule].append(job)
    most = max((sum(job.unique for job in jobs) for jobs in rules.values()), default=0)
    bars = [_bar(jobs[0].label or rule, rule if jobs[0].label else "", jobs, most) for rule, jobs in rules.items()]
    bars.sort(key=lambda bar: (-bar.count, bar.below))
    return Bars(tuple(bars[:_MOST_BARS]), max(0, len(bars) - _MOST_BARS))


def by_class(report: PipelineReport) -> list[Bar]:
    """Unique products by input."""
    inputs: dict[str, list[JobSummary]] = defaultdict(list)
    for job in report.jobs:
        inputs[f"{job.class_name}-{job.k}X"].append(job)
    most = max((sum(job.unique for job in jobs) for jobs in inputs.values()), default=0)
    return [_bar(name, f"{len(jobs)} rules", jobs, most) for name, jobs in sorted(inputs.items())]


def _bar(title: str, below: str, jobs: list[JobSummary], most: int) -> Bar:
    counts: dict[str, int] = defaultdict(int)
    for job in jobs:
        counts[job.class_name] += job.unique
    pieces, x = [], 0.0
    for name, count in sorted(counts.items()):
        width = 100 * count / most if most else 0.0
        pieces.append(Piece(name, count, round(x, 3), round(width, 3)))
        x += width
    return Bar(title, below, tuple(pieces), sum(counts.values()))
