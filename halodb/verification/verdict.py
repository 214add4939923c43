"""The verdict on one job after another, whatever is wrong with any of them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import duckdb
from pydantic import BaseModel, ConfigDict

from halodb.engine import connect
from halodb.errors import LibraryError
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import JobDirectory
from halodb.jobs.manifest import MANIFEST_FILE
from halodb.jobs.state import State
from halodb.verification.coverage import coverage_problems
from halodb.verification.job import verify_job


class JobVerdict(BaseModel):
    """A job, the state its manifest tells (None where it cannot be read), its products, and what is wrong with it."""

    model_config = ConfigDict(frozen=True)

    job: str
    state: State | None
    products: int
    problems: tuple[str, ...]


class Judge:
    """Judges jobs on one connection of DuckDB, as long as its `with` block lasts.

    Args:
        memory: budget of this process, in bytes.
        threads: of DuckDB.
        temp_directory: where DuckDB spills; in the library by default.
    """

    def __init__(self, memory: int, threads: int | None, temp_directory: Path | str | None) -> None:
        self._memory, self._threads, self._temp_directory = memory, threads, temp_directory
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def judge(self, job: JobDirectory, sample: int) -> JobVerdict:
        """What is wrong with a job.

        Args:
            sample: how many of its keys RDKit reads and writes again.
        """
        manifest = job.manifest
        if manifest is None:
            what = f"{job.path}: it has a {PRODUCTS_FILE} and no {MANIFEST_FILE}, so no query sees it"
            return JobVerdict(job=job.name, state=None, products=0, problems=(what,))
        if isinstance(manifest, LibraryError):
            return JobVerdict(job=job.name, state=None, products=0, problems=(manifest.message.rstrip("."),))
        library = job.path.parent
        if self._connection is None:
            self._connection = connect(library, self._memory, self._temp_directory, threads=self._threads)
        problems = verify_job(manifest, library, self._connection, sample=sample, reread=True)
        problems += coverage_problems(manifest, library)
        if problems:  # what DuckDB cannot recover from in one file must not speak of the next
            self._close()
        return JobVerdict(job=job.name, state=manifest.state, products=manifest.counts.unique, problems=tuple(problems))

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
