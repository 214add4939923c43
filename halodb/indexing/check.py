"""Whether an index holds what it should."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from halodb.chemistry.facts import facts_of
from halodb.indexing.columns import FACT_COLUMNS, INDEX_SCHEMA, columns_of
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.inputs.slices import read_rows, texts_of
from halodb.jobs import Manifest
from halodb.jobs.indexed import problem_of_index
from halodb.jobs.job import INDEX_FILE

_SAMPLE = 8
"""Rows of an index that RDKit computes again: 10 ms."""


def index_problems(manifest: Manifest, library: Path) -> Iterator[str]:
    """What is wrong with the index of a finished job, as sentences without their end; nothing where it has none.

    Looked at are its bytes, its columns and rows, and of some rows that they are those of the result and that RDKit
    still says the same of them.

    Raises:
        InputError: a file is damaged.
    """
    if problem := problem_of_index(manifest, library):
        yield f"it {problem}"
        return
    if manifest.index is None:
        return
    job = library / manifest.job
    if not manifest.index.file.is_whole(job):
        yield "its bytes are not those that were written"
        return
    rows, schema, _ = read_footer(job / INDEX_FILE)
    if rows != manifest.counts.unique or schema.names != INDEX_SCHEMA.names:
        yield f"it has {rows:,} rows and {len(schema.names)} columns instead of {manifest.counts.unique:,} and " + str(
            len(INDEX_SCHEMA.names)
        )
        return
    for row in range(0, rows, max(1, rows // _SAMPLE)):
        yield from _row_problems(job, row)


def _row_problems(job: Path, row: int) -> Iterator[str]:
    (result,) = read_rows(job / PRODUCTS_FILE, row, row + 1, ["smiles"])
    names = ["smiles", *(name for name, _ in FACT_COLUMNS)]
    (noted,) = read_rows(job / INDEX_FILE, row, row + 1, names)
    (smiles,) = texts_of(result.column("smiles"), errors="backslashreplace")
    if smiles != noted.column("smiles")[0].as_py():
        yield f"row {row} is another product than in the result"
        return
    told = [column[0].as_py() for column in columns_of([facts_of(smiles) if smiles else None])]
    differing = [
        name for (name, _), value in zip(FACT_COLUMNS, told, strict=True) if noted.column(name)[0].as_py() != value
    ]
    if differing and noted.column(names[1])[0].as_py() is not None:  # where it notes nothing, RDKit is asked
        yield f"row {row} differs from what RDKit says now in {', '.join(differing)}"
