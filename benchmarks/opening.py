"""How long a question waits for the library: `halodb sql "SELECT 1"`, a process from its begin to its end.

Beside it: Python that imports DuckDB and asks the same, which is the limit, and one that reads the results with a
pattern and counts them, which is what a user would write.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.made_library import make_library
from benchmarks.measure import interleaved
from benchmarks.result import Result, begin, series

_OURS = "halodb sql"
_PRODUCTS_A_JOB = 1000
_QUESTIONS = {
    "one": "SELECT 1",
    "products": "SELECT count(*) FROM products",
    "one class": "SELECT count(*) FROM products WHERE class = 'lipid' AND k = 2",
}


def run(sizes: Sequence[int], rounds: int, note: str) -> Result:
    """Measure.

    Args:
        sizes: jobs of the library, each in turn.
        rounds: runs behind each median.
        note: for the result.
    """
    result = begin("opening", rounds, note)
    for jobs in sizes:
        with tempfile.TemporaryDirectory() as name:
            library = make_library(Path(name), jobs, jobs * _PRODUCTS_A_JOB)
            everything = f"SELECT count(*) FROM read_parquet('{library}/*/products.parquet')"
            commands = {
                **{f"{_OURS}: {what}": _halodb(library, query) for what, query in _QUESTIONS.items()},
                "DuckDB alone: one": _duckdb("SELECT 1"),
                "DuckDB alone: products": _duckdb(everything),
            }
            times = interleaved({who: partial(_ask, command) for who, command in commands.items()}, rounds)
        on = f"{jobs:,} jobs"
        result.series += [series(who, on, "s", values, size=jobs) for who, values in times.items()]
        for what in ("one", "products"):
            ours, limit = result.find(f"{_OURS}: {what}", on), result.find(f"DuckDB alone: {what}", on)
            if ours is not None and limit is not None:
                result.headline[f"halodb / DuckDB alone, {what}, {on}"] = ours.median / limit.median
    return result


def _halodb(library: Path, query: str) -> list[str]:
    return [sys.executable, "-m", "halodb", "sql", query, "-l", str(library)]


def _duckdb(query: str) -> list[str]:
    return [sys.executable, "-c", f"import duckdb; print(duckdb.execute({query!r}).fetchall())"]


def _ask(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
