"""`halodb dedup --across-jobs`: the distinct products of the whole library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import rdkit

from halodb.engine import connect, run_statement
from halodb.errors import LibraryError
from halodb.files import whole_file
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import State, writing
from halodb.jobs.relation import constant, union_of_files
from halodb.jobs.select import check_is_library, choose_jobs
from halodb.memory import DEFAULT_BUDGET

DISTINCT_FILE = "distinct_products.parquet"
_MOST_JOBS = 512  # bits in sql/across_jobs.sql


@dataclass(frozen=True)
class DistinctProducts:
    """The file, how many products are in it, and how many jobs they came from."""

    path: Path
    products: int
    jobs: int


def dedup_across_jobs(
    library: Path | str, *, memory: str = DEFAULT_BUDGET, temp_directory: Path | str | None = None
) -> DistinctProducts:
    """Write `distinct_products.parquet`: smiles, the jobs it came from, and its sources in all of them.

    Args:
        library: directory of the library.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.

    Raises:
        LibraryError: no library there, it is in use, no job is done, or more than 512 are.
        DiskFullError, OutputError: no room to spill or to write, or no permission.
    """
    library = Path(library)
    check_is_library(library)
    target = library / DISTINCT_FILE
    with writing(library), connect(library, memory, temp_directory) as connection:
        done = [manifest for manifest in choose_jobs(library) if manifest.state is State.DONE and not manifest.pooled]
        if len(done) > _MOST_JOBS:
            raise LibraryError(f"{library} has {len(done)} jobs, more than {_MOST_JOBS}.", "Keep fewer in one library.")
        products = union_of_files(
            connection,
            library,
            done,
            PRODUCTS_FILE,
            lambda number, _: ["smiles", "sources", constant(number, "INTEGER").alias("job_number")],
        )
        if products is None:
            raise LibraryError(f"no job of {library} is done.", "Run `halodb dedup` without --across-jobs first.")
        products.create_view("job_products")
        with whole_file(target) as output:
            names = [manifest.job for manifest in done]
            parameters = {"jobs": names, "output": output, "rdkit": rdkit.__version__}
            row = run_statement(connection, "across_jobs", parameters).fetchone()
    return DistinctProducts(target, int(row[0]) if row else 0, len(done))
