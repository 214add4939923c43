"""The local pool and Dask are two executors of one behaviour: all tests here are of both."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from halodb.cluster.dask_pool import DaskPool
from halodb.errors import InputError
from halodb.jobs import writing
from halodb.memory import MemoryMeter
from halodb.units import Unit
from halodb.workers.executor import Executor, LocalPool
from halodb.workers.governor import WorkerBudget, size_pool
from halodb.workers.pool import Work
from halodb.workers.task import UnitTask
from tests.cluster.conftest import Cluster
from tests.cluster.units import BAD, DEADLY, do_rows, linger, prepare, refuse

TASKS = [UnitTask(Unit(start, start + 10), (0,)) for start in range(0, 60, 10)]


@pytest.fixture(params=["local", "dask"])
def executor(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[Executor]:
    """Two workers here, or the two of the cluster."""
    with writing(tmp_path), MemoryMeter() as meter:
        if request.param == "local":
            yield LocalPool(size_pool(meter, 2, 2 * 10**9))
        else:
            pool = DaskPool(cluster.address, WorkerBudget(1, 2 * 10**9, meter), tmp_path)
            yield pool
            pool.close()


def work_of(tmp_path: Path, run: Callable[[UnitTask], Any]) -> Work[Any]:
    return Work(tmp_path / "source", tmp_path, prepare, tmp_path, run, 60.0, "test units")


def test_a_row_that_kills_twice_is_condemned_and_the_rest_is_done(executor: Executor, tmp_path: Path) -> None:
    results = [result for result in executor.run(work_of(tmp_path, do_rows), TASKS) if result is not None]
    rows = sorted(row for _, done in results for row in done)
    assert rows == [row for row in range(60) if row != DEADLY]
    assert os.getpid() not in {process for process, _ in results}
    assert executor.budget.workers == 2


def test_an_error_of_a_unit_comes_as_it_is_and_ends_it(executor: Executor, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"row {BAD} cannot be read"):
        list(executor.run(work_of(tmp_path, refuse), TASKS))
    assert (
        len([done for done in executor.run(work_of(tmp_path, do_rows), TASKS[3:]) if done]) == 3
    )  # it is of use still


def test_units_are_handed_out_as_cores_become_free(executor: Executor, tmp_path: Path) -> None:
    """Whoever stops has begun few units in vain: a million of them are not with the scheduler at once."""
    many = [UnitTask(Unit(start, start + 1), (0,)) for start in range(1000)]
    results = executor.run(work_of(tmp_path, linger), many)
    first = next(result for result in results if result is not None)
    results.close()  # type: ignore[attr-defined]
    assert first in range(10)
    time.sleep(1)
    begun = len(list(tmp_path.glob("begun.*")))
    assert 1 <= begun <= 12
    time.sleep(1)
    assert len(list(tmp_path.glob("begun.*"))) == begun


def test_fewer_at_once_than_there_are_workers(executor: Executor, tmp_path: Path) -> None:
    results = executor.run(work_of(tmp_path, do_rows), TASKS[2:], 1)
    assert len({process for process, _ in filter(None, results)}) <= (2 if isinstance(executor, DaskPool) else 1)
