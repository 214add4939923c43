"""One job: its result and its rejects against its manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from halodb.deduplication.content import read_content
from halodb.deduplication.result import schemas_of
from halodb.engine import run_statement
from halodb.errors import InputError, problem_with
from halodb.indexing.check import index_problems
from halodb.inputs.input import PRODUCTS_FILE, is_text, read_footer
from halodb.jobs import Manifest
from halodb.jobs.job import INDEX_FILE, REJECTS_FILE
from halodb.jobs.state import State
from halodb.verification.keys import key_problems, look_at_keys

SAMPLE = 1000
"""Keys of a job that RDKit reads and writes again: about half a second."""


def verify_job(
    manifest: Manifest,
    library: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    sample: int = SAMPLE,
    reread: bool = False,
) -> list[str]:
    """What is wrong with the files of a finished job, as sentences without their end; nothing where it is not finished.

    Looked at are the footers, columns, metadata and numbers of rows of both files, that every key is there once, and
    that a sample of them is canonical.

    Args:
        manifest: of the job.
        library: directory of the library.
        connection: under a budget, with a place to spill; out of use where a file was so damaged that DuckDB gave up.
        sample: how many keys RDKit reads and writes again, evenly spaced; 0 for none.
        reread: also compare the bytes with those that were written, read every value and compare the checksum of the
            rows, whatever their order, and look at the index; `dedup` has just read what it made.

    Raises:
        DiskFullError, QueryError: no room to spill, or not enough memory.
    """
    if manifest.state is not State.DONE:
        return []
    directory = library / manifest.job
    products, rejects = directory / PRODUCTS_FILE, directory / REJECTS_FILE
    found = [*_told(products, _products(products, manifest, connection, sample, reread))]
    found += _told(rejects, _rejects(rejects, manifest, connection, reread))
    if reread:
        found += _told(directory / INDEX_FILE, index_problems(manifest, library))
    return found


def _told(file: Path, problems: Iterator[str]) -> Iterator[str]:
    """The problems with the file's name in front; damage ends them and is one."""
    try:
        for problem in problems:
            yield f"{file}: {problem}"
    except InputError as error:
        yield problem_with(file, error)


def _products(
    file: Path, manifest: Manifest, connection: duckdb.DuckDBPyConnection, sample: int, reread: bool
) -> Iterator[str]:
    rows, schema, metadata = read_footer(file)
    yield from _origin_problems(metadata, manifest)
    wanted = manifest.counts.unique
    if rows != wanted:
        yield f"it has {rows:,} rows, and its manifest says {wanted:,}"
    wrong = list(_schema_problems(schema, schemas_of(manifest)[0]))
    if wrong:
        yield from wrong
        return
    if reread:
        yield from _byte_problems(file, manifest)
        checksum = read_content(connection, file).checksum
        if rows == wanted and checksum != manifest.checksum:
            yield f"its rows are not those written: checksum {checksum}, its manifest says {manifest.checksum}"
    look_at_keys(connection, file, schema.names.index("smiles"))
    yield from key_problems(connection, rows, sample, manifest.engine.rdkit)


def _rejects(file: Path, manifest: Manifest, connection: duckdb.DuckDBPyConnection, reread: bool) -> Iterator[str]:
    wrong = list(_schema_problems(read_footer(file).schema, schemas_of(manifest)[1]))
    if wrong:
        yield from wrong
        return
    if reread:
        yield from _byte_problems(file, manifest)
        read_content(connection, file)
    counted = dict(run_statement(connection, "reject_counts", {"file": file}).fetchall())
    if counted != manifest.counts.rejects:
        yield f"it has {_reasons(counted)}, and its manifest says {_reasons(manifest.counts.rejects)}"


def _byte_problems(file: Path, manifest: Manifest) -> Iterator[str]:
    """A flipped byte, wherever it is; a file of another size was rewritten, and only its rows count."""
    for record in manifest.files:
        if record.file == file.name and record.is_there(file.parent) and not record.is_whole(file.parent):
            yield "its bytes are not those that were written"


def _origin_problems(metadata: Mapping[str, str], manifest: Manifest) -> Iterator[str]:
    """Whether the file says of itself that this job made it."""
    wanted = {"job": manifest.job, "fingerprint": manifest.fingerprint, "rdkit": manifest.engine.rdkit}
    for key, value in wanted.items():
        found = metadata.get(f"halodb.{key}", "")
        if found != value:
            told = f"{key} is {found or 'not told'}, and its manifest says {value or 'nothing'}"
            yield f"it is of another run: its {told}"


def _schema_problems(found: pa.Schema, expected: pa.Schema) -> Iterator[str]:
    for field in expected:
        if field.name not in found.names:
            yield f"it has no column {field.name} (its columns: {', '.join(found.names) or 'none'})"
            continue
        kind = found.field(field.name).type
        if not (kind == field.type or (is_text(kind) and is_text(field.type))):
            yield f"its column {field.name} holds {kind}, not {field.type}"


def _reasons(counts: dict[str, int]) -> str:
    listed = ", ".join(f"{number:,} {reason}" for reason, number in sorted(counts.items()))
    return f"{sum(counts.values()):,} rejects{f' ({listed})' if listed else ''}"
