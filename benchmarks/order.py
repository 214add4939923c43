"""Passes over the same rows in any order: as halodb wrote them, unmarked, shuffled, and both.

An unmarked file lacks halodb's word that its SMILES are canonical. These are whole passes of one worker, sort and files
included, over `<class>-2X` of the classes with most and with few sites. The time is the CPU's, of all processes, so
that other programs on the machine do not show; it includes the start of a worker (0.7 s), so small inputs look slow.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import halodb
from benchmarks.measure import interleaved
from benchmarks.result import Result, series
from halodb.files import remove_tree
from halodb.inputs import Input, open_input

WHO = "halodb, a pass"
AS_WRITTEN, SHUFFLED = "as written", "shuffled"
_CLASSES = ("polyphenol", "terpenoid", "alkaloid")
_SEED = 1


def passes_in_any_order(result: Result, parents: list[str], rows: int, directory: Path, rounds: int) -> None:
    """Add rates of passes, and their ratios to the one over the rows as they were written.

    Args:
        result: to be added to.
        parents: natural products to halogenate twice.
        rows: of each input at most, from its begin.
        directory: for the inputs and libraries.
        rounds: how often each pass runs.
    """
    source = directory / "parents.smi"
    source.write_text("\n".join(parents) + "\n", encoding="utf-8")
    halodb.halogenate(source, directory / "inputs", depth=2)
    for name in (f"{class_name}-2X" for class_name in _CLASSES):
        if (directory / "inputs" / name / "products.parquet").exists():
            given = open_input(directory / "inputs" / name)
            _one_input(result, given, _forms(given, rows, directory / "forms"), directory / "library", rounds)


def _forms(given: Input, rows: int, directory: Path) -> dict[str, Path]:
    """The same rows in four files, by what was done to them."""
    table = pq.read_table(given.path, columns=["smiles"]).slice(0, rows)
    order = random.Random(_SEED).sample(range(table.num_rows), table.num_rows)
    shuffled, nothing = table.take(pa.array(order)), None
    attested = table.schema.metadata
    forms = {
        AS_WRITTEN: table,
        "unmarked": table.replace_schema_metadata(nothing),
        SHUFFLED: shuffled.replace_schema_metadata(attested),
        "shuffled, unmarked": shuffled.replace_schema_metadata(nothing),
    }
    paths = {}
    for form, one in forms.items():
        paths[form] = directory / form / str(given.name) / "products.parquet"
        paths[form].parent.mkdir(parents=True)
        pq.write_table(one, paths[form], compression="zstd")
    return paths


def _one_input(result: Result, given: Input, forms: dict[str, Path], library: Path, rounds: int) -> None:
    seconds: dict[str, list[float]] = {form: [] for form in forms}
    products: dict[str, int] = {}

    def run(form: str) -> Callable[[], object]:
        def pass_over() -> None:
            before = _cpu_seconds()
            products[form] = halodb.transform(forms[form], library, workers=1).products
            seconds[form].append(_cpu_seconds() - before)
            remove_tree(library)

        return pass_over

    interleaved({form: run(form) for form in forms}, rounds)
    if not products[AS_WRITTEN]:
        return
    made = {}
    for form, taken in seconds.items():
        rates = [products[form] / one for one in taken]
        made[form] = series(WHO, f"{given.name}, {form}", "products/CPU s", rates, products=products[form])
        result.series.append(made[form])
        if form != AS_WRITTEN:
            result.headline[f"{form} / {AS_WRITTEN}, {given.name}"] = made[form].median / made[AS_WRITTEN].median


def _cpu_seconds() -> float:
    """Of this process and all its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
