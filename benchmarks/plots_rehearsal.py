"""The plot of the rehearsal, `results/rehearsal.svg`: memory, products and disk over time, and a line a stage."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from benchmarks.plots_style import GREY, INK, OURS, SHADES, STYLE, grid, thousands, title
from benchmarks.result import Result, read
from halodb.files import format_seconds, whole_file

_STAGES = ("halogenate", "transform", "dedup", "verify")
_COLOURS = dict(zip(_STAGES, (SHADES[3], OURS, SHADES[1], SHADES[2]), strict=True))


def draw_rehearsal(directory: Path, name: str = "rehearsal") -> Path:
    """Draw it from `<name>.json`, beside that.

    Raises:
        FileNotFoundError: there is no result of `rehearsal`.
        ImportError: matplotlib is not installed.
    """
    result = read(directory / f"{name}.json")
    matplotlib: Any = importlib.import_module("matplotlib")
    matplotlib.use("svg")
    plt: Any = importlib.import_module("matplotlib.pyplot")
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(4, 1, figsize=(9, 10), layout="constrained", height_ratios=(3, 2, 2, 1.3))
        begins = _begins(result)
        scale, unit = (3600, "hours") if begins["end"] > 7200 else (60, "minutes")
        if begins["end"] < 300:
            scale, unit = 1, "seconds"
        _memory(axes[0], result, begins, scale)
        _products(axes[1], result, begins, scale)
        _disk(axes[2], result, begins, scale)
        _stages(axes[3], result, begins, scale)
        for axis in axes:
            axis.set_xlim(0, begins["end"] / scale)
        axes[3].set_xlabel(f"{unit} since the begin")
        path = directory / f"{name}.svg"
        with whole_file(path) as temporary:
            figure.savefig(temporary, format="svg", metadata={"Date": None})
        plt.close(figure)
    return path


def _begins(result: Result) -> dict[str, float]:
    """When each stage began, as if one had followed the other at once."""
    found, now = {}, 0.0
    for stage in _STAGES:
        found[stage] = now
        now += sum(one.median for one in result.series if one.who == stage)
    return {**found, "end": now}


def _points(result: Result, stage: str, what: str, begin: float, scale: float) -> list[tuple[float, float]]:
    trace = next((one.trace for one in result.series if one.who == f"{stage}: {what}"), [])
    return [((begin + at) / scale, value) for at, value in trace]


def _line(axis: Any, points: list[tuple[float, float]], divisor: float, **style: Any) -> None:
    if points:
        axis.plot([at for at, _ in points], [value / divisor for _, value in points], **style)


def _memory(axis: Any, result: Result, begins: dict[str, float], scale: float) -> None:
    for stage in _STAGES:
        _line(axis, _points(result, stage, "memory", begins[stage], scale), 1e9, color=_COLOURS[stage], lw=1.8)
    half, budget = result.machine.ram_bytes / 2, result.headline["budget, bytes"]
    same = abs(budget - half) < half / 50
    for held, name in [(half, "half of RAM, the budget" if same else "half of RAM")] + [(budget, "budget")] * (
        not same
    ):
        axis.axhline(held / 1e9, color=INK, lw=1, ls="--")
        axis.annotate(name, (0, held / 1e9), (4, -11), textcoords="offset points", fontsize=8.5, color=GREY)
    axis.set_ylim(0)
    axis.set_ylabel("memory, GB")
    grid(axis, "y")
    title(axis, f"Job 17, replayed with {result.headline['rows']:,.0f} rows", "memory of the process tree", result)


def _products(axis: Any, result: Result, begins: dict[str, float], scale: float) -> None:
    _line(axis, _points(result, "transform", "products", begins["transform"], scale), 1e6, color=OURS, lw=1.8)
    axis.set_ylim(0)
    thousands(axis.yaxis)
    axis.set_ylabel("products, millions")
    grid(axis, "y")


def _disk(axis: Any, result: Result, begins: dict[str, float], scale: float) -> None:
    divisor, unit = (1e9, "GB") if result.headline["peak disk, bytes"] > 1e9 else (1e6, "MB")
    for what, colour in {"shards": OURS, "spill": SHADES[0], "results": SHADES[1]}.items():
        points = [point for stage in _STAGES[1:] for point in _points(result, stage, what, begins[stage], scale)]
        _line(axis, points, divisor, color=colour, lw=1.8, label=what)
    axis.legend(frameon=False, fontsize=8.5, loc="upper left")
    axis.set_ylim(0)
    axis.set_ylabel(f"disk, {unit}")
    grid(axis, "y")


def _stages(axis: Any, result: Result, begins: dict[str, float], scale: float) -> None:
    for place, stage in enumerate(reversed(_STAGES)):
        seconds = sum(one.median for one in result.series if one.who == stage)
        axis.barh(place, seconds / scale, left=begins[stage] / scale, height=0.6, color=_COLOURS[stage])
        at = ((begins[stage] + seconds) / scale, place)
        right = begins[stage] + seconds > 0.8 * begins["end"]
        axis.annotate(
            format_seconds(seconds),
            (begins[stage] / scale, place) if right else at,
            (-4 if right else 4, 0),
            textcoords="offset points",
            va="center",
            ha="right" if right else "left",
            fontsize=8.5,
        )
    axis.set_yticks(range(len(_STAGES)), list(reversed(_STAGES)))
