"""The keys of a result: there, each once, and canonical."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import rdkit
from duckdb import ColumnExpression
from rdkit import Chem, rdBase

from halodb.engine import file_errors, run_statement
from halodb.readers import read_parquet

_LONGEST_SHOWN = 120


def look_at_keys(connection: duckdb.DuckDBPyConnection, file: Path, column: int = 0) -> None:
    """Make the view `result_keys` (smiles, row) of a column of a Parquet file, given by its place (0-based).

    Raises:
        InputError: the file is damaged.
    """
    with file_errors(connection):
        rows = read_parquet(connection, file, row_numbers=True)
        # By place: names that differ in case only are one name to DuckDB, which then renames the second.
        key, row = ColumnExpression(rows.columns[column]), ColumnExpression("file_row_number")
        rows.select(key.alias("smiles"), row.alias("row")).create_view("result_keys", replace=True)


def key_problems(connection: duckdb.DuckDBPyConnection, rows: int, sample: int, made_by: str = "") -> list[str]:
    """What is wrong with the keys in `result_keys`, as sentences without their end.

    Args:
        connection: has the view.
        rows: number of rows in it.
        sample: how many keys are read and written again by RDKit, evenly spaced; 0 for none.
        made_by: the version of RDKit that wrote them, where it is known.

    Raises:
        InputError: the file is damaged.
        DiskFullError, QueryError: no room to spill, or not enough memory.
    """
    return [*_empty(connection), *_doubled(connection), *_not_canonical(connection, rows, sample, made_by)]


def _empty(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    ((count, row),) = run_statement(connection, "empty_keys").fetchall()
    if count:
        yield f"{count:,} keys are empty, the first in row {row}"


def _doubled(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    ((count, surplus, smiles, first, last),) = run_statement(connection, "doubled_keys").fetchall()
    if count:
        yield (
            f"{count:,} keys are there more than once ({surplus:,} rows too many), such as {_short(smiles)} in rows "
            f"{first} and {last}"
        )


def _not_canonical(connection: duckdb.DuckDBPyConnection, rows: int, sample: int, made_by: str) -> Iterator[str]:
    if not sample or not rows:
        return
    looked = run_statement(connection, "sampled_keys", {"step": -(-rows // sample)}).fetchall()
    looked = [(row, smiles) for row, smiles in looked if smiles and smiles.strip()]  # the others are told as empty
    with rdBase.BlockLogs():
        wrong = [(row, smiles, again) for row, smiles in looked if (again := _written_again(smiles)) != smiles]
    if wrong:
        row, smiles, again = wrong[0]
        is_what = "is not a molecule" if again is None else f"is written {_short(again)}"
        before = f" (made by RDKit {made_by})" if made_by not in {"", rdkit.__version__} else ""
        yield (
            f"{len(wrong):,} of {len(looked):,} keys looked at are not canonical, such as {_short(smiles)} in row {row}"
            f", which {is_what} by RDKit {rdkit.__version__}{before}"
        )


def _written_again(smiles: str) -> str | None:
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else Chem.MolToSmiles(molecule)


def _short(smiles: str) -> str:
    return smiles if len(smiles) <= _LONGEST_SHOWN else f"{smiles[:_LONGEST_SHOWN]}..."
