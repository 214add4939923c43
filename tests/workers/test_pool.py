"""The pool goes on whatever a worker holds when it is killed."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import psutil
import pytest

from halodb.memory import MemoryMeter
from halodb.units import Unit
from halodb.workers.governor import Governor, size_pool
from halodb.workers.pool import Work, run_units
from halodb.workers.process import become_worker
from halodb.workers.task import UnitTask


def prepare(directory: Path) -> None:
    become_worker()
    os.chdir(directory)


def die_with_the_lock_once(task: UnitTask) -> int:
    """The start of the unit; the worker of the first one dies within the pool's lock, the first time."""
    mark = Path("died")
    if task.unit.start == 0 and not mark.exists():
        mark.touch()
        (channel,) = (each for each in gc.get_objects() if type(each).__name__ == "WorkerChannel")
        assert channel.mutex.acquire()
        psutil.Process().kill()
    return task.unit.start


@pytest.mark.slow
def test_a_worker_that_dies_within_the_pools_lock(tmp_path: Path) -> None:
    tasks = [UnitTask(Unit(start, start + 10), (0,)) for start in range(0, 60, 10)]
    work = Work(tmp_path / "source", tmp_path, prepare, tmp_path, die_with_the_lock_once, 60.0)
    started = time.monotonic()
    with MemoryMeter() as meter, Governor(size_pool(meter, 2, 2 * 10**9), tmp_path) as governor:
        done = [result for result in run_units(work, tasks, governor) if result is not None]
    assert (tmp_path / "died").exists()
    assert sorted(done) == [task.unit.start for task in tasks]
    assert time.monotonic() - started < 60
