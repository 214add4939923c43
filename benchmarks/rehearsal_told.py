"""The rehearsal in one table: her machine and this one."""

from __future__ import annotations

from itertools import pairwise

from rich.console import Console
from rich.table import Table

from benchmarks.result import Result
from halodb.files import format_bytes, format_seconds

_HERS = {
    "input": "13,790,820 rows",
    "machine": "16 workers, 32 GB",
    "peak memory": "95 % of RAM",
    "peak disk": "16 GB, one SQLite file",
    "time": "stopped after hours",
    "result": "none",
}


def show(result: Result) -> None:
    """Print it."""
    told = result.headline
    table = Table("", "the older program", "this run", title="Job 17, replayed")
    workers = next((word for flag, word in _options(result) if flag == "--workers"), "16")
    evenly, worst = (value for name, value in told.items() if name.startswith("the same on 16 cores"))
    ours = {
        "input": f"{told['rows']:,.0f} rows",
        "machine": f"{workers} workers, {result.machine.cores} cores, {format_bytes(result.machine.ram_bytes)}",
        "peak memory": f"{told['peak memory / RAM']:.1%} of RAM, {told['peak memory / budget']:.1%} of the budget",
        "peak disk": format_bytes(told["peak disk, bytes"]),
        "time": f"{format_seconds(told['seconds of transform and dedup'])} (transform and dedup)",
        "result": f"{told['unique products']:,.0f} products, {format_bytes(told['result, bytes'])}",
        "rate": f"{told['products per second, transform']:,.0f} products/s",
        "plan / truth": (
            f"time {told['planned time / time']:.2f}, products {told['planned products / products']:.2f}, "
            f"disk {told['planned disk / peak disk']:.2f}"
        ),
        "on 16 cores": f"{format_seconds(evenly)} to {format_seconds(worst)}, computed from processor time",
    }
    for name, here in ours.items():
        table.add_row(name, _HERS.get(name, ""), here)
    Console(width=120).print(table)


def _options(result: Result) -> list[tuple[str, str]]:
    return list(pairwise(result.command.split()))
