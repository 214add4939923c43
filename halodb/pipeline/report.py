"""`transform_pipeline_report.json`: what became of every job of a library, and what its newest run took."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import rdkit
from pydantic import BaseModel, ConfigDict, Field

from halodb.documents import Document, read_whole_document, write_document
from halodb.inputs import InputName
from halodb.jobs import Manifest
from halodb.jobs.job import ENGINE_VERSION
from halodb.jobs.state import State
from halodb.memory import total_memory
from halodb.rules import RuleSet
from halodb.transformation import PassReport
from halodb.version import __version__

REPORT_FILE = "transform_pipeline_report.json"


def rate_of(count: int, seconds: float) -> float:
    """So many a second, with one digit."""
    return round(count / seconds, 1) if seconds else 0.0


class _Documented(BaseModel):
    """Fields are described by the text below them; `docs/transform_pipeline_report.schema.json` shows it."""

    model_config = ConfigDict(use_attribute_docstrings=True, validate_by_name=True, validate_by_alias=True)


class Versions(_Documented):
    """What made the library."""

    halodb: str = __version__
    engine: int = ENGINE_VERSION
    """Raised when halodb itself would make other products of the same input and rules."""
    rdkit: str = Field(default_factory=lambda: rdkit.__version__)
    duckdb: str = Field(default_factory=lambda: duckdb.__version__)
    python: str = Field(default_factory=platform.python_version)


class Machine(_Documented):
    """Where the newest run was."""

    system: str = Field(default_factory=lambda: f"{platform.system()} {platform.machine()}")
    cores: int = Field(default_factory=lambda: os.cpu_count() or 1)
    memory: int = Field(default_factory=total_memory)
    """Bytes of RAM, the machine's or its container's."""


class JobSummary(_Documented):
    """One job. Counts are of rows, times in seconds, memory in bytes."""

    job: str
    class_name: str = Field(alias="class")
    k: int
    rule: str
    label: str
    state: str
    """waiting, transforming, transformed, done or failed."""
    parents: int = 0
    """Rows of the input that were read."""
    matched: int = 0
    """Parents with one site or more."""
    sites: int = 0
    products: int = 0
    """Rows before dedup."""
    unique: int = 0
    """Rows of the result; 0 until the job is done."""
    duplicates: int = 0
    """Rows that dedup removed; 0 until the job is done."""
    rejects: dict[str, int] = Field(default_factory=dict)
    """Parents and sites that made an error, by reason."""
    left_out: dict[str, int] = Field(default_factory=dict)
    """What the sugar mask and limits of the rule left out, by kind and rule."""
    transform_seconds: float = 0.0
    """Wall time of the pass, which the job shares with the others of its input."""
    dedup_seconds: float = 0.0
    products_per_second: float = 0.0
    """Products of the job by the wall time of its pass."""
    peak_memory: int = 0
    """Of the process tree during the pass."""
    checksum: str = ""
    """Of the rows of the result in any order; `halodb verify` computes it again."""
    adopted_from: str | None = None
    """Directory of an older script's result that was taken over; matched and sites are then unknown and 0."""
    failure: str | None = None
    """Why the newest run could not do it."""


class PassSummary(_Documented):
    """A scan of an input, with its retries. Times in seconds, memory in bytes."""

    input: str
    began_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    rows: int
    jobs: int
    attempts: int = 0
    resumed: bool = False
    """Whether an earlier run had done a part."""
    finished: bool = True
    """Whether it came to its end; a run that was stopped or killed had done what is told here."""
    parents: int = 0
    """Rows done; fewer than `rows` where it is a part."""
    products: int = 0
    """Rows written, duplicates included."""
    transform_seconds: float = 0.0
    dedup_seconds: float = 0.0
    worker_seconds: float = 0.0
    """Time in units, summed over the workers."""
    writing_seconds: float = 0.0
    """The part of it that went into the last shards of the units."""
    idle_share: float = 0.0
    """Part of the workers' time without a unit."""
    products_per_second: float = 0.0
    peak_memory: int = 0
    workers: int = 0
    stopped_workers: int = 0
    """Workers that were stopped because they took the process tree over its budget; their units were run again."""

    def add(self, made: PassReport) -> None:
        """Add what an attempt did."""
        if self.attempts == 1:
            self.resumed = made.resumed
        self.parents += made.parents
        self.products += made.products
        self.transform_seconds = round(self.transform_seconds + made.seconds, 3)
        self.worker_seconds = round(self.worker_seconds + made.worker_seconds, 3)
        self.writing_seconds = round(self.writing_seconds + made.writing_seconds, 3)
        self.idle_share = round(made.idle_share, 4)
        self.products_per_second = rate_of(self.products, self.transform_seconds)
        self.workers = made.workers
        self.stopped_workers += made.stopped_workers


COMPLETE, INCOMPLETE, STOPPED, KILLED, GOING_ON = "complete", "incomplete", "stopped", "killed", "going on"


class RunSummary(_Documented):
    """A run. Times in seconds, memory in bytes."""

    began_at: datetime
    seconds: float
    workers: int
    memory_budget: int
    peak_memory: int
    """The most that the process tree held at once."""
    outcome: str = ""
    """complete, incomplete (some jobs failed), stopped (by Ctrl-C, a full disk and the like), killed, or going on."""
    passes: tuple[PassSummary, ...] = ()
    """What it did."""


class Totals(_Documented):
    """Sums over all jobs."""

    jobs: int
    done: int
    failed: int
    sites: int
    products: int
    unique: int
    """Rows of all results; a product that several jobs made counts in each."""
    duplicates: int
    rejects: dict[str, int]
    worker_seconds: float
    """Of all passes."""


class Failure(_Documented):
    """A job that could not be done, and why."""

    job: str
    reason: str


class PipelineReport(_Documented, Document):
    """The report of a library: all its jobs, and those that the newest run was asked for and could not begin."""

    version: int = 1
    """Of this schema; raised when a field changes its meaning or goes."""
    written_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    versions: Versions = Field(default_factory=Versions)
    machine: Machine = Field(default_factory=Machine)
    run: RunSummary
    """The newest run."""
    runs: tuple[RunSummary, ...] = ()
    """All runs, oldest first, the newest too; of very many the newest 200."""
    passes: tuple[PassSummary, ...]
    """The newest pass over each input; where several runs did it, all of them together."""
    totals: Totals
    jobs: tuple[JobSummary, ...]
    failures: tuple[Failure, ...]

    @property
    def complete(self) -> bool:
        """Whether every job is done."""
        return self.totals.done == self.totals.jobs

    def failed_jobs(self) -> dict[str, list[str]]:
        """The jobs that could not be done, by the reason: what stops a pass stops all its jobs."""
        found: dict[str, list[str]] = {}
        for failure in self.failures:
            found.setdefault(failure.reason, []).append(failure.job)
        return found


def make_report(
    runs: Sequence[RunSummary],
    passes: Sequence[PassSummary],
    manifests: Sequence[Manifest],
    asked: Sequence[JobSummary],
    failures: Mapping[str, str],
) -> PipelineReport:
    """The report of a library.

    Args:
        runs: all of them, the newest last.
        passes: the newest of each input, all runs together that did a part of it.
        manifests: of all jobs of the library.
        asked: the jobs that the run was asked for, in its order, as they are where they have no manifest.
        failures: reasons, by job.
    """
    known = {manifest.job: _of_manifest(manifest) for manifest in manifests if not manifest.pooled}
    jobs = [known.pop(job.job, job) for job in asked]
    jobs += known.values()
    jobs = [
        job.model_copy(update={"state": "failed", "failure": failures[job.job]}) if job.job in failures else job
        for job in jobs
    ]
    rejects: Counter[str] = Counter()
    for job in jobs:
        rejects.update(job.rejects)
    totals = Totals(
        jobs=len(jobs),
        done=sum(job.state == State.DONE for job in jobs),
        failed=len(failures),
        sites=sum(job.sites for job in jobs),
        products=sum(job.products for job in jobs),
        unique=sum(job.unique for job in jobs),
        duplicates=sum(job.duplicates for job in jobs),
        rejects=dict(sorted(rejects.items())),
        worker_seconds=round(sum(one.worker_seconds for one in passes), 3),
    )
    told = tuple(Failure(job=job, reason=reason) for job, reason in failures.items())
    return PipelineReport(
        run=runs[-1], runs=tuple(runs), passes=tuple(passes), totals=totals, jobs=tuple(jobs), failures=told
    )


def waiting_jobs(rules: RuleSet, asked: Iterable[tuple[InputName, Sequence[str]]]) -> list[JobSummary]:
    """Jobs, by input, of which nothing was made yet."""
    return [
        JobSummary(
            job=name, class_name=source.class_name, k=source.k, rule=rule.name, label=rule.label, state="waiting"
        )
        for source, names in asked
        for name in names
        for rule in [rules.rule(name.removeprefix(f"{source}_"))]
    ]


def write_report(library: Path, report: PipelineReport) -> None:
    """Replace the report in one step.

    Raises:
        DiskFullError, OutputError: it cannot be written.
    """
    write_document(library / REPORT_FILE, report)


def _of_manifest(manifest: Manifest) -> JobSummary:
    counts, (rule, *_) = manifest.counts, manifest.rules
    done = manifest.state is State.DONE
    seconds = manifest.transform_seconds
    return JobSummary(
        job=manifest.job,
        class_name=manifest.class_name,
        k=manifest.k,
        rule=rule.name,
        label=rule.label,
        state=manifest.state.value,
        parents=counts.parents,
        matched=counts.matched,
        sites=counts.sites,
        products=counts.products,
        unique=counts.unique,
        duplicates=counts.products - counts.unique if done else 0,
        rejects=counts.rejects,
        left_out=counts.left_out,
        transform_seconds=seconds,
        dedup_seconds=manifest.dedup_seconds,
        products_per_second=rate_of(counts.products, seconds),
        peak_memory=manifest.peak_memory,
        checksum=manifest.checksum,
        adopted_from=manifest.adopted_from,
    )


def read_report(library: Path) -> PipelineReport | None:
    """The report that the newest run left; None where there is none, or it is damaged.

    Raises:
        NewerVersionError: a newer halodb wrote it.
    """
    return read_whole_document(library / REPORT_FILE, PipelineReport)
