"""The keys of a result: there, each once, and canonical.

Of a few molecules RDKit has several canonical SMILES, see `chemistry/writings.py`. All of them are right. Damage is a
key that RDKit would write for no order of the atoms.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import rdkit
from duckdb import ColumnExpression
from rdkit import Chem, rdBase

from halodb.chemistry.writings import written_again
from halodb.engine import file_errors, run_statement
from halodb.readers import read_parquet

_LONGEST_SHOWN = 120
_REWRITINGS = 3
"""RDKit goes round few SMILES of a molecule, mostly two."""
_ORDERS, _AT_A_TIME = 100, 10
"""Orders of the atoms that are tried. Of two writings each came up for a third of all orders or more."""
_MOST_DOUBTED = 20
"""Keys with no writing at all: where there are so many the others are not doubted any more, for it takes time."""


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
        wrong = _wrong(looked)
    if wrong:
        row, smiles, again = wrong[0]
        is_what = "is not a molecule" if again is None else f"is written {_short(again)}"
        before = f" (made by RDKit {made_by})" if made_by not in {"", rdkit.__version__} else ""
        yield (
            f"{len(wrong):,} of {len(looked):,} keys looked at are not canonical, such as {_short(smiles)} in row {row}"
            f", which {is_what} by RDKit {rdkit.__version__}{before}"
        )


def _wrong(looked: list[tuple[int, str]]) -> list[tuple[int, str, str | None]]:
    """Row, key and what RDKit makes of it, of the keys that RDKit does not write."""
    found: list[tuple[int, str, str | None]] = []
    for row, smiles in looked:
        again = written_again(smiles)
        if again != smiles and (again is None or len(found) >= _MOST_DOUBTED or not is_a_writing(smiles)):
            found.append((row, smiles, again))
    return found


def is_a_writing(smiles: str) -> bool:
    """Whether RDKit writes this SMILES as canonical for some order of its molecule's atoms.

    The orders are random ones, always the same. A key of another atom order, a damaged or a cut one comes up for none.
    """
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        return False
    again: str | None = smiles
    for _ in range(_REWRITINGS):
        again = written_again(again) if again else None
        if again == smiles:
            return True
    return any(
        written_again(order) == smiles
        for seed in range(1, _ORDERS // _AT_A_TIME + 1)
        for order in Chem.MolToRandomSmilesVect(molecule, _AT_A_TIME, seed)
    )


def _short(smiles: str) -> str:
    return smiles if len(smiles) <= _LONGEST_SHOWN else f"{smiles[:_LONGEST_SHOWN]}..."
