"""One page of plots, `results/report.svg`, of whichever results are there."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import plots_panels as panels
from benchmarks.result import Result, read
from halodb.files import whole_file

PAGE = "report.svg"
FACE = "enumeration.svg"

Panel = Callable[[Any, Result], None]

_ROWS: dict[str, tuple[Panel, ...]] = {
    "enumeration": (panels.enumeration_rates, panels.enumeration_ratios),
    "dedup": (panels.dedup_time, panels.dedup_memory, panels.dedup_disk),
    "memory": (panels.memory_traces, panels.memory_peaks),
    "scaling": (panels.scaling_workers, panels.scaling_rows),
    "profile": (panels.profile_samples, panels.profile_reports),
}


def draw(directory: Path) -> Path:
    """Draw the page of all results of a directory, a row a benchmark.

    Raises:
        FileNotFoundError: there are no results.
        ImportError: matplotlib is not installed.
    """
    results = {name: read(directory / f"{name}.json") for name in _ROWS if (directory / f"{name}.json").exists()}
    if not results:
        raise FileNotFoundError(f"no results in {directory}")
    matplotlib: Any = importlib.import_module("matplotlib")
    matplotlib.use("svg")
    plt: Any = importlib.import_module("matplotlib.pyplot")
    with plt.rc_context(panels.STYLE):
        height = 3.7 * len(results) + 1.3
        figure = plt.figure(figsize=(12, height), layout="constrained")
        figure.get_layout_engine().set(rect=(0.01, 0.75 / height, 0.98, 1 - 1.3 / height), hspace=0.05, wspace=0.04)
        rows = figure.subfigures(len(results), 1, squeeze=False)[:, 0]
        for row, (name, result) in zip(rows, results.items(), strict=True):
            axes = row.subplots(1, len(_ROWS[name]), squeeze=False)[0]
            for axis, panel in zip(axes, _ROWS[name], strict=True):
                panel(axis, result)
        _head_and_foot(figure, results, height)
        path = directory / PAGE
        with whole_file(path) as temporary:
            figure.savefig(temporary, format="svg", metadata={"Date": None})
        plt.close(figure)
    return path


def draw_face(directory: Path) -> Path:
    """Draw the one plot of the README, `enumeration.svg`, from the results of a directory.

    Raises:
        FileNotFoundError: there is no result of `enumeration`.
        ImportError: matplotlib is not installed.
    """
    result = read(directory / "enumeration.json")
    matplotlib: Any = importlib.import_module("matplotlib")
    matplotlib.use("svg")
    plt: Any = importlib.import_module("matplotlib.pyplot")
    with plt.rc_context(panels.STYLE):
        figure, axis = plt.subplots(figsize=(7, 3.2), layout="constrained")
        panels.enumeration_ratios(axis, result)
        path = directory / FACE
        with whole_file(path) as temporary:
            figure.savefig(temporary, format="svg", metadata={"Date": None})
        plt.close(figure)
    return path


def _head_and_foot(figure: Any, results: dict[str, Result], height: float) -> None:
    first = next(iter(results.values()))
    machine, versions = first.machine, first.versions
    figure.text(0.015, 1 - 0.4 / height, "halodb benchmarks", fontsize=17, fontweight="bold", color=panels.INK)
    told = [f"{name}: {one.date[:10]}, {one.commit}, {one.rounds} rounds" for name, one in results.items()]
    lines = [
        f"{machine.cores} cores ({machine.cpu}), {machine.ram_bytes / 1e9:.0f} GB, {machine.os}.  "
        f"Python {versions['python']}, RDKit {versions['rdkit']}, DuckDB {versions['duckdb']}, "
        f"Polars {versions['polars']}, SQLite {versions['sqlite']}.",
        *("   ".join(told[start : start + 3]) for start in range(0, len(told), 3)),
    ]
    figure.text(0.015, 0.15 / height, "\n".join(lines), fontsize=7.5, color=panels.GREY, linespacing=1.6)
