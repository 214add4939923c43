"""Whether an older script's result can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import rdkit
from duckdb import ColumnExpression

from halodb.adoption.keys import write_again
from halodb.adoption.remake import Remade, check_products
from halodb.engine import file_errors
from halodb.errors import InputError
from halodb.inputs.input import is_text, read_footer
from halodb.jobs import Job
from halodb.readers import read_parquet
from halodb.rules import Rule
from halodb.shards import REJECT_SCHEMA
from halodb.verification import key_problems, look_at_keys

_KEYS = ("smiles", "canonical_smiles")
_ROW_COLUMN = "file_row_number"
_RULES = ("xf_rule_id", "rule")
_MOST_RULES = 1000


@dataclass(frozen=True)
class Result:
    """A result that is right as far as it was checked.

    Attributes:
        file: its file.
        key: place of the column with the keys (0-based).
        rows: products in it.
        own: whether halodb wrote it for this very job, so that its columns are what they are called.
        rdkit: the version that made its keys canonical; empty where the file does not tell.
        keys: a file with the keys as this RDKit writes them, where they are other ones.
        schema: of the file.
        remade: what was made again and found in it.
    """

    file: Path
    key: int
    rows: int
    own: bool
    rdkit: str
    keys: Path | None
    schema: pa.Schema
    remade: Remade

    @property
    def key_name(self) -> str:
        """Name of the column with the keys."""
        return str(self.schema.names[self.key])


def check_result(
    file: Path, job: Job, others: Sequence[Rule], connection: duckdb.DuckDBPyConnection, sample: int, place: Path
) -> Result | list[str]:
    """Look at a result; what is wrong with it where it cannot be used, as sentences without their end.

    The key is `smiles`, or `canonical_smiles` where the former is missing or its keys are not canonical and unique.
    Keys that are not canonical may be those of an older RDKit: they are written again, and used where they are right
    then. Right is a result that has what is made again of some parents, or of all (`adoption.remake`).

    Args:
        file: the result.
        job: whose it is said to be.
        others: rules that it may be the result of instead.
        connection: DuckDB.
        sample: how many keys RDKit reads and writes again, evenly spaced; 0 for none.
        place: directory for working files.

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
    chosen, keys = "", None
    for name in candidates:
        problems = _problems_of_key(file, schema, name, rows, connection, sample)
        if not problems:
            chosen = name
            break
        told += [f"column {name}: {problem}" for problem in problems]
    if not chosen:
        found = _keys_again(file, schema, candidates, rows, connection, place)
        if found is None:
            return told
        chosen, keys = found
    wrong = _wrong_rule(file, schema, job, others, connection)
    remade, problems = check_products(job, rows, others, connection)
    if wrong or problems:
        return [*wrong, *problems, *told]
    return Result(
        file=file,
        key=schema.names.index(chosen),
        rows=rows,
        own=metadata.get("halodb.job") == job.name,
        rdkit=rdkit.__version__ if keys is not None else metadata.get("halodb.rdkit", ""),
        keys=keys,
        schema=schema,
        remade=remade,
    )


def _problems_of_key(
    file: Path, schema: pa.Schema, name: str, rows: int, connection: duckdb.DuckDBPyConnection, sample: int
) -> list[str]:
    kind = schema.field(name).type
    if not is_text(kind):
        return [f"it holds {kind}, not text"]
    look_at_keys(connection, file, schema.names.index(name))
    return key_problems(connection, rows, sample)


def _keys_again(
    file: Path,
    schema: pa.Schema,
    candidates: Sequence[str],
    rows: int,
    connection: duckdb.DuckDBPyConnection,
    place: Path,
) -> tuple[str, Path] | None:
    """A column of keys that are there, each once, when this RDKit writes them, and the file with these; or None."""
    for name in candidates:
        if not is_text(schema.field(name).type):
            continue
        keys = place / f"{name}.parquet"
        if write_again(file, name, rows, keys):
            continue
        look_at_keys(connection, keys)
        if not key_problems(connection, rows, 0):
            return name, keys
    return None


def _wrong_rule(
    file: Path, schema: pa.Schema, job: Job, others: Sequence[Rule], connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """What a column with the names of rules says against a result."""
    known = {rule.name for rule in others}
    for name in _RULES:
        if name not in schema.names or not is_text(schema.field(name).type):
            continue
        with file_errors(connection):
            values = read_parquet(connection, file).select(ColumnExpression(name)).distinct().limit(_MOST_RULES)
            told = sorted(str(value) for (value,) in values.fetchall() if value in known)
        if told and told != [job.rules[0].name]:
            return [f"its column {name} says {', '.join(told)}"]
    return []


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
