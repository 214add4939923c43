"""Building the demo's library."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from halodb.engine import statement
from halodb.halogenation import halogenate
from halodb.pipeline import run
from halodb.workers.listener import SILENT, Listener

EXAMPLE_FILE = "natural_products.csv"
_SAMPLE_2X = 60

QUESTIONS = (
    ("How many products does each class give, at each degree of halogenation?", statement("demo/by_class")),
    ("Which natural products lead to the most products?", statement("demo/by_natural_product")),
    ("Which products come from the most parents and sites?", statement("demo/most_sources")),
)
"""Titles and SQL of the questions that the demo asks of its library."""


@dataclass(frozen=True)
class DemoReport:
    """What the demo built: directory of the library, counts, and wall time in seconds."""

    library: Path
    natural_products: int
    parents: int
    jobs: int
    products: int
    seconds: float


def run_demo(directory: Path | str, *, workers: int | None = None, listener: Listener = SILENT) -> DemoReport:
    """Halogenate the shipped natural products (2X for a part) and run all jobs.

    Args:
        directory: where to; `inputs` and `library` are made in it. Run again, it goes on where it was stopped.
        workers: processes; the machine's cores by default.
        listener: told while it goes on.

    Raises:
        LibraryError: the directory holds something else.
        DiskFullError, OutputError: the directory cannot be written to.

    Example:
        >>> halodb.run_demo("halodb-demo").products  # doctest: +SKIP
    """
    started = time.monotonic()
    inputs, library = Path(directory) / "inputs", Path(directory) / "library"
    with as_file(files("halodb.demo") / EXAMPLE_FILE) as example:
        made = halogenate(example, inputs, sample_2x=_SAMPLE_2X, workers=workers, listener=listener)
    report = run(library, inputs, workers=workers, listener=listener)
    return DemoReport(
        library=library,
        natural_products=sum(made.parents.classes.values()),
        parents=sum(made.rows.values()),
        jobs=report.totals.done,
        products=report.totals.unique,
        seconds=time.monotonic() - started,
    )


def example_smiles() -> list[str]:
    """The SMILES of the shipped natural products."""
    text = (files("halodb.demo") / EXAMPLE_FILE).read_text(encoding="utf-8")
    return [row["smiles"] for row in csv.DictReader(text.splitlines())]
