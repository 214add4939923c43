"""`halodb verify`: every job of a library, whatever is wrong with the others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from halodb.deduplication.across_jobs import warn_if_outdated
from halodb.errors import LibraryError
from halodb.jobs import JobDirectory, Manifest, job_directories
from halodb.jobs.select import check_is_library, pick
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, parse_budget
from halodb.verification.together import Case, judge_all
from halodb.verification.verdict import JobVerdict
from halodb.workers.listener import SILENT, Listener

SAMPLE = 5000
"""Keys of a library that RDKit reads and writes again: 1.5 s of one core."""

_LEAST_OF_A_JOB = 10


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
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    sample: int = SAMPLE,
    listener: Listener = SILENT,
) -> VerifyReport:
    """Read every result to its last row group and hold it against its manifest.

    Checked are the bytes, the columns, the number of rows, the metadata, a checksum of all values (whatever their
    order), that every key is there once and that a sample of the keys is canonical; of the rejects the same as far as
    it applies. What is wrong is told, not raised, and nothing is changed.

    Whatever happened to a file after it was written, its bytes and its checksum tell, in every row. The sample tells
    what was wrong when it was written: 5,000 keys miss what concerns one key in 1,000 less than once in 100 times, the
    10 of the smallest job what concerns half of its keys once in 1,000 times.

    Args:
        library: directory of the library.
        jobs: names of jobs, or patterns such as `polyphenol-*`; all by default.
        workers: processes; the machine's cores by default. The report does not depend on it.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        sample: how many keys of all jobs together RDKit reads and writes again, shared out by their rows, 10 of a job
            at the least, evenly spaced; 0 for none.
        listener: told the verdict on each job, in their order, and how many were judged.

    Raises:
        UsageError: an unknown job, or a budget that cannot be understood.
        LibraryError: no library there, or no job in it.
        DiskFullError, QueryError: no room to spill, or not enough memory.

    Example:
        >>> halodb.verify("library").wrong  # doctest: +SKIP
    """
    library = Path(library)
    started, held = time.monotonic(), parse_budget(memory)
    check_is_library(library, inputs_too=True)
    directories = {job.name: job for job in job_directories(library)}
    if not directories:
        raise LibraryError(f"{library} holds no job.", "Give the directory that `halodb transform` wrote to.")
    cases = shared_out([directories[name] for name in pick(directories, jobs, library)], sample)
    verdicts = []
    for verdict in judge_all(cases, workers=workers, memory=held, temp_directory=temp_directory, listener=listener):
        verdicts.append(verdict)
        listener.result(verdict)
    warn_if_outdated(library)
    return VerifyReport(library=str(library), jobs=tuple(verdicts), seconds=round(time.monotonic() - started, 3))


def shared_out(jobs: Sequence[JobDirectory], sample: int) -> list[Case]:
    """The jobs, each with its share of the keys that are looked at."""
    rows = [_rows(job) for job in jobs]
    total = max(1, sum(rows))
    shares = [max(_LEAST_OF_A_JOB, -(-sample * count // total)) if sample else 0 for count in rows]
    return [Case(job, count, share) for job, count, share in zip(jobs, rows, shares, strict=True)]


def _rows(job: JobDirectory) -> int:
    """Rows of its result, where it has one."""
    if isinstance(job.manifest, Manifest) and job.manifest.state is State.DONE:
        return job.manifest.counts.unique
    return 0
