"""How the page looks: few colours, thin grids, labels at the lines instead of legends."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from benchmarks.result import Result

OURS = "#0f766e"
SHADES = ("#c2410c", "#7c3aed", "#2563eb", "#a16207")
INK = "#1f2937"
GREY = "#6b7280"
PALE = "#e5e7eb"

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.hashsalt": "halodb",
    "figure.facecolor": "white",
}

_LABEL_POINTS = 12
"""Least distance between labels at the ends of lines."""


def title(axis: Any, name: str, more: str, result: Result) -> None:
    """A bold name, what it shows in grey beside, and a mark where the run was noisy."""
    noisy = "  (noisy run)" if "busy" in result.note or "beside it" in result.note else ""
    axis.set_title(name, loc="left", fontweight="bold", fontsize=11, pad=18, color=INK)
    axis.annotate(
        f"{more}{noisy}", (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", fontsize=8.5, color=GREY
    )


def grid(axis: Any, direction: str) -> None:
    """A thin grid along one direction."""
    axis.grid(visible=True, axis=direction, color=PALE, lw=0.8)


def thousands(axis: Any) -> None:
    """Plain numbers on a log or linear axis: 0.5, 20, 10,000."""
    ticker: Any = importlib.import_module("matplotlib.ticker")
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
    if axis.get_scale() == "log":
        axis.set_minor_formatter(ticker.NullFormatter())


def one_two_five(axis: Any) -> None:
    """Ticks of a log axis at 1, 2 and 5 of each power of ten: one decade has more than one label."""
    ticker: Any = importlib.import_module("matplotlib.ticker")
    axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    thousands(axis)


def powers(axis: Any, sizes: Sequence[float]) -> None:
    """Ticks of a log x axis at the sizes that were run: 10 k, 1 M."""
    told = [f"{size / 1e6:g} M" if size >= 1e6 else f"{size / 1e3:g} k" for size in sorted(set(sizes))]
    axis.set_xticks(sorted(set(sizes)), told)
    axis.minorticks_off()


def label_end(axis: Any, ends: Sequence[tuple[tuple[float, float], str, str]]) -> None:
    """Name each line at its last point, in its colour, pushed apart where they would overlap."""
    axis.figure.canvas.draw()
    scale = 72 / axis.figure.dpi
    placed: list[float] = []
    for (x, y), name, colour in sorted(ends, key=lambda end: end[0][1]):
        wanted = axis.transData.transform((x, y))[1] * scale
        at = max(wanted, placed[-1] + _LABEL_POINTS) if placed else wanted
        placed.append(at)
        axis.annotate(
            name, (x, y), (9, at - wanted), textcoords="offset points", va="center", fontsize=8.5, color=colour
        )
