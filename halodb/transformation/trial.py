"""A trial of passes: a worker enumerates some parents of an input, and tells what all of them would make and take.

Halogen analogues decide what a parent costs: one that is read off takes 10 to 100 us, one that is enumerated 1 ms or
more. Rows taken out of their order are enumerated, nearly all of them, and made a pass of 2X look twice as long as it
was. So each slot of the sample is preceded by the analogues that the pass would have met before it, not timed.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from statistics import fmean, stdev

import pyarrow as pa
import rdkit

from halodb.chemistry import Enumerator
from halodb.chemistry.halogen_patterns import HalogenPattern, pattern_of
from halodb.chemistry.plain_smiles import plain_smiles
from halodb.errors import HalodbError
from halodb.files import write_in_place
from halodb.inputs import Input
from halodb.inputs.signature import check_unchanged
from halodb.inputs.windows import Window, read_windows
from halodb.jobs import Job
from halodb.shards.writer import JobBuffer, data_bytes
from halodb.transformation.pass_plan import Limits
from halodb.transformation.targets import products_taken, rules_and_targets
from halodb.units.sample import spread
from halodb.workers.position import RowMark, row_mark
from halodb.workers.process import Alarm, become_worker
from halodb.workers.task import UnitTask

WHOLE = 512
"""Rows of an input that is enumerated as a whole; its estimate is no estimate."""

_SLOT = 8
"""Rows side by side: those of one natural product are much alike, so more of them would tell little more."""
_LOOK_BACK = 512
"""Rows before a slot in which analogues are looked for; measured: with 3,000 no more parents were read off."""
_FIRST_SLOTS, _MOST_SLOTS, _GROWTH = 16, 4096, 1.5
"""Slots that are read at a time: few at first, then half as many again as there are, for a file is read through."""

_PRECISION = 0.05
"""Standard error of time and products, as part of them, at which a sample is large enough; so 15 % is three of it."""
_SHARE, _SHARE_OF_SHORT, _LEAST_SECONDS, _SOON = 0.03, 0.1, 0.08, 1.0
"""What a trial may take of one core: a part of what it foretells, more of it up to a second, a moment at the least."""

_NEIGHBOURS, _PLACES = 4096, 4
"""Rows side by side that tell how much alike neighbours are, and in how many places; of 520 rows they seem less so."""
_NUMBER_BYTES = 1
"""What parent_row and site take in a shard; measured: 0.4 to 3.4."""

_WRITING_SHARE = 0.04
"""What writing adds to the time of enumerating (`benchmarks profile`): the shards of a sample are too small to tell."""

_TOLD = ".sampled"
"""End of the names of files in which workers tell how large their samples are."""

_FINE_TICK = 1e-4
_clock = time.thread_time if time.get_clock_info("thread_time").resolution < _FINE_TICK else time.perf_counter
"""Time of this thread, for others may have the core; where that clock ticks slowly, as on Windows, wall time."""


@dataclass(frozen=True)
class JobEstimate:
    """Expected rows of a job before dedup, and their bytes in shards."""

    products: int
    bytes: int


@dataclass(frozen=True)
class PassEstimate:
    """What a pass is expected to take.

    Attributes:
        sampled: parents in the sample.
        core_seconds: time of one core for all workers of the pass.
        error: standard error of this time, as part of it.
        jobs: by name of the job.
    """

    sampled: int
    core_seconds: float
    error: float
    jobs: dict[str, JobEstimate]


@dataclass(frozen=True)
class Trials:
    """The passes to try, each as its jobs; unit `n` of the work is the `n`-th of them.

    Attributes:
        passes: of each pass the jobs, all of one input.
        sources: of each pass the parents that a sample is taken of: its input, or some of it in the order of the pass.
        directory: where workers mark the row they are at.
        limits: of the run.
    """

    passes: tuple[tuple[Job, ...], ...]
    sources: tuple[Input, ...]
    directory: Path
    limits: Limits


class _Worker:
    trials: Trials


def start_worker(trials: Trials) -> None:
    """Make this process a worker that tries passes."""
    become_worker()
    _Worker.trials = trials


def try_pass(task: UnitTask) -> tuple[int, PassEstimate | HalodbError]:
    """The number of a pass, and what it is expected to take; or why its input cannot be read."""
    trials, number = _Worker.trials, task.unit.start
    with row_mark(trials.directory, task.unit) as mark, Alarm(trials.limits.parent_seconds) as alarm:
        try:
            told = trials.directory / f"{number}{_TOLD}"
            jobs, source = trials.passes[number], trials.sources[number]
            trial = _Trial(jobs, source, trials.limits, mark, alarm, task.condemned, told)
            return number, trial.estimate()
        except HalodbError as error:
            return number, error


def sampled_so_far(directory: Path) -> int:
    """Parents in all samples of the trials that have this directory, also of those that still grow."""
    sampled = 0
    for file in directory.glob(f"*{_TOLD}"):
        with contextlib.suppress(OSError, ValueError):  # it is just being made
            sampled += int(file.read_text(encoding="ascii"))
    return sampled


class _Trial:
    """The sample of one pass as it grows."""

    def __init__(
        self,
        jobs: Sequence[Job],
        source: Input,
        limits: Limits,
        mark: RowMark,
        alarm: Alarm,
        condemned: dict[int, str],
        told: Path,
    ) -> None:
        self._jobs, self._source = jobs, source
        self._mark, self._alarm, self._condemned, self._told = mark, alarm, condemned, told
        attested = self._source.canonical_by == rdkit.__version__
        rules, self._targets = rules_and_targets(jobs)
        self._pooled = any(job.pooled for job in jobs)
        self._enumerator = Enumerator(rules, max_heavy_atoms=limits.max_heavy_atoms, attested=attested)
        self._buffers = [JobBuffer(pooled=job.pooled) for job in jobs]
        self._products = [0] * len(jobs)
        self._rows = 0
        self._seconds: list[float] = []  # by slot, and so are
        self._made: list[int] = []

    def estimate(self) -> PassEstimate:
        """Let the sample grow until it is enough, and scale it up."""
        rows, all_rows = self._source.rows, self._jobs[0].input.rows
        length = rows if rows <= WHOLE else _SLOT
        slots = -(-rows // length)
        order = spread(slots)
        began, wanted = _clock(), _FIRST_SLOTS
        while batch := sorted(islice(order, wanted)):
            starts = [slot * length for slot in batch]
            windows = [Window(max(0, start - _LOOK_BACK), min(start + length, rows)) for start in starts]
            for start, window, texts in zip(starts, windows, read_windows(self._source.path, windows), strict=True):
                slot = start - window.start
                self._do_slot(start, texts[:slot], texts[slot:])
            write_in_place(self._told, f"{self._rows:012}".encode("ascii"))
            spent, foretold = _clock() - began, sum(self._seconds) * all_rows / self._rows
            allowed = max(_LEAST_SECONDS, min(_SHARE_OF_SHORT * foretold, _SOON), _SHARE * foretold)
            if spent > allowed or self._error(slots) <= _PRECISION:
                break
            wanted = min(round(len(self._seconds) * (_GROWTH - 1)), _MOST_SLOTS - len(self._seconds))
        check_unchanged(self._source.path, self._source.signature)
        scale = all_rows / self._rows
        return PassEstimate(
            sampled=self._rows,
            core_seconds=round(sum(self._seconds) * scale * (1 + _WRITING_SHARE), 3),
            error=round(_standard_error(self._seconds, slots), 3),
            jobs={
                job.name: JobEstimate(round(products * scale), round(self._bytes_of(buffer, products) * scale))
                for job, products, buffer in zip(self._jobs, self._products, self._buffers, strict=True)
            },
        )

    def _bytes_of(self, buffer: JobBuffer, products: int) -> float:
        """What the products of the sample would take in large shards.

        By themselves they compress badly, for each slot is of another natural product. So at most what as many parents
        take that stand side by side, which are as much alike as products are in a shard.
        """
        alone = data_bytes(buffer.take())
        if self._source.rows <= WHOLE:
            return alone
        return min(alone, (self._bytes_of_a_neighbour + _NUMBER_BYTES) * products)

    @cached_property
    def _bytes_of_a_neighbour(self) -> float:
        """What a parent takes in a file of its own, beside those that stand by it."""
        rows = self._source.rows
        starts = [round(place * max(0, rows - _NEIGHBOURS) / _PLACES) for place in range(_PLACES)]
        windows = [Window(start, min(start + _NEIGHBOURS, rows)) for start in sorted(set(starts))]
        taken = sum(
            data_bytes(pa.table({"smiles": pa.array(texts, pa.string())}))
            for texts in read_windows(self._source.path, windows)
        )
        return taken / sum(window.stop - window.start for window in windows)

    def _error(self, slots: int) -> float:
        """The larger of the errors of time and products."""
        return max(_standard_error(self._seconds, slots), _standard_error(self._made, slots))

    def _do_slot(self, start: int, before: Sequence[str | None], smiles: Sequence[str | None]) -> None:
        """Enumerate the rows of a slot from `start` on, after what the pass would remember of the rows before."""
        self._enumerator.forget()
        wanted = {pattern.text for pattern in _patterns(smiles)}
        analogues = {pattern: one for one, pattern in _with_patterns(before) if pattern.text in wanted}
        for row, one in enumerate(analogues.values(), start - len(before)):
            self._begin(row)
            self._enumerator.enumerate(one)
        began, made = _clock(), 0
        for row, given in enumerate(smiles, start):
            self._begin(row)
            if row in self._condemned:
                continue
            outcome = self._enumerator.enumerate(given)
            for rule, site, product in products_taken(outcome, pooled=self._pooled):
                job, place = self._targets[rule]
                self._buffers[job].add(product, row, site, place)
                self._products[job] += 1
                made += 1
        self._seconds.append(_clock() - began)
        self._made.append(made)
        self._rows += len(smiles)

    def _begin(self, row: int) -> None:
        self._alarm.begin()
        self._mark.at(row)


def _standard_error(values: Sequence[float], population: int) -> float:
    """Standard error of the mean of a sample without repeats, as part of the mean; 0 where there is nothing at all."""
    mean, count = fmean(values), len(values)
    if count == population or not mean:
        return 0.0
    if count == 1:
        return math.inf
    return stdev(values) / mean / math.sqrt(count) * math.sqrt(1 - count / population)


def _with_patterns(smiles: Sequence[str | None]) -> Iterator[tuple[str, HalogenPattern]]:
    for one in smiles:
        plain = plain_smiles(one) if one else None
        if plain is not None:
            yield plain, pattern_of(plain)


def _patterns(smiles: Sequence[str | None]) -> Iterator[HalogenPattern]:
    return (pattern for _, pattern in _with_patterns(smiles))
