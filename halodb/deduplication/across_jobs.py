"""`halodb dedup --across-jobs`: the distinct products of the whole library, at any size within any budget."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import rdkit

from halodb.engine import connect, limit_of, run_statement, spill_prefix
from halodb.errors import HalodbWarning, InputError, LibraryError
from halodb.files import short_digest, whole_file
from halodb.inputs.input import PRODUCTS_FILE, open_parquet, read_footer
from halodb.jobs import Manifest, load_manifests, writing
from halodb.jobs.select import check_is_library, choose_jobs
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, parse_budget

DISTINCT_FILE = "distinct_products.parquet"
DISTINCT_SCHEMA = pa.schema(
    [
        pa.field("smiles", pa.string()),
        pa.field("jobs", pa.list_(pa.string())),
        pa.field("sources", pa.int64()),  # in all jobs; null where none tells
    ]
)

_MOST_JOBS = 512  # bits in sql/across_jobs.sql
_BYTES_A_ROW = 64
"""Of DuckDB's memory for each row of a range; measured with SMILES of 96 characters: 42 just suffice, 7 do not."""
_SAMPLE = 100_000
_ROW_GROUP = 30_720
_BATCH = 10_240

_Range = tuple[str | None, str | None]


@dataclass(frozen=True)
class DistinctProducts:
    """The file, how many products are in it, and how many jobs they came from."""

    path: Path
    products: int
    jobs: int


def dedup_across_jobs(
    library: Path | str, *, memory: str | int = DEFAULT_BUDGET, temp_directory: Path | str | None = None
) -> DistinctProducts:
    """Write `distinct_products.parquet`: smiles, the jobs it came from, and its sources in all of them.

    The products are cut into ranges of SMILES that memory holds, and the results read once a range. So memory does not
    grow with the library, and the file is the same within any budget: in the order of the SMILES.

    Args:
        library: directory of the library.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.

    Raises:
        LibraryError: no library there, it is in use, no job is done, or more than 512 are.
        DiskFullError, OutputError: no room to spill or to write, or no permission.

    Example:
        >>> halodb.dedup_across_jobs("library").products  # doctest: +SKIP
    """
    library = Path(library)
    check_is_library(library)
    target = library / DISTINCT_FILE
    held = parse_budget(memory)
    with writing(library), connect(library, held, temp_directory) as connection:
        done = _finished(library)
        results = {"results": [library / manifest.job / PRODUCTS_FILE for manifest in done]}
        rows = sum(manifest.counts.unique for manifest in done)
        names = [manifest.job for manifest in done]
        schema = DISTINCT_SCHEMA.with_metadata({"halodb.rdkit": rdkit.__version__, "halodb.results": state_of(done)})
        ranges = _ranges(connection, results, rows, limit_of(connection))
        found = _products(connection, results, names, ranges, Path(temp_directory or library))
        products = 0
        with whole_file(target) as output, pq.ParquetWriter(output, schema, compression="zstd") as writer:
            for table in _row_groups(found, schema):
                writer.write_table(table, _ROW_GROUP)
                products += table.num_rows
    return DistinctProducts(target, products, len(done))


def warn_if_outdated(library: Path) -> None:
    """Say so where the distinct products were made before one of the results was, or of other jobs."""
    target = library / DISTINCT_FILE
    if not target.exists():
        return
    done = [manifest for manifest in load_manifests(library) if manifest.state is State.DONE and not manifest.pooled]
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


def _finished(library: Path) -> list[Manifest]:
    done = [manifest for manifest in choose_jobs(library) if manifest.state is State.DONE and not manifest.pooled]
    if not done:
        raise LibraryError(f"no job of {library} is done.", "Run `halodb dedup` without --across-jobs first.")
    if len(done) > _MOST_JOBS:
        raise LibraryError(f"{library} has {len(done)} jobs, more than {_MOST_JOBS}.", "Keep fewer in one library.")
    return done


def _products(
    connection: duckdb.DuckDBPyConnection,
    results: dict[str, list[Path]],
    jobs: list[str],
    ranges: list[_Range],
    place: Path,
) -> Iterator[pa.RecordBatch]:
    """The distinct products in the order of their SMILES, range after range."""
    for first, after in ranges:
        with tempfile.TemporaryDirectory(prefix=spill_prefix(), dir=place) as directory:
            grouped, part = Path(directory) / "grouped.parquet", Path(directory) / "part.parquet"
            # One statement for each step: together they would hold what each needs.
            run_statement(connection, "across_jobs_grouped", {**results, "from": first, "to": after, "output": grouped})
            run_statement(connection, "across_jobs_sets", {"grouped": grouped, "jobs": jobs})
            run_statement(connection, "across_jobs", {"grouped": grouped, "output": part})
            with open_parquet(part) as file:
                yield from file.iter_batches(_BATCH, use_threads=False)


def _ranges(
    connection: duckdb.DuckDBPyConnection, results: dict[str, list[Path]], rows: int, limit: int
) -> list[_Range]:
    count = -(-rows * _BYTES_A_ROW // limit)
    if count <= 1:
        return [(None, None)]
    step = max(1, rows // max(_SAMPLE, 100 * count))
    sample = [
        smiles for (smiles,) in run_statement(connection, "across_jobs_ranges", {**results, "step": step}).fetchall()
    ]
    cuts = sorted({sample[len(sample) * number // count] for number in range(1, count)})
    return list(zip([None, *cuts], [*cuts, None], strict=True))


def _row_groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows in groups of the same size, wherever the ranges end, so that the file does not depend on them."""
    held: Sequence[pa.RecordBatch] = []
    for batch in batches:
        held = [*held, batch.cast(schema)]
        if sum(each.num_rows for each in held) >= _ROW_GROUP:
            table = pa.Table.from_batches(held, schema)
            yield table.slice(0, _ROW_GROUP).combine_chunks()
            held = table.slice(_ROW_GROUP).to_batches()
    if held:
        yield pa.Table.from_batches(held, schema).combine_chunks()
