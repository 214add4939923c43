"""Whether the halogen analogues of an input lie apart, and a copy in which they stand together.

What was made of one analogue is read off for the next as long as it is remembered (`chemistry/halogen_analogues.py`).
halodb writes its inputs so; another program may not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from halodb.engine import run_statement
from halodb.errors import InputError
from halodb.files import whole_file
from halodb.inputs.input import Input
from halodb.inputs.signature import check_unchanged, signature_of

AS_GIVEN = "rows"
BY_PATTERN = "patterns"
"""Names of the orders that a pass may take rows in; receipts keep them."""

_WINDOW = 1024
"""Parents, about as many as an enumerator remembers."""

_SAMPLED = 65_536
"""Rows, about."""

_WORTH_IT = 0.1
"""Part of the rows that need not be made anew. The copy takes 2 us a row, to screen one 30 us, to enumerate it up to
2 ms. Inputs as halodb writes them have 0.01 of such rows, shuffled ones 0.6 to 0.9."""


def order_of(connection: duckdb.DuckDBPyConnection, parents: Input, stride: int = 1) -> str:
    """The order in which a pass takes the rows of an input soonest; it follows from the input alone.

    Args:
        connection: DuckDB.
        parents: the input; where DuckDB cannot read it, as where its text is not UTF-8 or the SMILES have another
            name than `smiles` (`inputs.regroup.with_plain_name`), rows are taken as they come.
        stride: only rows whose number it divides are parents.

    Example:
        >>> order_of(connection, open_input("inputs/polyphenol-2X"))  # doctest: +SKIP
        'rows'
    """
    if not parents.is_plain:
        return AS_GIVEN
    asked = {"input": parents.path, "rows": parents.rows, "stride": stride, "window": _WINDOW}
    try:
        ((apart, looked_at),) = run_statement(connection, "analogues_apart", asked).fetchall()
    except InputError:
        return AS_GIVEN
    return BY_PATTERN if apart > _WORTH_IT * looked_at else AS_GIVEN


def analogues_together(connection: duckdb.DuckDBPyConnection, parents: Input, directory: Path) -> Path:
    """A copy of an input with columns `smiles` and `row`, analogues side by side; sorted out of core, made once.

    Args:
        connection: DuckDB.
        parents: the input.
        directory: where the copy is, or shall be.

    Raises:
        InputError: the input is damaged, or was replaced meanwhile.
        DiskFullError, OutputError: no room to sort or to write.

    Example:
        >>> analogues_together(connection, open_input("inputs/polyphenol-2X"), working)  # doctest: +SKIP
    """
    copy = directory / f"{BY_PATTERN}.{parents.digest}.parquet"
    if not copy.exists():
        with whole_file(copy) as temporary:
            _write(connection, parents, temporary)
            check_unchanged(parents.path, parents.signature)
    return copy


def sample_of_analogues(connection: duckdb.DuckDBPyConnection, parents: Input, directory: Path) -> Input:
    """Some rows of an input as an input of their own: all rows of some patterns, side by side.

    Args:
        connection: DuckDB.
        parents: the input.
        directory: where the file shall be.

    Raises:
        DiskFullError, OutputError: no room to sort or to write.

    Example:
        >>> sample_of_analogues(connection, open_input("inputs/polyphenol-2X"), working).rows  # doctest: +SKIP
        65102
    """
    file = directory / f"{parents.name}.parquet"
    rows = _write(connection, parents, file, max(1, parents.rows // _SAMPLED))
    return replace(parents, path=file, rows=rows, signature=signature_of(file))


def _write(connection: duckdb.DuckDBPyConnection, parents: Input, file: Path, step: int = 1) -> int:
    done = run_statement(connection, "analogues_together", {"input": parents.path, "output": file, "step": step})
    return int(done.fetchall()[0][0])
