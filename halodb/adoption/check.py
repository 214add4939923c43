"""Whether an older script's result can be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from halodb.errors import InputError
from halodb.inputs.input import is_text, read_footer
from halodb.jobs import Job
from halodb.shards import REJECT_SCHEMA
from halodb.verification import key_problems, look_at_keys

_KEYS = ("smiles", "canonical_smiles")
_ROW_COLUMN = "file_row_number"


@dataclass(frozen=True)
class Result:
    """A result that can be used.

    Attributes:
        file: its file.
        key: place of the column with the keys (0-based).
        rows: products in it.
        own: whether halodb wrote it for this very job, so that its columns are what they are called.
        rdkit: the version that made its keys canonical; empty where the file does not tell.
    """

    file: Path
    key: int
    rows: int
    own: bool
    rdkit: str


def check_result(file: Path, job: str, connection: duckdb.DuckDBPyConnection, sample: int) -> Result | list[str]:
    """Look at a result; what is wrong with it where it cannot be used, as sentences without their end.

    The key is `smiles`, or `canonical_smiles` where the former is missing or its keys are not canonical and unique.

    Raises:
        InputError: the file is damaged.
        DiskFullError, QueryError: no room to spill, or not enough memory.
    """
    rows, schema, metadata = read_footer(file)
    if _ROW_COLUMN in schema.names:
        return [f"it has a column {_ROW_COLUMN}, which DuckDB keeps for itself: rename it"]
    candidates = [name for name in _KEYS if name in schema.names]
    if not candidates:
        return [f"it has no column {' or '.join(_KEYS)} (its columns: {', '.join(schema.names) or 'none'})"]
    told: list[str] = []
    for name in candidates:
        problems = _problems_of_key(file, schema, name, rows, connection, sample)
        if not problems:
            return Result(
                file=file,
                key=schema.names.index(name),
                rows=rows,
                own=metadata.get("halodb.job") == job,
                rdkit=metadata.get("halodb.rdkit", ""),
            )
        told += [f"column {name}: {problem}" for problem in problems]
    return told


def _problems_of_key(
    file: Path, schema: pa.Schema, name: str, rows: int, connection: duckdb.DuckDBPyConnection, sample: int
) -> list[str]:
    kind = schema.field(name).type
    if not is_text(kind):
        return [f"it holds {kind}, not text"]
    look_at_keys(connection, file, schema.names.index(name))
    return key_problems(connection, rows, sample)


def in_the_way(job: Job) -> str:
    """What of another's stands where halodb would put files of its own; empty where nothing does."""
    for path in (job.rejects, job.shards):
        if path.exists() and not _is_empty_rejects(path):
            return f"{path} is in the way: move it elsewhere"
    return ""


def _is_empty_rejects(path: Path) -> bool:
    """Whether it is what an adoption that was stopped has left."""
    try:
        rows, schema, _ = read_footer(path)
    except InputError:
        return False
    return rows == 0 and schema.equals(REJECT_SCHEMA)
