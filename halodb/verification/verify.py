"""`halodb verify`: every job of a library, whatever is wrong with the others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from halodb.deduplication.across_jobs import warn_if_outdated
from halodb.engine import connect
from halodb.errors import LibraryError
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import JobDirectory, job_directories
from halodb.jobs.manifest import MANIFEST_FILE
from halodb.jobs.select import check_is_library, pick
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, parse_budget
from halodb.verification.coverage import coverage_problems
from halodb.verification.job import SAMPLE, verify_job
from halodb.workers.listener import SILENT, Listener


class JobVerdict(BaseModel):
    """A job, the state its manifest tells (None where it cannot be read), its products, and what is wrong with it."""

    model_config = ConfigDict(frozen=True)

    job: str
    state: State | None
    products: int
    problems: tuple[str, ...]


class VerifyReport(BaseModel):
    """What a verification found, by job; seconds of wall time."""

    model_config = ConfigDict(frozen=True)

    library: str
    jobs: tuple[JobVerdict, ...]
    seconds: float

    @property
    def wrong(self) -> list[JobVerdict]:
        """The jobs with which something is wrong."""
        return [job for job in self.jobs if job.problems]

    @property
    def unfinished(self) -> list[JobVerdict]:
        """The jobs that are not done yet, which is nothing wrong."""
        return [job for job in self.jobs if not job.problems and job.state is not State.DONE]


def verify(
    library: Path | str,
    *,
    jobs: Sequence[str] = (),
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    sample: int = SAMPLE,
    listener: Listener = SILENT,
) -> VerifyReport:
    """Read every result to its last row group and hold it against its manifest.

    Checked are the columns, the number of rows, the metadata, a checksum of all values (whatever their order), that
    every key is there once and that a sample of the keys is canonical; of the rejects the same as far as it applies.
    What is wrong is told, not raised, and nothing is changed.

    Args:
        library: directory of the library.
        jobs: names of jobs, or patterns such as `polyphenol-*`; all by default.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        sample: how many keys of each job RDKit reads and writes again, evenly spaced; 0 for none.
        listener: told the verdict on each job.

    Raises:
        UsageError: an unknown job, or a budget that cannot be understood.
        LibraryError: no library there, or no job in it.
        DiskFullError, QueryError: no room to spill, or not enough memory.

    Example:
        >>> halodb.verify("library").wrong  # doctest: +SKIP
    """
    library = Path(library)
    started, held = time.monotonic(), parse_budget(memory)
    check_is_library(library)
    directories = {job.name: job for job in job_directories(library)}
    if not directories:
        raise LibraryError(f"{library} holds no job.", "Give the directory that `halodb transform` wrote to.")
    verdicts = []
    for name in pick(directories, jobs, library):
        verdicts.append(_verdict(directories[name], held, temp_directory, sample))
        listener.result(verdicts[-1])
    warn_if_outdated(library)
    return VerifyReport(library=str(library), jobs=tuple(verdicts), seconds=round(time.monotonic() - started, 3))


def _verdict(job: JobDirectory, memory: int, temp_directory: Path | str | None, sample: int) -> JobVerdict:
    manifest = job.manifest
    if manifest is None:
        what = f"{job.path}: it has a {PRODUCTS_FILE} and no {MANIFEST_FILE}, so no query sees it"
        return JobVerdict(job=job.name, state=None, products=0, problems=(what,))
    if isinstance(manifest, LibraryError):
        return JobVerdict(job=job.name, state=None, products=0, problems=(manifest.message.rstrip("."),))
    # A connection each: what DuckDB cannot recover from in one file must not speak of the next.
    with connect(job.path.parent, memory, temp_directory) as connection:
        problems = verify_job(manifest, job.path.parent, connection, sample=sample, reread=True)
        problems += coverage_problems(manifest, job.path.parent)
    return JobVerdict(job=job.name, state=manifest.state, products=manifest.counts.unique, problems=tuple(problems))
