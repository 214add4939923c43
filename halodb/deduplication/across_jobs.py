"""`halodb dedup --across-jobs`: the distinct products of the whole library, at any size within any budget."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import rdkit

from halodb.cluster import check_cluster, executor_of, shared_path
from halodb.deduplication.kept import kept_rows
from halodb.deduplication.partitioned import finder_on
from halodb.deduplication.repeats import Finder, Rows, find_repeats
from halodb.deduplication.row_groups import write_rows
from halodb.engine import connect, run_statement, working_directory
from halodb.errors import HalodbWarning, InputError, LibraryError
from halodb.files import short_digest, whole_file
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.jobs import Manifest, load_manifests, writing
from halodb.jobs.select import check_is_library, choose_jobs
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.workers.listener import SILENT, Listener

DISTINCT_FILE = "distinct_products.parquet"
DISTINCT_SCHEMA = pa.schema(
    [
        pa.field("smiles", pa.string()),
        pa.field("jobs", pa.list_(pa.string())),
        pa.field("sources", pa.int64()),  # in all jobs; null where none tells
    ]
)

_NAMES_OF_JOBS = "jobs.list.element"  # as Parquet calls the column
_MOST_JOBS = 512  # bits in sql/dedup/repeats_across_jobs.sql


@dataclass(frozen=True)
class DistinctProducts:
    """The file, how many products are in it, and how many jobs they came from."""

    path: Path
    products: int
    jobs: int


def dedup_across_jobs(
    library: Path | str,
    *,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    cluster: str | None = None,
    listener: Listener = SILENT,
) -> DistinctProducts:
    """Write `distinct_products.parquet`: smiles, the jobs it came from, and its sources in all of them.

    A product stands where it first occurs, in the order of the jobs' names and of their rows. Memory does not grow with
    the library, and the file is the same within any budget.

    Args:
        library: directory of the library.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        cluster: where repeats are found, in parts of the hashes, if not here: see `run`. Files between the steps are in
            the library then.
        listener: told what the cluster has to say.

    Raises:
        LibraryError: no library there, it is in use, no job is done, or more than 512 are.
        DiskFullError, OutputError: no room to spill or to write, or no permission.

    Example:
        >>> halodb.dedup_across_jobs("library").products  # doctest: +SKIP
    """
    check_cluster(cluster)
    library, spill = shared_path(library, cluster), shared_path(temp_directory, cluster) if temp_directory else None
    check_is_library(library)
    target = library / DISTINCT_FILE
    held = parse_budget(memory)
    with (
        writing(library),
        connect(library, held, spill) as connection,
        finder_of(cluster, held, library, spill, listener) as find,
    ):
        done = _finished(library)
        results = Rows(
            tuple(library / manifest.job / PRODUCTS_FILE for manifest in done),
            tuple(manifest.counts.unique for manifest in done),
        )
        names = [manifest.job for manifest in done]
        schema = DISTINCT_SCHEMA.with_metadata({"halodb.rdkit": rdkit.__version__, "halodb.results": state_of(done)})
        with whole_file(target) as output, working_directory(connection) as directory:
            found = find(connection, results, directory, "dedup/repeats_across_jobs")
            run_statement(connection, "dedup/job_sets", {"repeats": found, "jobs": names})
            repeats = directory / "repeats.parquet"
            run_statement(connection, "dedup/repeats_across_jobs_in_order", {"repeats": found, "output": repeats})
            sets = connection.execute("SELECT jobs FROM job_sets ORDER BY number").fetchall()
            jobs = pa.array([*([name] for name in names), *(each for (each,) in sets)], pa.list_(pa.string()))
            products = write_rows(output, schema, _products(results, repeats, jobs), [_NAMES_OF_JOBS])
    return DistinctProducts(target, products, len(done))


@contextlib.contextmanager
def finder_of(
    cluster: str | None, memory: int, library: Path, temp_directory: Path | None, listener: Listener
) -> Iterator[Finder]:
    """What finds repeats: DuckDB here, or the workers of a cluster."""
    if cluster is None:
        yield find_repeats
        return
    with (
        MemoryMeter() as meter,
        executor_of(cluster, meter, None, memory, library, listener) as executor,
        finder_on(executor, library, temp_directory) as finder,
    ):
        yield finder


def _products(results: Rows, repeats: Path, jobs: pa.Array[Any]) -> Iterator[pa.RecordBatch]:
    """The distinct products.

    Args:
        results: of the jobs.
        repeats: see `kept_rows`.
        jobs: the names of each job alone, then of the sets of jobs.
    """
    for kept in kept_rows(results, ["smiles", "sources"], repeats):
        sources = kept.rows.column("sources").cast(pa.int64())
        origin = pa.array(np.full(kept.rows.num_rows, kept.file))
        yield pa.RecordBatch.from_arrays(
            [
                kept.rows.column("smiles"),
                pc.take(jobs, kept.with_told(origin, "job_set")),
                kept.with_told(sources, "sources"),
            ],
            schema=DISTINCT_SCHEMA,
        )


def warn_if_outdated(library: Path) -> None:
    """Say so where the distinct products were made before one of the results was, or of other jobs."""
    target = library / DISTINCT_FILE
    if not target.exists():
        return
    done = _done(load_manifests(library))
    try:
        made_of = read_footer(target).metadata.get("halodb.results")
    except InputError as error:
        warnings.warn(error.message, HalodbWarning, stacklevel=2)
        return
    if made_of != state_of(done):
        told = f"{target} is of an earlier state of the library; `halodb dedup --across-jobs` makes it anew."
        warnings.warn(told, HalodbWarning, stacklevel=2)


def state_of(manifests: Iterable[Manifest]) -> str:
    """Digest of the results of jobs: `distinct_products.parquet` has it of those that it was made of."""
    return short_digest(*sorted(f"{manifest.job} {manifest.checksum}" for manifest in manifests))


def _done(manifests: Iterable[Manifest]) -> list[Manifest]:
    """The jobs whose results count among the distinct products."""
    return [manifest for manifest in manifests if manifest.state is State.DONE and not manifest.pooled]


def _finished(library: Path) -> list[Manifest]:
    done = _done(choose_jobs(library))
    if not done:
        raise LibraryError(f"no job of {library} is done.", "Run `halodb dedup` without --across-jobs first.")
    if len(done) > _MOST_JOBS:
        raise LibraryError(f"{library} has {len(done)} jobs, more than {_MOST_JOBS}.", "Keep fewer in one library.")
    return done
