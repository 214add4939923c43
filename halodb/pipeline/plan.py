"""`halodb plan`: the jobs, in the order of the run, and what they are expected to make and take."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, Field, computed_field

from halodb.errors import HalodbError
from halodb.files import free_bytes
from halodb.inputs import InputName
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.pipeline.passes import Pass, find_passes
from halodb.rules import DEPTHS, RuleSet, read_rules
from halodb.transformation import Limits
from halodb.transformation.estimate import disk_needed, estimate_passes
from halodb.transformation.trial import JobEstimate, PassEstimate
from halodb.workers.executor import Executor, LocalPool
from halodb.workers.governor import WorkerBudget, size_pool
from halodb.workers.listener import SILENT, Listener

PLAN_VERSION = 2

_START_SECONDS, _JOB_SECONDS = 0.6, 0.04
"""Of one core: what the start of a worker takes, and what a job takes for its manifest, its dedup and its check."""

_DEDUP_SECONDS = 4e-6
"""Time of one core that dedup and its check take a product; measured: 3 to 5 us."""

_CROWDING = 0.15
"""What processor time grows by with each doubling of workers beyond the cores, for they take each other's caches: 4, 8
and 16 workers on 2 cores took 1.13, 1.3 and 1.4 to 1.5 times of it."""


class PlannedJob(BaseModel):
    """A job, how it stands, why it is made anew where it is, and what a pass would make: rows, and bytes of shards."""

    job: str
    state: State | None = None
    why: str = ""
    products: int | None = None
    bytes: int | None = None


class PlannedPass(BaseModel):
    """One input and its jobs. The figures are of the jobs that want a scan of it; all null where none was estimated.

    `core_seconds` are of one core for all workers of the pass, `error` is their standard error as part of them, and
    `seconds` are of the whole pass, with dedup. Of a pass that was stopped they are those of its `rows_left`;
    products and bytes are of all its rows.
    """

    input: str
    path: str
    rows: int
    problem: str | None = None
    jobs: tuple[PlannedJob, ...]
    sampled: int | None = None
    rows_left: int | None = None
    core_seconds: float | None = None
    error: float | None = None
    seconds: float | None = None

    @property
    def wants_a_scan(self) -> bool:
        """Whether a job of it is neither done nor waits for dedup alone."""
        return any(job.state not in {State.DONE, State.TRANSFORMED} for job in self.jobs)

    @property
    def shard_bytes(self) -> int:
        """Expected bytes of the shards of all its jobs."""
        return sum(job.bytes or 0 for job in self.jobs)

    @property
    def disk_needed(self) -> int:
        """Expected bytes of shards, results and spill."""
        return disk_needed(JobEstimate(job.products or 0, job.bytes or 0) for job in self.jobs)

    @property
    def products(self) -> int:
        """Expected products of all its jobs, duplicates included."""
        return sum(job.products or 0 for job in self.jobs)


class Plan(BaseModel):
    """A run, before it begins. Times in seconds, memory and disk in bytes.

    `passes` come in the order of the run, small inputs first. `absent` are inputs that the rules have in their scope
    and that are not there, each with the number of its jobs; `unused` are inputs that no rule has in its scope, each
    with its rows. `disk_free` is of the library's disk.
    """

    version: int = PLAN_VERSION
    library: str
    workers: int
    memory_budget: int
    disk_free: int
    passes: tuple[PlannedPass, ...]
    absent: dict[str, int]
    unused: dict[str, int] = Field(default_factory=dict)
    workers_asked: int = 0

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know properties with decorators
    @property
    def jobs(self) -> int:
        """Jobs asked for."""
        return sum(len(one.jobs) for one in self.passes)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def jobs_done(self) -> int:
        """Jobs that are done already."""
        return sum(job.state is State.DONE for one in self.passes for job in one.jobs)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def products(self) -> int:
        """Expected products of all passes, duplicates included."""
        return sum(one.products for one in self.passes)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def seconds(self) -> float:
        """Expected wall time."""
        return round(sum(one.seconds or 0.0 for one in self.passes), 3)

    @property
    def disk_is_short(self) -> bool:
        """Whether more disk is needed than is free."""
        return self.disk_needed > self.disk_free

    @computed_field  # type: ignore[prop-decorator]
    @property
    def disk_needed(self) -> int:
        """All results, and the shards and spill of the largest pass: they are gone before the next one begins."""
        results = sum(one.shard_bytes for one in self.passes)
        return results + max((one.disk_needed - one.shard_bytes for one in self.passes), default=0)


def plan(
    library: Path | str,
    inputs: Path | str,
    *,
    jobs: Sequence[str] = (),
    rule_file: Path | None = None,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    limits: Limits | None = None,
    listener: Listener = SILENT,
) -> Plan:
    """What `run` would do: jobs, inputs, rows, expected products, time, disk and memory. The library is not touched.

    Args:
        library: directory of the library, there or not.
        inputs: directory with `<class>-<k>X/products.parquet`.
        jobs: names of jobs, or patterns such as `polyphenol-*`; all by default.
        rule_file: a rule file of your own; the shipped transforms by default.
        workers: processes; the machine's cores by default.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        limits: what one parent and one worker may take.
        listener: told how many inputs were looked at.

    Raises:
        UsageError: no job has such a name, or the budget cannot be understood.
        RuleFileError: the rule file is not valid.
        InputError: there is no input.

    Example:
        >>> halodb.plan("library", "inputs").disk_needed  # doctest: +SKIP
    """
    library, limits, rules = Path(library), limits or Limits(), read_rules(rule_file)
    found = find_passes(library, Path(inputs), rules, jobs, limits)
    with MemoryMeter() as meter:
        budget = size_pool(meter, workers, parse_budget(memory))
        planned = plan_passes(found.passes, LocalPool(budget), limits, listener=listener)
    return make_plan(planned, found.unused, rules, library, budget)


def make_plan(
    passes: Sequence[PlannedPass], unused: dict[str, int], rules: RuleSet, library: Path, budget: WorkerBudget
) -> Plan:
    """The plan of some passes, and of inputs that no rule uses."""
    there = {one.input for one in passes}
    classes = dict.fromkeys(name for rule in rules.rules for name in rule.scope_classes)
    wanted = {str(InputName(name, k)): len(rules.in_scope(name)) for name in classes for k in DEPTHS}
    return Plan(
        library=str(library),
        workers=budget.workers,
        memory_budget=budget.bytes,
        disk_free=free_bytes(library),
        passes=tuple(passes),
        workers_asked=budget.asked or budget.workers,
        absent={name: count for name, count in wanted.items() if name not in there},
        unused=unused,
    )


def plan_passes(
    passes: Sequence[Pass],
    executor: Executor,
    limits: Limits,
    *,
    estimated: Callable[[Pass], bool] = lambda _: True,
    listener: Listener = SILENT,
    place: Path | None = None,
) -> list[PlannedPass]:
    """Passes with what they are expected to take; where an input turns out to be damaged, with that problem.

    Args:
        estimated: whether anybody wants to know it of a pass.
        place: see `estimate_passes`.
    """
    wanted = [one for one in passes if one.to_enumerate and estimated(one)]
    try:
        jobs = [[job.job for job in one.to_enumerate] for one in wanted]
        found = estimate_passes(jobs, executor, limits, listener, place)
    except HalodbError as error:  # a run may do without
        found = [error] * len(wanted)
    estimates = {one.name: estimate for one, estimate in zip(wanted, found, strict=True)}
    return [_planned(one, estimates.get(one.name), executor.budget) for one in passes]


def _planned(one: Pass, estimate: PassEstimate | HalodbError | None, budget: WorkerBudget) -> PlannedPass:
    problem = estimate if isinstance(estimate, HalodbError) else one.problem
    planned = PlannedPass(
        input=str(one.name),
        path=str(one.path),
        rows=one.rows,
        problem=str(problem) if problem else None,
        jobs=tuple(PlannedJob(job=each.name, state=each.state, why=each.why) for each in one.jobs)
        or tuple(PlannedJob(job=name) for name in one.job_names),
    )
    if not isinstance(estimate, PassEstimate):
        return planned
    left = 1.0
    with contextlib.suppress(HalodbError):  # the pass itself will tell
        left = one.share_left()
    return _with_estimate(planned, estimate, left, budget)


def _with_estimate(planned: PlannedPass, estimate: PassEstimate, left: float, budget: WorkerBudget) -> PlannedPass:
    jobs = tuple(
        job.model_copy(update={"products": made.products, "bytes": made.bytes})
        if (made := estimate.jobs.get(job.job))
        else job
        for job in planned.jobs
    )
    cores = budget.cores
    at_once = min(budget.workers, cores)
    crowded = 1 + _CROWDING * math.log2(max(1.0, budget.workers / cores))
    core_seconds = round(estimate.core_seconds * left, 3)
    of_workers = (core_seconds * crowded + _START_SECONDS * budget.workers) / at_once
    of_dedup = _DEDUP_SECONDS * sum(job.products or 0 for job in jobs) / cores + _JOB_SECONDS * len(estimate.jobs)
    return planned.model_copy(
        update={
            "jobs": jobs,
            "sampled": estimate.sampled,
            "core_seconds": core_seconds,
            "rows_left": round(planned.rows * left),
            "error": estimate.error,
            "seconds": round(of_workers + of_dedup, 3),
        }
    )
