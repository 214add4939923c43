"""One of the 25 questions in a process of its own, for `benchmarks.questions`."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import time
import warnings
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

import halodb
from benchmarks.questions import COLD, WARM, questions
from halodb.errors import HalodbWarning
from halodb.library import Library


def main(
    library: Path,
    number: int,
    limit: Annotated[float, typer.Option()],
    memory: Annotated[str, typer.Option()],
    index: Annotated[bool, typer.Option("--index/--no-index")],
) -> None:
    """Ask it twice, and tell how long that took, and what the answer is."""
    warnings.simplefilter("ignore", HalodbWarning)
    library = library.resolve()
    _, query = questions()[number]
    _drop_from_cache(library)
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        told: dict[str, Any] = {"stopped": 0}
        started = time.perf_counter()
        with halodb.open(library, memory=memory) as opened:
            if "activities.csv" in query:
                _write_activities(opened)
                started = time.perf_counter()
            rows = _within(opened, query, limit, index=index)
            told |= {COLD: round(time.perf_counter() - started, 4), "rows": len(rows or [])}
            if rows is None:
                told["stopped"] = 1
            else:
                told["answer"] = _answer(query, rows)
                started = time.perf_counter()
                _within(opened, query, limit, index=index)
                told[WARM] = round(time.perf_counter() - started, 4)
        print(json.dumps(told))
        os.chdir("/")


def _drop_from_cache(library: Path) -> None:
    """Have the files of a library read from the disk again, where the system can be told."""
    if not hasattr(os, "posix_fadvise"):
        return
    for file in library.rglob("*.parquet"):
        handle = os.open(file, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def _write_activities(opened: Library) -> None:
    """Measurements of a thousand products and of as many strangers."""
    found = opened.connection.execute("SELECT smiles FROM products LIMIT 1000").fetchall()
    lines = [f"{smiles},{row / 100}" for row, (smiles,) in enumerate(found)]
    lines += [f"{'C' * row}O,5.0" for row in range(1, 1001)]
    Path("activities.csv").write_text("\n".join(["smiles,pic50", *lines]) + "\n", encoding="utf-8")


def _within(opened: Library, query: str, limit: float, *, index: bool) -> list[tuple[Any, ...]] | None:
    """The rows of a question, or None where it takes longer than the limit in seconds."""
    alarm = threading.Timer(limit, opened.connection.interrupt)
    alarm.start()
    try:
        opened.functions.prepare(query)
        with opened.asking(query):
            return opened.connection.execute(opened.with_index(query) if index else query).fetchall()
    except (KeyboardInterrupt, RuntimeError, duckdb.Error, halodb.HalodbError):
        if alarm.is_alive():  # it was not the limit
            raise
        return None
    finally:
        alarm.cancel()


def _answer(query: str, rows: list[tuple[Any, ...]]) -> str:
    """What two ways must have in common: the rows, or how many where any will do."""
    if "random()" in query or ("LIMIT" in query and "ORDER BY" not in query):
        return str(len(rows))
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


if __name__ == "__main__":
    typer.run(main)
