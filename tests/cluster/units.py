"""What the workers of these tests do: in a module of its own, which imports little, for each process imports it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from halodb.errors import InputError
from halodb.workers.position import row_mark
from halodb.workers.process import become_worker
from halodb.workers.task import UnitTask

DEADLY, BAD = 13, 999


class Here:
    """What a worker process of these tests knows."""

    directory: Path


def prepare(directory: Path) -> None:
    become_worker()
    Here.directory = directory


def do_rows(task: UnitTask) -> tuple[int, list[int]]:
    """The rows of a unit; one of them kills the process."""
    done = []
    with row_mark(Here.directory, task.unit) as mark:
        for row in range(*task.unit):
            mark.at(row)
            if row in task.condemned:
                continue
            if row == DEADLY:
                os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
            done.append(row)
    return os.getpid(), done


def refuse(task: UnitTask) -> int:
    if task.unit.start == 30:
        raise InputError(f"row {BAD} cannot be read.", "Make it again.")
    return task.unit.start


def linger(task: UnitTask) -> int:
    """A unit that takes a while, and leaves a mark that it was begun."""
    (Here.directory / f"begun.{task.unit.start}").touch()
    time.sleep(0.4)
    return task.unit.start
