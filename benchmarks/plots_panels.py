"""The panels of the page, each a function of an axis and a result; halodb has one colour throughout."""

from __future__ import annotations

from typing import Any

from benchmarks.enumeration import LIMIT, OVERALL, REFERENCE
from benchmarks.enumeration_peers import LONE_ROWS
from benchmarks.plots_style import (
    GREY,
    INK,
    OURS,
    PALE,
    SHADES,
    STYLE,
    grid,
    label_end,
    one_two_five,
    powers,
    thousands,
    title,
)
from benchmarks.result import Result, Series

__all__ = ["GREY", "INK", "STYLE"]


def enumeration_rates(axis: Any, result: Result) -> None:
    """Products a second of each peer on each class, log."""
    order = {one.who: place for place, one in enumerate(sorted(_overall(result), key=lambda one: one.median))}
    classes = [one.on for one in result.series if one.who == LIMIT]
    peers = [one.who for one in _overall(result)]
    colours = dict(zip((peer for peer in peers if peer not in {"halodb", LONE_ROWS, LIMIT}), SHADES, strict=False))
    for row, on in enumerate(reversed(classes)):
        shown = [one for one in result.series if one.on == on]
        axis.plot([min(s.median for s in shown), max(s.median for s in shown)], [row, row], color=PALE, lw=5, zorder=1)
        for one in shown:
            colour = OURS if one.who in {"halodb", LONE_ROWS} else INK if one.who == LIMIT else colours[one.who]
            fill = "white" if one.who == LONE_ROWS else colour
            marker = "|" if one.who == LIMIT else "o"
            axis.plot(one.median, row, marker, ms=14 if marker == "|" else 8, mew=2, mec=colour, mfc=fill, zorder=3)
            if row == len(classes) - 1:
                axis.annotate(
                    one.who.removeprefix("halodb, "),
                    (one.median, row),
                    (0, 11 if order[one.who] % 2 else -18),
                    textcoords="offset points",
                    ha="right" if one.who == LONE_ROWS else "center",
                    fontsize=8,
                    color=colour,
                )
    axis.set_yticks(range(len(classes)), reversed(classes))
    axis.set_ylim(-0.6, len(classes) - 0.3)
    axis.set_xscale("log")
    axis.set_xlabel("products per second, one core")
    axis.margins(x=0.1)
    thousands(axis.xaxis)
    grid(axis, "x")
    title(axis, "Enumeration", "whole passes, by class", result)


def _overall(result: Result) -> list[Series]:
    return [one for one in result.series if one.on == OVERALL]


def enumeration_ratios(axis: Any, result: Result) -> None:
    """How many times as fast as each peer halodb is, over all classes."""
    ours = result.find("halodb", OVERALL)
    others = [one for one in _overall(result) if one.who != "halodb"]
    ratios = [(one, ours.median / one.median) for one in others if ours is not None]
    for row, (one, ratio) in enumerate(reversed(ratios)):
        axis.barh(row, ratio, color=PALE if one.who == LIMIT else OURS, height=0.55)
        differing = one.numbers.get("differing", 0) + one.numbers.get("missing", 0)
        told = f"{ratio:.2f}x"
        if one.who not in {LIMIT, REFERENCE}:
            same = 1 - one.numbers.get("missing", 0) / one.numbers["products"]
            told += f"   {same:.1%} of products as RDKit has them" if differing else "   same products"
        elif one.who == LIMIT:
            told = f"{ratio:.0%} of its rate"
        axis.annotate(
            told, (max(ratio, 1), row), (6, 0), textcoords="offset points", va="center", fontsize=8.5, color=INK
        )
    axis.set_yticks(range(len(ratios)), [one.who for one, _ in reversed(ratios)])
    axis.axvline(1, color=GREY, lw=0.8, ls=(0, (3, 3)))
    axis.set_xlim(0, max(ratio for _, ratio in ratios) * 2.3)
    axis.set_xlabel("rate of halodb / rate of the peer")
    grid(axis, "x")
    title(axis, "How many times as fast", "all classes", result)


def dedup_time(axis: Any, result: Result) -> None:
    """Seconds against keys."""
    _by_keys(axis, result, lambda one: one.median, "seconds")
    title(axis, "Dedup: time", "79-character keys, 20 % duplicates", result)


def dedup_memory(axis: Any, result: Result) -> None:
    """Peak memory against keys."""
    _by_keys(axis, result, lambda one: one.numbers["peak_memory_bytes"] / 1e9, "peak of the process tree, GB")
    title(axis, "Dedup: memory", "the lower the better", result)


def dedup_disk(axis: Any, result: Result) -> None:
    """Peak disk against keys."""
    _by_keys(axis, result, lambda one: one.numbers["peak_disk_bytes"] / 1e9, "peak of files, results included, GB")
    title(axis, "Dedup: disk", "the lower the better", result)


def _by_keys(axis: Any, result: Result, value: Any, label: str) -> None:
    colours = iter(SHADES * 2)
    ends = []
    for who in dict.fromkeys(one.who for one in result.series):
        points = sorted(((one.size or 0) / 1e6, value(one)) for one in result.series if one.who == who)
        ours = "halodb" in who
        colour = OURS if ours else next(colours)
        dash = (0, (4, 2)) if "keys only" in who else "-"
        axis.plot(*zip(*points, strict=True), marker="o", ms=6, color=colour, lw=2.4 if ours else 1.5, ls=dash)
        ends.append((points[-1], who, colour))
    axis.set_xscale("log")
    axis.set_yscale("log")
    sizes = sorted({(one.size or 0) / 1e6 for one in result.series})
    axis.set_xticks(sizes, [f"{size:g}" for size in sizes])
    axis.minorticks_off()
    axis.set_xlim(sizes[0] * 0.75, sizes[-1] * (sizes[-1] / sizes[0]) ** 0.7 * 3)
    axis.margins(y=0.15)
    one_two_five(axis.yaxis)
    label_end(axis, ends)
    axis.set_xlabel("keys, millions")
    axis.set_ylabel(label)
    grid(axis, "y")


def memory_traces(axis: Any, result: Result) -> None:
    """Bytes of the tree over the time of a pass, log time."""
    passes = [one for one in result.series if one.trace]
    for one, colour in zip(passes, (*SHADES[: len(passes) - 1], OURS), strict=False):
        points = [(max(at, 0.2), held / 1e9) for at, held in one.trace]
        axis.plot(*zip(*points, strict=True), color=colour, lw=1.8)
        axis.annotate(
            one.on,
            points[-1],
            (0, -14),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=8.5,
            color=colour,
        )
    axis.set_xscale("log")
    axis.set_ylim(0)
    thousands(axis.xaxis)
    axis.set_xlabel("seconds since the begin of the pass")
    axis.set_ylabel("memory of the process tree, GB")
    grid(axis, "y")
    workers = int(passes[-1].numbers["workers"]) if passes else 0
    title(axis, "Memory over a pass", f"{workers} workers", result)


def memory_peaks(axis: Any, result: Result) -> None:
    """Peaks against products."""
    ends = []
    for who in dict.fromkeys(one.who for one in result.series):
        points = sorted((one.size or 0, one.median / 1e9) for one in result.series if one.who == who)
        colour = OURS if who == "transform" else SHADES[0]
        axis.plot(*zip(*points, strict=True), marker="o", ms=7, color=colour, lw=2)
        ends.append((points[-1], who, colour))
    axis.set_xscale("log")
    sizes = [one.size or 1 for one in result.series]
    axis.set_xlim(min(sizes) * 0.7, max(sizes) * (max(sizes) / min(sizes)) ** 0.35 * 1.5)
    powers(axis, sizes)
    axis.set_ylim(0, axis.get_ylim()[1] * 1.1)
    label_end(axis, ends)
    axis.set_xlabel("products made")
    axis.set_ylabel("peak memory, GB")
    grid(axis, "y")
    title(axis, "Memory against products", "flat is good", result)


def scaling_workers(axis: Any, result: Result) -> None:
    """Rate against workers, with the idle share at each."""
    passes = [one for one in result.series if one.unit == "products/s"]
    places = range(len(passes))
    axis.bar(places, [one.median for one in passes], width=0.55, color=OURS)
    for place, one in zip(places, passes, strict=True):
        steady = one.numbers["steady_rate"]
        axis.plot([place - 0.28, place + 0.28], [steady, steady], color=INK, lw=1.6)
        idle = f"idle {one.numbers['idle_share']:.1%}"
        higher = max(one.median, steady)
        axis.annotate(idle, (place, higher), (0, 5), textcoords="offset points", ha="center", fontsize=8.5, color=GREY)
    used = [int(one.numbers["workers_used"]) for one in passes]
    told = [f"{one.size:g}" + f" ({n} had a unit)" * (n < (one.size or 0)) for one, n in zip(passes, used, strict=True)]
    axis.set_xticks(places, told)
    axis.margins(y=0.16)
    thousands(axis.yaxis)
    axis.set_xlabel(f"workers (on {result.machine.cores} cores)")
    axis.set_ylabel("products per second")
    grid(axis, "y")
    title(axis, "Workers", "line: without the start of the workers", result)


def scaling_rows(axis: Any, result: Result) -> None:
    """Cost of a row against rows."""
    grown = [one for one in result.series if one.unit == "us/row"]
    axis.plot([one.size for one in grown], [one.median for one in grown], marker="o", ms=7, color=OURS, lw=2)
    for one in grown:
        told = f"{one.median:.0f}"
        axis.annotate(told, (one.size, one.median), (0, 9), textcoords="offset points", ha="center", fontsize=8.5)
    axis.set_xscale("log")
    powers(axis, [one.size or 1 for one in grown])
    axis.set_ylim(0, max(one.median for one in grown) * 1.2)
    axis.margins(x=0.12)
    axis.set_xlabel("rows of the input")
    axis.set_ylabel("microseconds per row, wall")
    grid(axis, "y")
    title(axis, "Cost of a row", "flat or falling is good; small inputs pay the start", result)


def profile_samples(axis: Any, result: Result) -> None:
    """Parts of a worker's time."""
    sampled = [one for one in result.series if one.on.endswith("samples")]
    targets = {"Python": 0.15, "writing": 0.05}
    _shares(axis, sampled, targets)
    axis.set_xlabel("share of a worker's time, % (sampled)")
    title(axis, "Where a worker's time goes", "mark: target", result)


def profile_reports(axis: Any, result: Result) -> None:
    """Writing and dedup as the reports have them."""
    told = [one for one in result.series if one.on.endswith("reports")]
    _shares(axis, told, {"writing": 0.05, "dedup of a job": 0.10, "dedup": 0.10})
    axis.set_xlabel("share of the pass, % (undisturbed runs)")
    title(axis, "Writing and dedup", "mark: target", result)


def _shares(axis: Any, told: list[Series], targets: dict[str, float]) -> None:
    for row, one in enumerate(reversed(told)):
        share, target = one.median * 100, targets.get(one.who, 0) * 100
        axis.barh(row, share, height=0.5, color=OURS)
        if target:
            axis.plot([target, target], [row - 0.36, row + 0.36], color=INK, lw=1.6)
        place = (max(share, target), row)
        axis.annotate(f"{share:.1f} %", place, (8, 0), textcoords="offset points", va="center", fontsize=8.5)
    axis.set_yticks(range(len(told)), [one.who for one in reversed(told)])
    axis.set_xlim(0, max([one.median * 115 for one in told] + [target * 130 for target in targets.values()], default=1))
    grid(axis, "x")
