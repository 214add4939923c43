"""The budget holds for the whole process tree: workers are held back, and at last the largest is stopped."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import halodb
from halodb.memory import MemoryMeter, parse_budget
from halodb.pipeline.report import read_report
from halodb.units import Unit
from halodb.workers.governor import Governor, size_pool
from halodb.workers.pool import Work, run_units
from halodb.workers.position import row_mark
from halodb.workers.process import become_worker
from halodb.workers.task import UnitTask
from tests.conftest import arenes, make_input, rows_of, some
from tests.pipeline.runs import make_inputs

GREEDY_ROW = 5
PIECE = 32 * 1024**2
BUDGET = "1500MB"


class Greedy:
    """A worker's function, as `Work` takes it: row 5 takes 10 GB in all, piece by piece."""

    directory: Path

    @staticmethod
    def prepare(directory: Path) -> None:
        become_worker()
        Greedy.directory = directory

    @staticmethod
    def run(task: UnitTask) -> tuple[Unit, list[int]]:
        done: list[int] = []
        held: list[bytes] = []
        with row_mark(Greedy.directory, task.unit) as mark:
            for row in range(*task.unit):
                mark.at(row)
                if row in task.condemned:
                    continue
                while row == GREEDY_ROW and len(held) * PIECE < 10 * 1024**3:
                    held.append(b"\1" * PIECE)
                    time.sleep(0.03)
                done.append(row)
        return task.unit, done


@pytest.mark.parametrize("workers", some([1, 3]))
def test_a_worker_that_takes_10_gb_is_stopped_and_its_row_condemned(tmp_path: Path, workers: int) -> None:
    work = Work(tmp_path / "source", tmp_path, Greedy.prepare, tmp_path, Greedy.run, 60.0)
    tasks = [UnitTask(Unit(start, start + 3), (0,)) for start in range(0, 12, 3)]
    with MemoryMeter(0.1) as meter, Governor(size_pool(meter, workers, parse_budget(BUDGET)), tmp_path) as governor:
        receipts = [receipt for receipt in run_units(work, tasks, governor) if receipt is not None]
    assert sorted(row for _, rows in receipts for row in rows) == [row for row in range(12) if row != GREEDY_ROW]
    assert governor.stopped == 2
    # Stopped at 110 % of the budget; what it takes between two samples comes on top.
    assert meter.peak < 1.3 * 1_500_000_000


@pytest.mark.slow
def test_a_small_budget_has_fewer_workers_and_the_same_rows(tmp_path: Path) -> None:
    """In a process of its own, for that of the tests holds what they all have imported."""
    inputs = make_inputs(tmp_path / "inputs", 300)
    roomy = halodb.run(tmp_path / "roomy", inputs, workers=2)
    small = ["run", str(tmp_path / "tight"), "-i", str(inputs), "-w", "16", "--memory", "550MB", "-q"]
    assert subprocess.run([sys.executable, "-m", "halodb", *small], check=False).returncode == 0
    tight = read_report(tmp_path / "tight")
    assert tight is not None
    assert (roomy.run.workers, tight.run.workers) == (2, 2)
    assert tight.run.peak_memory < tight.run.memory_budget
    assert rows_of(tmp_path / "tight") == rows_of(tmp_path / "roomy")


@pytest.mark.slow
def test_the_trace_has_every_process_and_goes_on_over_runs(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 300), tmp_path / "library"
    halodb.run(library, inputs, jobs=["lipid*"], workers=2)
    first = pq.read_table(library / "memory_trace.parquet")
    report = halodb.run(library, inputs, workers=2)
    trace = pq.read_table(library / "memory_trace.parquet")
    assert trace.slice(0, len(first)).equals(first)
    assert len(trace) > len(first)
    assert set(trace.column("role").to_pylist()) == {"main", "worker"}
    held: list[int] = [row["bytes"] for row in trace.to_pylist()]
    assert 0 < max(held) <= report.run.peak_memory


@pytest.mark.slow
def test_16_workers_keep_to_3_gb_on_large_parents(tmp_path: Path) -> None:
    """Parents of 190 to 480 atoms with 20 to 50 phenols each; each makes some hundred products."""
    large: list[str | None] = [
        f"{'C' * number}Oc1ccccc1{'CCc1cc(O)ccc1' * phenols}" for phenols in (20, 35, 50) for number in range(50)
    ]
    make_input(tmp_path / "inputs", large + arenes(500), "polyphenol-1X")
    report = halodb.run(tmp_path / "library", tmp_path / "inputs", workers=16, memory="3GB")
    assert report.complete
    assert report.totals.products > 20_000
    assert report.run.peak_memory < report.run.memory_budget
