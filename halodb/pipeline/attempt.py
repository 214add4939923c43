"""One attempt at a pass: transform, dedup, verify; what fails is told by job and takes nothing else along."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from halodb.deduplication.dedup import Room, run_dedup
from halodb.engine import connect
from halodb.errors import DiskFullError, HalodbError, LibraryError, NewerVersionError
from halodb.jobs import Manifest
from halodb.jobs.state import State
from halodb.jobs.status import JobStatus
from halodb.pipeline.options import RunOptions
from halodb.pipeline.passes import Pass
from halodb.pipeline.report import PassSummary
from halodb.transformation import run_pass
from halodb.verification import verify_job
from halodb.workers.executor import Executor
from halodb.workers.listener import Listener

_LOG = logging.getLogger(__name__)

_SAMPLE = 100
"""Keys of a result that RDKit reads and writes again; `halodb verify` takes more."""

Failures = dict[str, HalodbError]


def attempt(
    one: Pass,
    options: RunOptions,
    executor: Executor,
    summary: PassSummary,
    *,
    listener: Listener,
) -> Failures:
    """Do what is left of a pass and add what it took to its summary; the jobs that could not be done, and why.

    Raises:
        DiskFullError: there is no room; no other pass would find some.
    """
    if one.problem is not None:
        return dict.fromkeys(one.job_names, one.problem)
    failures: Failures = {}
    if not options.replace:
        failures |= {job.name: _foreign(job) for job in one.wanted if job.state is State.FOREIGN}
    failures |= {job.name: _newer(job) for job in one.wanted if job.state is State.NEWER}
    wanted = [job.job for job in one.wanted if job.name not in failures]
    if not wanted:
        return failures
    summary.attempts += 1
    try:
        made = run_pass(
            wanted,
            options.library,
            budget=executor.budget,
            executor=executor,
            limits=options.limits,
            replace=True,
            listener=listener,
        )
    except DiskFullError:
        raise
    except HalodbError as error:
        return failures | dict.fromkeys((job.name for job in wanted), error)
    except OSError as error:
        refused = LibraryError(f"the system refused: {error}.", "Look at the disk and at permissions.")
        return failures | dict.fromkeys((job.name for job in wanted), refused)
    summary.add(made)
    listener.deduplicating()
    return failures | _dedup(f"{one.name}, dedup", made.jobs, options, executor, summary, listener)


def _dedup(
    title: str,
    transformed: tuple[Manifest, ...],
    options: RunOptions,
    executor: Executor,
    summary: PassSummary,
    listener: Listener,
) -> Failures:
    started, budget = time.monotonic(), executor.budget
    with connect(options.library, budget.bytes, options.temp_directory) as connection:
        outcome = run_dedup(
            transformed,
            options.library,
            Room(connection, budget.bytes, budget.meter),
            title=title,
            listener=Listener(progress=listener.progress),
            keep_shards=options.keep_shards,
            check=_problems_of,
            stop_at_failure=False,
            executor=executor,
            temp_directory=options.temp_directory,
        )
    summary.dedup_seconds = round(summary.dedup_seconds + time.monotonic() - started, 3)
    return outcome.failures


def _problems_of(manifest: Manifest, library: Path, connection: duckdb.DuckDBPyConnection) -> Sequence[str]:
    problems = verify_job(manifest, library, connection, sample=_SAMPLE)
    _LOG.info("%s: %s", manifest.job, "; ".join(problems) or "verified")
    return problems


def _newer(job: JobStatus) -> LibraryError:
    return NewerVersionError(f"{job.job.directory} {job.why}.", "Update halodb, or choose another library.")


def _foreign(job: JobStatus) -> LibraryError:
    return LibraryError(
        f"{job.job.directory} {job.why}.", "Take it over with `halodb adopt`, or set it aside with --replace."
    )
