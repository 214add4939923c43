"""What a pass would make and take, from a sample of its input that goes the way of the pass itself."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.engine import connect, run_statement, spill_prefix
from halodb.inputs import Input, open_input
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Job
from halodb.transformation import Limits, run_pass
from halodb.workers.governor import WorkerBudget

_RUNS = 128
_RUN = 16
"""Rows side by side, as a pass reads them: those that differ in their halogen alone, often four in a row, are made but
once. The number of products of a parent scatters by about its mean, so the sum over 512 of such fours by about 5 %;
runs that begin in the middle of a four make the time come out some 15 % too long."""

_GOLDEN_RATIO = 0.6180339887498949
"""Its multiples, less their whole parts, spread evenly (Weyl's sequence)."""


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
        core_seconds: time of one core for the whole pass.
        jobs: by name of the job.
    """

    sampled: int
    core_seconds: float
    jobs: dict[str, JobEstimate]


def estimate_pass(jobs: Sequence[Job], budget: WorkerBudget, limits: Limits) -> PassEstimate:
    """Run up to 2,048 parents, in evenly spaced runs, through a temporary library, and scale up what they gave.

    Raises:
        InputError: the input is damaged where it was looked at.
        DiskFullError, OutputError: the directory for temporary files cannot be written to.
    """
    source = jobs[0].input
    with tempfile.TemporaryDirectory(prefix=spill_prefix(), ignore_cleanup_errors=True) as name:
        library = Path(name)
        sample = _sample(source, library / str(source.name) / PRODUCTS_FILE, budget)
        trial = [replace(job, directory=library / job.name, input=sample) for job in jobs]
        report = run_pass(trial, library, budget=budget, limits=limits)
        scale = source.rows / sample.rows
        return PassEstimate(
            sampled=sample.rows,
            core_seconds=round((report.worker_seconds - report.writing_seconds) * scale, 3),
            jobs={
                job.name: JobEstimate(
                    products=round(manifest.counts.products * scale),
                    bytes=round(_compressed_bytes(job) * scale),
                )
                for job, manifest in zip(trial, report.jobs, strict=True)
            },
        )


def _sample(source: Input, file: Path, budget: WorkerBudget) -> Input:
    """Some parents side by side of each of 128 equal parts of the rows, as an input of their own; all where few."""
    part = source.rows / _RUNS
    # Not the same place in each part, for parents may follow a pattern.
    starts = [int(number * part + (part - _RUN) * (number * _GOLDEN_RATIO % 1)) for number in range(_RUNS)]
    rows = [start + place for start in starts for place in range(_RUN)] if part > _RUN else list(range(source.rows))
    file.parent.mkdir()
    with connect(file.parent, budget.bytes) as connection:
        parameters = {"input": source.path, "rows": rows, "output": file, "rdkit": source.canonical_by or ""}
        run_statement(connection, "sample", parameters)
    return open_input(file, str(source.name))


def _compressed_bytes(job: Job) -> int:
    """Size of the sample's products as one shard: a shard of three rows is all footer."""
    tables = [
        pq.ParquetFile(path).read() for path in sorted(job.shards.glob("*.parquet")) if ".rejects." not in path.name
    ]
    if not tables:
        return 0
    sink = io.BytesIO()
    pq.write_table(pa.concat_tables(tables), sink, compression="zstd", use_dictionary=False)
    return sink.tell()
