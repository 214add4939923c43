"""A cluster of this machine against the local pool, and what larger ones would do.

Passes over `polyphenol-2X` made of natural products, all rules in scope, each by `halodb transform` in a process of its
own, local pool and `--cluster local` in turns. A cluster takes seconds to start, which a pass of hours does not show:
so each is run over few rows too, and `seconds a row` is what the rows between cost. CPU seconds (of all processes, by
the system) tell the overhead also where other programs run beside it. Results must be the same to the byte.

The simulation (`cluster_simulation`) takes what was measured here: seconds of the units, of a receipt, of a product.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import halodb
from benchmarks.cluster_simulation import HER_INPUTS, JOB_SECONDS, Costs, simulate
from benchmarks.data import halogenated_polyphenols, smaller
from benchmarks.measure import CHECKOUT
from benchmarks.result import Result, begin, series
from halodb.engine import connect
from halodb.files import digest, remove_tree
from halodb.inputs import Input, open_input
from halodb.jobs import load_manifests
from halodb.jobs.job import RECEIPTS_DIRECTORY, SHARDS_DIRECTORY, pass_directory
from halodb.jobs.made import made_for
from halodb.units import estimate_costs, load_receipts

_FEW_ROWS = 500
_CORES = (16, 64, 256, 1024, 4096)


def run(workers: Sequence[int], parents: int, rows: int, rounds: int, note: str) -> Result:
    """Measure and simulate.

    Args:
        workers: numbers of worker processes.
        parents: polyphenols to halogenate.
        rows: of the input of a pass.
        rounds: passes behind each median.
        note: for the result.
    """
    result = begin("cluster", rounds, note)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        whole = halogenated_polyphenols(directory, parents, depth=2)
        many = open_input(smaller(whole, directory / "many", rows))
        few = open_input(smaller(whole, directory / "few", _FEW_ROWS))
        _measure(result, workers, many, few, directory, rounds)
        costs = _costs(many, directory)
    _simulate(result, costs)
    return result


def _measure(result: Result, workers: Sequence[int], many: Input, few: Input, directory: Path, rounds: int) -> None:
    wall: dict[tuple[str, int, int], list[float]] = {}
    cpu: dict[tuple[str, int, int], list[float]] = {}
    digests: dict[int, set[str]] = {}
    cases = [(how, number, source) for source in (few, many) for number in workers for how in ("local", "Dask")]
    for turn in range(rounds):
        for how, number, source in cases[turn % len(cases) :] + cases[: turn % len(cases)]:
            library = directory / "library"
            seconds, spent = _transform(source, library, number, cluster=how == "Dask")
            wall.setdefault((how, number, source.rows), []).append(seconds)
            cpu.setdefault((how, number, source.rows), []).append(spent)
            if turn == 0:
                halodb.dedup(library)
                found = "".join(digest(file) for file in sorted(library.glob("*/products.parquet")))
                digests.setdefault(source.rows, set()).add(found)
            remove_tree(library)
    between = many.rows - few.rows
    for number in workers:
        each = {}
        for how in ("local", "Dask"):
            cpu_a_row = (median(cpu[how, number, many.rows]) - median(cpu[how, number, few.rows])) / between
            wall_a_row = (median(wall[how, number, many.rows]) - median(wall[how, number, few.rows])) / between
            each[how] = (cpu_a_row, wall_a_row)
            result.series.append(
                series(
                    how,
                    f"{number} workers",
                    "s",
                    wall[how, number, many.rows],
                    size=number,
                    cpu_seconds=round(median(cpu[how, number, many.rows]), 2),
                    us_a_row=round(1e6 * wall_a_row, 1),
                    cpu_us_a_row=round(1e6 * cpu_a_row, 1),
                    few_rows_seconds=round(median(wall[how, number, few.rows]), 2),
                )
            )
        ratios = [there / here for there, here in zip(each["Dask"], each["local"], strict=True)]
        result.headline[f"CPU seconds a row, Dask / local, {number} workers"] = round(ratios[0], 4)
        result.headline[f"seconds a row, Dask / local, {number} workers"] = round(ratios[1], 4)
    result.headline["bytes are the same"] = float(all(len(found) == 1 for found in digests.values()))


def _transform(source: Input, library: Path, workers: int, *, cluster: bool) -> tuple[float, float]:
    """Wall and CPU seconds of `halodb transform`."""
    how = ["--cluster", "local"] if cluster else []
    command = [sys.executable, "-m", "halodb", "transform", str(source.path), "-l", str(library), "-q", *how]
    before, began = os.times(), time.perf_counter()
    subprocess.run([*command, "-w", str(workers)], check=True, cwd=CHECKOUT, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, spent


def _costs(source: Input, directory: Path) -> Costs:
    """What a pass over an input took, step by step, in CPU seconds: other programs may run beside it."""
    library = directory / "costs"
    _, spent = _transform(source, library, 1, cluster=False)
    place = pass_directory(library, source.name)
    receipts = list(load_receipts(place / RECEIPTS_DIRECTORY))
    manifests = list(load_manifests(library))
    began = time.process_time()
    made = made_for(manifests, library, source.name)
    a_receipt = (time.process_time() - began) / len(receipts)
    with connect(library, 10**9) as connection:
        began = time.process_time()
        estimate_costs(connection, source.path, source.rows)
        to_cut = (time.process_time() - began) / source.rows
    files = list(library.glob(f"*/{SHARDS_DIRECTORY}/*"))
    products = sum(receipt.products for each in made.values() for receipt in each.units.values())
    slower = spent / sum(receipt.seconds for receipt in receipts)
    began = time.process_time()
    halodb.dedup(library)
    to_dedup = (time.process_time() - began - JOB_SECONDS * len(manifests)) / products
    results = sum(file.stat().st_size for file in library.glob("*/products.parquet"))
    return Costs(
        units=tuple(receipt.seconds * slower for receipt in receipts),
        rows_of_units=tuple(receipt.stop - receipt.start for receipt in receipts),
        receipt_seconds=a_receipt,
        cut_seconds=to_cut,
        product_seconds=to_dedup,
        products_a_row=products / source.rows,
        shards_a_unit=len(files) / len(receipts),
        bytes_a_product=results / products,
    )


def _simulate(result: Result, costs: Costs) -> None:
    first = None
    for cores in _CORES:
        for how, grain in (("as it cuts", 10_000), ("units of 1,000 rows", 1000)):
            made = simulate(costs, HER_INPUTS, cores, grain=grain)
            if grain == 10_000 and first is None:
                first = (cores, made.seconds)
            assert first is not None
            result.series.append(
                series(
                    f"simulation, {how}",
                    f"{cores:,} cores",
                    "s",
                    [made.seconds],
                    size=cores,
                    units=made.units,
                    transform=round(made.transform, 1),
                    dedup=round(made.dedup, 1),
                    alone=round(made.alone, 1),
                    scheduler_busy=round(made.scheduler_busy, 4),
                    cores_busy=round(made.cores_busy, 4),
                    speedup=round(first[1] * first[0] / made.seconds, 1),
                )
            )
    for name, value in vars(costs).items():
        if isinstance(value, float):
            result.headline[name.replace("_", " ")] = float(f"{value:.4g}")
    result.headline["core microseconds a row"] = round(1e6 * sum(costs.units) / sum(costs.rows_of_units), 1)
