"""A row of a table: each of its columns holds one thing."""

from __future__ import annotations

from halodb.chemistry.extension import split_smiles
from halodb.chemistry.parse import TEXT_AFTER
from halodb.reading.row import ParentRow, given_row

_SHOWN = 60


def row_of_cells(cell: str | None, name: str | None, class_name: str | None, line: int | None = None) -> ParentRow:
    """A row of what stands in its columns.

    What follows a SMILES in its own column makes the row a reject: it may be a name, or the rest of a SMILES that was
    broken in two.
    """
    name = name.strip() if name else None
    if cell is None:
        return given_row(None, name, class_name, line)
    smiles, rest, refusal = split_smiles(cell.strip())
    if refusal is None and not rest:
        return given_row(smiles, name, class_name, line)
    return given_row(cell, name, class_name, line, refusal or f"{TEXT_AFTER}: {rest[:_SHOWN]}")
