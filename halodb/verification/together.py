"""Many jobs judged at once: in this process where they are few, else by workers, a job each, the largest first."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.engine import temporary_directory
from halodb.jobs import JobDirectory
from halodb.jobs.directories import read_or_error
from halodb.memory import MemoryMeter
from halodb.units import Unit
from halodb.verification.verdict import JobVerdict, Judge
from halodb.workers.executor import LocalPool
from halodb.workers.governor import MAIN_BYTES, WorkerBudget
from halodb.workers.listener import Listener
from halodb.workers.pool import Work
from halodb.workers.position import row_mark
from halodb.workers.process import become_worker
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask

_WORKER_BYTES = 512 * 1024**2
"""What a worker gets at the least: 320 MiB for DuckDB, which spills what is beyond, the rest for Python and RDKit."""

_JOB_SECONDS, _ROW_SECONDS, _KEY_SECONDS = 0.02, 0.7e-6, 0.3e-3
"""What a job, a row and a key that RDKit reads take of one core; measured."""


@dataclass(frozen=True)
class Case:
    """A job to judge, its rows, and how many of its keys RDKit reads and writes again."""

    job: JobDirectory
    rows: int
    sample: int

    @property
    def seconds(self) -> float:
        """What it takes of one core, about."""
        return _JOB_SECONDS + _ROW_SECONDS * self.rows + _KEY_SECONDS * min(self.sample, self.rows)


def judge_all(
    cases: Sequence[Case],
    *,
    workers: int | None,
    memory: int,
    temp_directory: Path | str | None,
    listener: Listener,
) -> Iterator[JobVerdict]:
    """The verdicts, in the order of the cases.

    Args:
        workers: processes; the machine's cores by default, fewer where there is little to do or little memory.
        memory: bytes, of the process tree.
        temp_directory: where DuckDB spills; in the library by default.
        listener: told how many jobs were judged.
    """
    began = time.monotonic()
    wanted = min(workers or os.cpu_count() or 1, (memory - MAIN_BYTES) // _WORKER_BYTES, len(cases))
    wanted = min(wanted, round(sum(case.seconds for case in cases)))  # a worker takes half a second to start
    with MemoryMeter() as meter:

        def tell(done: int, rows: int) -> None:
            seconds = time.monotonic() - began
            listener.progress(Progress("verify", done, len(cases), 0, rows, seconds, meter.now, "jobs", memory))

        if wanted > 1:
            budget = WorkerBudget(wanted, memory, meter)
            yield from _by_workers(cases, budget, temp_directory, tell)
            return
        with Judge(memory, None, temp_directory) as judge:
            rows = 0
            for done, case in enumerate(cases, 1):
                yield judge.judge(case.job, case.sample)
                rows += case.rows
                tell(done, rows)


@dataclass(frozen=True)
class _Plan:
    cases: tuple[tuple[Path, int], ...]
    directory: Path
    memory: int
    threads: int
    temp_directory: Path | str | None


class _Worker:
    plan: _Plan
    judge: Judge


def _start_worker(plan: _Plan) -> None:
    become_worker()
    _Worker.plan = plan
    _Worker.judge = Judge(plan.memory, plan.threads, plan.temp_directory)


def _judge_one(task: UnitTask) -> tuple[int, JobVerdict]:
    """The number of a case, and the verdict."""
    plan, number = _Worker.plan, task.unit.start
    path, sample = plan.cases[number]
    job = JobDirectory(path, read_or_error(path))
    if number in task.condemned:
        what = f"{path}: the process that read it was stopped, twice; it crashed, or was killed"
        return number, JobVerdict(job=job.name, state=None, products=0, problems=(what,))
    with row_mark(plan.directory, task.unit) as mark:
        mark.at(number)
        return number, _Worker.judge.judge(job, sample)


def _by_workers(
    cases: Sequence[Case],
    budget: WorkerBudget,
    temp_directory: Path | str | None,
    tell: Callable[[int, int], None],
) -> Iterator[JobVerdict]:
    largest_first = sorted(range(len(cases)), key=lambda number: -cases[number].seconds)
    tasks = [UnitTask(Unit(number, number + 1), ()) for number in largest_first]
    with temporary_directory() as name:
        plan = _Plan(
            cases=tuple((case.job.path, case.sample) for case in cases),
            directory=Path(name),
            memory=(budget.bytes - MAIN_BYTES) // budget.workers,
            threads=max(1, (os.cpu_count() or 1) // budget.workers),
            temp_directory=temp_directory,
        )
        work = Work(
            cases[0].job.path.parent, plan.directory, _start_worker, plan, _judge_one, math.inf, "verify", "jobs"
        )
        waiting: dict[int, JobVerdict] = {}
        done = told = rows = 0
        for result in LocalPool(budget).run(work, tasks):
            if result is not None:
                number, verdict = result
                waiting[number] = verdict
                done, rows = done + 1, rows + cases[number].rows
            while told in waiting:
                yield waiting.pop(told)
                told += 1
            tell(done, rows)
