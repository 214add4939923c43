"""The meter goes on whatever psutil meets, and one that sees nothing is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from halodb import memory
from halodb.errors import HalodbWarning
from halodb.held import measured, resident, tree_of
from halodb.memory import MemoryMeter, memory_by_process
from halodb.workers.governor import Governor, WorkerBudget

ERRORS = [psutil.AccessDenied(), PermissionError(5, "no"), OSError(299, "partial copy"), RuntimeError(), ValueError()]


def fail(error: Exception) -> Callable[..., Any]:
    def method(*_: object, **__: object) -> Any:
        raise error

    return method


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_another_figure_counts_where_one_is_refused(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil.Process, "memory_full_info", fail(error))
    held = psutil.Process().memory_info().rss
    assert memory_by_process()[psutil.Process().pid] == pytest.approx(held, rel=0.2)
    monkeypatch.setattr(psutil.Process, "memory_info", fail(error))
    assert memory_by_process() == {}


def test_a_process_that_has_ended_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = tree_of()
    monkeypatch.setattr(psutil.Process, "memory_full_info", fail(psutil.NoSuchProcess(1)))
    assert measured(processes) == {}
    monkeypatch.setattr(psutil.Process, "memory_info", fail(psutil.NoSuchProcess(1)))
    assert resident(processes) == {}
    assert tree_of(2**31 - 2) == []


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_the_meter_outlives_errors(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with MemoryMeter(0.01) as meter:
        with monkeypatch.context() as broken:
            broken.setattr(psutil.Process, "children", fail(error))
            wait_for(lambda: time.monotonic() - meter._last_sample > 0.1)
            before = meter.samples
        wait_for(lambda: meter.samples > before + 1)
        assert meter.now > 0


def test_one_who_listens_cannot_end_the_meter() -> None:
    with MemoryMeter(0.01, on_sample=fail(ValueError())) as meter:
        wait_for(lambda: meter.samples > 3)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_blind_meter_is_told_and_no_worker_more_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_BLIND_AFTER_SECONDS", 0.5)
    with MemoryMeter(0.01) as meter, Governor(WorkerBudget(2, 10**12, meter), tmp_path) as governor:
        assert governor.watch()
        monkeypatch.setattr(psutil.Process, "children", fail(OSError()))
        wait_for(lambda: meter.is_blind)
        with pytest.warns(HalodbWarning, match="does not tell how much memory"):
            assert not governor.watch()
        assert governor._pressure.is_high()
        monkeypatch.undo()
        wait_for(lambda: not meter.is_blind)
        assert governor.watch()
        assert not governor._pressure.is_high()


class Tree:
    """A process tree of one, whose figures a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.exact, self.resident, self.cost, self.looks = 100_000, 300_000, 0.05, 0
        self.now = self.worked = 0.0
        monkeypatch.setattr(memory, "tree_of", list)
        monkeypatch.setattr(memory, "resident", lambda _: {1: self.resident})
        monkeypatch.setattr(memory, "measured", self._measured)
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "thread_time", lambda: self.worked)

    def _measured(self, _: object) -> dict[int, int]:
        self.looks += 1
        self.worked += self.cost
        return {1: self.exact}


def test_dear_looks_are_rare_and_growth_shows_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Tree(monkeypatch)
    scale = memory._Scale()
    for _ in range(200):  # 100 seconds
        assert scale.weigh() == {1: 100_000}
        tree.now += 0.5
    assert tree.worked <= 0.02 * tree.now + tree.cost
    assert tree.looks > 10
    scale.weigh()
    before = tree.looks
    tree.resident, tree.exact = 310_000, 105_000  # little: it is reckoned
    assert scale.weigh() == {1: 110_000}
    assert tree.looks == before
    tree.resident, tree.exact = 400_000, 150_000  # much: it is looked at
    assert scale.weigh() == {1: 150_000}
    assert tree.looks == before + 1
