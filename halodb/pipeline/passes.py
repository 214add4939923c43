"""The passes of a pipeline: one for each input found, small inputs first, each with its jobs and how they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from halodb.errors import HalodbError
from halodb.inputs import Input, InputName
from halodb.inputs.find import FoundInput, find_inputs, open_found
from halodb.inputs.signature import is_unchanged
from halodb.jobs import transform_jobs
from halodb.jobs.made import made_for, missing_rows
from halodb.jobs.paths import check_paths
from halodb.jobs.select import pick
from halodb.jobs.state import State
from halodb.jobs.status import JobStatus, status_of
from halodb.rules import RuleSet
from halodb.transformation import Limits


@dataclass(frozen=True)
class Pass:
    """One input and the jobs of it that were asked for.

    Attributes:
        name: class and degree of halogenation.
        path: the file.
        job_names: names of the jobs, in the order of the rules.
        input: the input, where it can be opened.
        jobs: how each job stands, in the same order; empty where the input cannot be opened.
        problem: why it cannot be opened.
    """

    name: InputName
    path: Path
    job_names: tuple[str, ...]
    input: Input | None = None
    jobs: tuple[JobStatus, ...] = ()
    problem: HalodbError | None = None

    @property
    def rows(self) -> int:
        """Parents of the input; 0 where it cannot be opened."""
        return self.input.rows if self.input is not None else 0

    @property
    def wanted(self) -> list[JobStatus]:
        """The jobs that are not done."""
        return [job for job in self.jobs if job.state is not State.DONE]

    @property
    def to_enumerate(self) -> list[JobStatus]:
        """The jobs that want a scan of the input."""
        return [job for job in self.wanted if job.state is not State.TRANSFORMED]

    def share_left(self) -> float:
        """Part of the rows that some job to enumerate still wants; what was stopped goes on there.

        Raises:
            LibraryError: a receipt or a shard is there and cannot be looked at, or a newer halodb wrote the receipt.
        """
        begun = [job.manifest for job in self.to_enumerate if job.state is State.TRANSFORMING and job.manifest]
        if not begun or len(begun) < len(self.to_enumerate):
            return 1.0
        made = made_for(begun, self.to_enumerate[0].job.directory.parent, self.name)
        left = (missing_rows(manifest, made[manifest.fingerprint].units) for manifest in begun)
        return max(sum(unit.stop - unit.start for unit in units) for units in left) / max(1, begun[0].input.rows)


class FoundPasses(NamedTuple):
    """The passes over the inputs of a directory, in the order of a run.

    Attributes:
        passes: those that have jobs.
        unused: rows of the inputs for which no rule is in scope, by their names.
    """

    passes: list[Pass]
    unused: dict[str, int]


def find_passes(library: Path, inputs: Path, rules: RuleSet, patterns: Sequence[str], limits: Limits) -> FoundPasses:
    """The passes over the inputs of a directory, small ones first, so that trouble shows early.

    Args:
        library: the library, there or not.
        inputs: directory with `<class>-<k>X/products.parquet`.
        rules: the rules.
        patterns: names of jobs, or patterns such as `polyphenol-*`; all jobs where there is none.
        limits: what one parent may take; it is part of what a job is.

    Raises:
        InputError: there is no input.
        UsageError: no job has such a name, or Windows would refuse the paths of its files.
    """
    passes = [_pass_of(found, library, rules, limits) for found in find_inputs(inputs)]
    unused = {str(one.name): one.rows for one in passes if not one.job_names}
    names = [name for one in passes for name in one.job_names]
    picked = set(pick(names, patterns, inputs, "`halodb plan` lists the jobs."))
    check_paths(library, picked)
    chosen = [_choose(one, picked) for one in passes]
    return FoundPasses(sorted((one for one in chosen if one.job_names), key=lambda one: (one.rows, one.name)), unused)


def refresh(one: Pass, library: Path, rules: RuleSet, limits: Limits) -> Pass:
    """The pass as it stands now: its jobs may be further, its input another file or put right."""
    if one.input is not None and is_unchanged(one.input.path, one.input.signature):
        found = FoundInput(one.name, one.path, one.input)
    else:
        found = open_found(one.name, one.path)
    return _choose(_pass_of(found, library, rules, limits), one.job_names)


def _pass_of(found: FoundInput, library: Path, rules: RuleSet, limits: Limits) -> Pass:
    in_scope = rules.in_scope(found.name.class_name)
    one = Pass(found.name, found.path, tuple(f"{found.name}_{rule.name}" for rule in in_scope))
    if isinstance(found.opened, HalodbError):
        return replace(one, problem=found.opened)
    jobs = transform_jobs(library, found.opened, in_scope)
    statuses = tuple(status_of(job, job.fingerprint(limits.max_heavy_atoms, 1)) for job in jobs)
    return replace(one, input=found.opened, jobs=statuses)


def _choose(one: Pass, picked: Collection[str]) -> Pass:
    names = tuple(name for name in one.job_names if name in picked)
    return replace(one, job_names=names, jobs=tuple(job for job in one.jobs if job.name in names))
