"""The rows of a table of text."""

from __future__ import annotations

from collections.abc import Iterator

from halodb.reading.cell import row_of_cells
from halodb.reading.header import Table
from halodb.reading.looks import holds_smiles
from halodb.reading.records import read_records
from halodb.reading.row import Column, ParentRow, Reading, Tally, rejected
from halodb.reading.text import TextFile

_LEAST_SMILES = 3
"""Characters: shorter words of a text may be SMILES by chance."""


def table_reading(text: TextFile, table: Table, tally: Tally) -> Reading:
    """How a table of text is read: its columns, and its rows."""
    columns = table.columns
    columns.told_to(tally)
    return Reading(tuple(Column(columns.names[place]) for place in columns.others), _read_table(text, table, tally))


def _read_table(text: TextFile, table: Table, tally: Tally) -> Iterator[ParentRow]:
    """The rows of a table; one with too many or too few fields is a reject.

    Raises:
        InputError: the quotes of a row are wrong.
    """
    _, place, name_place, class_place = table.columns
    others = table.columns.others
    for line, end, fields in read_records(text, table.delimiter):
        if line <= table.header_line:
            continue
        tally.spanning += end > line
        if not any(fields) or (len(fields) == 1 and not fields[0].strip()):
            tally.skip("blank")
            continue
        refusal = _refusal(fields, table)
        if refusal is not None:
            yield rejected(table.delimiter.join(fields), refusal, line)
            continue
        name = fields[name_place] if name_place is not None else None
        class_name = fields[class_place] if class_place is not None else None
        row = row_of_cells(fields[place], name, class_name, line)
        yield row._replace(others=tuple(fields[other].strip() or None for other in others)) if others else row


def _refusal(fields: list[str], table: Table) -> str | None:
    """Why a row may not be the one that was meant, or None."""
    least = len(table.columns.names)
    if not least <= len(fields) <= table.width or any(fields[least:]):
        return f"wrong number of fields: {len(fields)} instead of {least}"
    content = table.delimiter.join(fields)
    if '\\"' in content:  # R may have meant another row
        return "a backslash before a quote, which may be an escape"
    if "\n" in content and any(map(holds_smiles, _parts_of_long_fields(fields, table.delimiter))):
        return "a quoted field over several lines holds a SMILES: its quote may have swallowed rows"
    return None


def _parts_of_long_fields(fields: list[str], delimiter: str) -> Iterator[str]:
    """What would be fields if fields over several lines were rows."""
    for field in fields:
        for line in field.split("\n") if "\n" in field else ():
            parts = line.split(delimiter)
            yield from (part for part in parts if len(part) >= _LEAST_SMILES) if len(parts) > 1 else ()
