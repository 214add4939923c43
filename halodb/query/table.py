"""A result as a table for people: SMILES whole where there is room for them, other columns left out first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import Any

from duckdb import ColumnExpression, DuckDBPyRelation

_ROWS = 40
_AT_MOST = 10_000
"""Rows that are asked for; the table says that there are more."""
_FRAME = 3
"""Characters between two columns; one more at the end."""
_UNLIMITED = 1_000_000


def write_table(result: DuckDBPyRelation) -> bool:
    """Print a result as a table on standard output: the first and last rows where there are more than 40.

    In a terminal it is as wide as that; in a pipe or a file nothing is cut.

    Returns:
        Whether it has rows.
    """
    held = result.limit(_AT_MOST).materialize()  # the query runs once
    rows = held.fetchall()
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNLIMITED
    names, kinds = held.columns, held.types
    widths = [_width(place, name, str(kind), rows) for place, (name, kind) in enumerate(zip(names, kinds, strict=True))]
    shown = fitting(names, widths, width)
    left_out = [name for place, name in enumerate(names) if place not in shown]
    if left_out:
        held = held.select(*(ColumnExpression(names[place]) for place in shown))
    held.show(max_rows=_ROWS, max_width=width, max_col_width=width)
    if left_out:
        sys.stdout.write(f"Too narrow for {', '.join(left_out)}: name fewer columns, or write to a file.\n\n")
    return bool(rows)


def fitting(names: Sequence[str], widths: Sequence[int], width: int) -> list[int]:
    """Places of the columns that a table has room for: those of SMILES first, then the others from the left.

    A column of SMILES is kept even where it must be cut; the others are whole or left out, where there are SMILES.

    >>> fitting(["rule", "family", "smiles", "site"], [30, 16, 45, 5], 80)
    [1, 2, 3]
    """
    smiles = [place for place, name in enumerate(names) if name.lower().endswith("smiles")]
    if not smiles or len(set(names)) < len(names):
        return list(range(len(names)))
    room = width - 1 - sum(widths[place] + _FRAME for place in smiles)
    shown = list(smiles)
    for place in range(len(names)):
        if place not in smiles and widths[place] + _FRAME <= room:
            room -= widths[place] + _FRAME
            shown.append(place)
    return sorted(shown)


def _width(place: int, name: str, kind: str, rows: Sequence[Sequence[Any]]) -> int:
    """Characters that a column takes: its name, its type, and the values that are shown."""
    values = [row[place] for row in (*rows[:_ROWS], *rows[-_ROWS:])]
    return max([len(name), len(kind), *(len(str(value)) for value in values)])
