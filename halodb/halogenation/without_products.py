"""Parents that gave nothing: listed in a file, with the reason, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from halodb.deduplication.row_groups import write_rows
from halodb.engine import rows_of_statement
from halodb.files import whole_file
from halodb.inputs import Input
from halodb.jobs import Job

WITHOUT_PRODUCTS_FILE = "parents_without_products.parquet"
NO_RULE = "no rule is in scope of the class"

_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("class", pa.string(), nullable=False),
        pa.field("k", pa.int8(), nullable=False),  # of the parent: 0 for those of the file
        pa.field("parent_row", pa.int64(), nullable=False),  # row of the input <class>-<k>X
        pa.field("name", pa.string()),  # null from k = 1 on
        pa.field("smiles", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
_BATCH = 10_000

Reasons = dict[str, dict[str, int]]
"""Of an input, by its name, how many of its parents gave nothing, by reason."""


@dataclass(frozen=True)
class Halogenated:
    """One step of a class: an input, and the job that halogenated it; None where no rule is in scope."""

    parents: Input
    job: Job | None


def list_without_products(output: Path, steps: Iterable[Halogenated], connection: duckdb.DuckDBPyConnection) -> Reasons:
    """Write `parents_without_products.parquet` and count what is in it.

    Args:
        output: directory of the inputs.
        steps: all that was done.
        connection: DuckDB.

    Returns:
        Counts by input and by the part of the reason before a colon; inputs of which each parent gave something are not
        there.

    Raises:
        InputError, OutputError, DiskFullError: a file cannot be read or written.
    """
    counted: dict[str, Counter[str]] = {}
    with whole_file(output / WITHOUT_PRODUCTS_FILE) as temporary:
        write_rows(temporary, _SCHEMA, _rows(steps, connection, counted), ["class", "k", "reason"])
    return {name: dict(sorted(counts.items())) for name, counts in counted.items()}


def _rows(
    steps: Iterable[Halogenated], connection: duckdb.DuckDBPyConnection, counted: dict[str, Counter[str]]
) -> Iterator[pa.RecordBatch]:
    for step in steps:
        name, job = step.parents.name, step.job
        asked: dict[str, object] = {"class": name.class_name, "k": name.k, "parents": step.parents.path}
        if job is None:
            statement, asked["reason"] = "parents_of_no_rule", NO_RULE
        else:
            statement, asked["rejects"] = "parents_without_products", job.rejects
            if name.k:  # their names are those of the parents that they were made of
                statement = "rows_without_products"
                del asked["parents"]
        for batch in rows_of_statement(connection, statement, asked, _BATCH):
            if batch.num_rows:
                reasons = counted.setdefault(str(name), Counter())
                reasons.update(str(reason).partition(":")[0] for reason in batch.column("reason").to_pylist())
                yield batch.cast(_SCHEMA)
