"""The views of a library."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from duckdb import ColumnExpression, DuckDBPyConnection, DuckDBPyRelation

from halodb.engine import run_statement, translated_errors
from halodb.errors import HalodbWarning
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Manifest
from halodb.jobs.index_columns import MORGAN, NUMBERS, SCREEN
from halodb.jobs.indexed import indexed_jobs
from halodb.jobs.job import INDEX_FILE, REJECTS_FILE
from halodb.jobs.manifest import MANIFEST_FILE
from halodb.jobs.relation import Columns, constant, union_of_files
from halodb.jobs.state import State
from halodb.library.confined import is_inside
from halodb.library.inputs import InputFile, find_inputs
from halodb.library.parents import Parents
from halodb.readers import literal, read_parquet

VIEWS = ("products", "derivations", "parents", "origins", "jobs", "rules", "inputs", "rejects")


_OF_PRODUCTS = re.compile(r"\b(products|derivations)\b", re.IGNORECASE)

_IN_ORDER = ("products", "jobs", "rules", "derivations", "origins")
_WITH_INDEX = ("internal/indexed_products", "internal/indexed_derivations")


def names_products(text: str) -> bool:
    """Whether SQL names a view of products.

    >>> names_products("SELECT smiles FROM Derivations"), names_products("SELECT smiles FROM parents")
    (True, False)
    """
    return _OF_PRODUCTS.search(text) is not None


def create_views(
    connection: DuckDBPyConnection, library: Path, manifests: Sequence[Manifest], *, inside: bool = False
) -> list[Path]:
    """Make the views of `VIEWS` on a connection.

    Args:
        connection: DuckDB.
        library: the directory.
        manifests: of the jobs.
        inside: leave out the inputs that are not in the library's directory.

    Returns:
        The files that the views read.
    """
    paths = [library / manifest.job / MANIFEST_FILE for manifest in manifests]
    connection.execute("SET VARIABLE manifests = $paths", {"paths": [literal(path) for path in paths]})
    with translated_errors(connection):
        connection.execute("CREATE SCHEMA internal")
        run_statement(connection, "views/internal/product_id")
        _create(
            connection,
            "internal.product_rows",
            union_of_files(
                connection, library, manifests, PRODUCTS_FILE, (*_OF_JOB, *_OF_PRODUCT, _ROW), _product_columns
            ),
        )
        indexed = indexed_jobs(manifests, library)
        if indexed:
            _create(connection, "internal.indexed_rows", _indexed_rows(connection, library, manifests, indexed))
        _create(
            connection,
            "rejects",
            union_of_files(
                connection, library, manifests, REJECTS_FILE, ["job", "class", "k", *_of_reject()], _reject_columns
            ),
        )
        inputs = find_inputs(library, manifests)
        _create_inputs(connection, inputs)
        parents = [file for file in inputs if file.present and (not inside or is_inside(file.path, library))]
        _create_parents(connection, parents)
    for name in (*_IN_ORDER, *(_WITH_INDEX if indexed else ())):
        run_statement(connection, f"views/{name}")
    outside = [f"{file.class_name}-{file.k}X" for file in inputs if file.present and file not in parents]
    if outside:
        told = f"{', '.join(outside)} lie outside of the library and are left out of parents, derivations and origins."
        warnings.warn(told, HalodbWarning, stacklevel=3)
    done = [library / manifest.job for manifest in manifests if manifest.state is State.DONE]
    results = [job / name for job in done for name in (PRODUCTS_FILE, REJECTS_FILE)]
    indexes = [library / manifest.job / INDEX_FILE for manifest in indexed]
    return [*paths, *results, *indexes, *(file.path for file in parents)]


def _create(connection: DuckDBPyConnection, name: str, relation: DuckDBPyRelation | None) -> None:
    """Make a view of a relation, or one with the same columns and no rows where there is no file yet."""
    if relation is None:
        run_statement(connection, f"views/no_{name.rpartition('.')[2]}")
        return
    schema, _, view = name.rpartition(".")
    if schema:
        connection.execute("SET schema = $schema", {"schema": schema})
    relation.create_view(view)
    if schema:
        connection.execute("RESET schema")


_OF_JOB = ("class", "k", "rule", "family", "label")
_OF_PRODUCT = ("smiles", "parent_row", "site", "sources")
_ROW = ColumnExpression("file_row_number").alias("row")


def _product_columns(manifest: Manifest) -> Columns:
    rule = None if manifest.pooled else manifest.rules[0]
    return [
        constant(manifest.class_name, "VARCHAR").alias("class"),
        constant(manifest.k, "TINYINT").alias("k"),
        ColumnExpression("rule") if rule is None else constant(rule.name, "VARCHAR").alias("rule"),
        constant(rule and rule.family, "VARCHAR").alias("family"),
        constant(rule and rule.label, "VARCHAR").alias("label"),
        *_OF_PRODUCT,
        _ROW,
    ]


_OF_INDEX = {**dict.fromkeys((*SCREEN, *MORGAN), "UBIGINT"), **NUMBERS, "inchikey": "VARCHAR"}


def _indexed_rows(
    connection: DuckDBPyConnection, library: Path, manifests: Sequence[Manifest], indexed: Sequence[Manifest]
) -> DuckDBPyRelation:
    """The rows of `product_rows` with what their index tells, null where they have none; some job has one."""
    with_index = {manifest.job for manifest in indexed}
    rest = [manifest for manifest in manifests if manifest.job not in with_index]
    columns = (*_OF_JOB, *_OF_PRODUCT, _ROW)
    without = union_of_files(connection, library, rest, PRODUCTS_FILE, columns, _product_columns)
    rows = read_parquet(connection, *(library / job / INDEX_FILE for job in sorted(with_index)), row_numbers=True)
    told = [ColumnExpression(name) for name in (*_OF_JOB, *_OF_PRODUCT)]
    found = rows.select(*told, _ROW, *(ColumnExpression(name) for name in _OF_INDEX))
    if without is None:
        return found
    nothing = [constant(None, kind).alias(name) for name, kind in _OF_INDEX.items()]
    return found.union(without.select(*(ColumnExpression(name) for name in without.columns), *nothing))


def _of_reject() -> Columns:
    return ["parent_row", ColumnExpression("smiles").alias("parent_smiles"), "site", "reason"]


def _reject_columns(manifest: Manifest) -> Columns:
    return [constant(manifest.job, "VARCHAR").alias("job"), *_product_columns(manifest)[:2], *_of_reject()]


def _create_parents(connection: DuckDBPyConnection, files: Sequence[InputFile]) -> None:
    """Make `parents`, and what `derivations` and `origins` read of them."""
    parents = Parents(connection, files)
    _create(connection, "internal.parent_rows", parents.rows)
    _create(connection, "internal.root_rows", parents.roots)
    rows, roots = connection.view("internal.parent_rows"), connection.view("internal.root_rows")
    _create(connection, "parents", parents.of_view(rows, roots))
    _create(connection, "internal.parents_of_products", parents.of_derivations(rows, roots))


def _create_inputs(connection: DuckDBPyConnection, inputs: Sequence[InputFile]) -> None:
    run_statement(connection, "views/inputs")
    for file in inputs:
        connection.execute(
            "INSERT INTO inputs VALUES ($class, $k, $path, $rows, $digest, $present)",
            {
                "class": file.class_name,
                "k": file.k,
                "path": str(file.path),
                "rows": file.rows,
                "digest": file.digest,
                "present": file.present,
            },
        )
