"""A chemist's file of parents: `.smi`, `.csv` (also `.tsv`), both also gzipped, or `.parquet`."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from halodb.engine import interruptible, statement, translated_errors
from halodb.errors import InputError
from halodb.files import whole_file
from halodb.inputs.input import open_parquet
from halodb.readers import literal

STAGED_SCHEMA = pa.schema([("smiles", pa.string()), ("name", pa.string()), ("class", pa.string())])
"""Parents as they were given; a row's number is its number in the file, from 0, headers and comments not counted."""

_BATCH_ROWS = 65_536
_SMILES_COLUMNS = ("smiles", "canonical_smiles")
_NAME_COLUMNS = ("name", "title", "id", "identifier", "coconut_id", "compound_name")
_CLASS_COLUMNS = ("class", "np_class", "class_name")


def stage_parents(file: Path, staged: Path, connection: duckdb.DuckDBPyConnection) -> int:
    """Copy the SMILES, names and classes of a file of parents into a Parquet file; the number of rows.

    Columns are found by name, in upper or lower case: `smiles` or `canonical_smiles`; `name`, `title` or `id`; `class`.
    In a `.smi` file the name is what follows the SMILES on its line; a first line `smiles name` is a header.

    Raises:
        InputError: the file is missing, empty, damaged, of another kind, or has no column of SMILES.
    """
    if not file.exists():
        raise InputError(f"{file} does not exist.", "Check the path.")
    if file.is_dir():
        raise InputError(f"{file} is a directory.", "Give a file: .smi, .csv or .parquet.")
    if file.stat().st_size == 0:
        raise InputError(f"{file} is empty (0 bytes).", "Export it again.")
    kind = "".join(file.suffixes[-2:] if file.suffix.lower() == ".gz" else file.suffixes[-1:]).lower()
    with whole_file(staged) as temporary:
        match kind:
            case ".smi" | ".smi.gz" | ".smiles" | ".smiles.gz":
                _stage_smi(file, temporary, gzipped=kind.endswith(".gz"))
            case ".csv" | ".csv.gz" | ".tsv" | ".tsv.gz":
                _stage_table(file, temporary, connection, "stage_csv")
            case ".parquet":
                open_parquet(file).close()
                _stage_table(file, temporary, connection, "stage_parquet")
            case _:
                raise InputError(
                    f"{file} is of a kind that halodb does not read.", "Give .smi, .smi.gz, .csv, .csv.gz or .parquet."
                )
    rows: int = pq.read_metadata(staged).num_rows
    if rows == 0:
        raise InputError(f"{file} has no rows.", "Give a file with at least one parent.")
    return rows


def _stage_smi(file: Path, target: Path, *, gzipped: bool) -> None:
    with pq.ParquetWriter(target, STAGED_SCHEMA, compression="zstd") as writer:
        try:
            with gzip.open(file, "rb") if gzipped else file.open("rb") as lines:
                for batch in _batches(lines):
                    writer.write_batch(batch)
        except (OSError, EOFError) as error:
            raise InputError(f"{file} is damaged: {error}.", "Make it again.") from error


def _batches(lines: Iterable[bytes]) -> Iterator[pa.RecordBatch]:
    smiles: list[str | None] = []
    names: list[str | None] = []
    for number, line in enumerate(lines):
        fields = line.decode("utf-8", errors="replace").strip().split(None, 1)
        if fields and fields[0].startswith("#"):
            continue
        if number == 0 and fields and fields[0].lower() in _SMILES_COLUMNS:
            continue
        smiles.append(fields[0] if fields else None)
        names.append(fields[1] if len(fields) > 1 else None)
        if len(smiles) == _BATCH_ROWS:
            yield _batch(smiles, names)
            smiles, names = [], []
    yield _batch(smiles, names)


def _batch(smiles: list[str | None], names: list[str | None]) -> pa.RecordBatch:
    columns = [pa.array(smiles, pa.string()), pa.array(names, pa.string()), pa.nulls(len(smiles), pa.string())]
    return pa.RecordBatch.from_arrays(columns, schema=STAGED_SCHEMA)


def _stage_table(file: Path, target: Path, connection: duckdb.DuckDBPyConnection, source: str) -> None:
    try:
        with translated_errors(connection):
            rows = interruptible(connection, lambda: connection.sql(statement(source), params={"input": literal(file)}))
    except Exception as error:
        raise InputError(f"{file} cannot be read: {str(error).splitlines()[0]}", "Export it again.") from error
    by_name = {column.lower(): column for column in reversed(rows.columns)}
    smiles = _first(by_name, _SMILES_COLUMNS)
    if smiles is None:
        raise InputError(
            f"{file} has no column `smiles` (its columns: {', '.join(rows.columns)}).",
            "Rename the column that holds the SMILES.",
        )
    chosen = [
        (duckdb.ColumnExpression(column) if column else duckdb.ConstantExpression(None)).cast("VARCHAR").alias(name)
        for name, column in (
            ("smiles", smiles),
            ("name", _first(by_name, _NAME_COLUMNS)),
            ("class", _first(by_name, _CLASS_COLUMNS)),
        )
    ]
    staged = rows.select(*chosen)
    with translated_errors(connection):
        interruptible(
            connection, lambda: staged.write_parquet(str(target), compression="zstd", row_group_size=_BATCH_ROWS)
        )


def _first(by_name: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((by_name[name] for name in wanted if name in by_name), None)
