"""Workbooks of Excel, by openpyxl, which reads them row by row."""

from __future__ import annotations

import contextlib
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from halodb.errors import InputError
from halodb.reading.cell import row_of_cells
from halodb.reading.columns import Columns, Wanted, columns_with, find_columns, no_smiles
from halodb.reading.looks import holds_smiles, place_of_smiles
from halodb.reading.packed import Part, parts_of, unpacked
from halodb.reading.row import Column, ParentRow, Reading, Tally

_LOOKED_AT = 100
_HEADER_WITHIN = 20
"""Rows, of which the first with something in it is the header."""


def read_excel(part: Part, tally: Tally, wanted: Wanted, spool: Path) -> Reading:
    """How a workbook is read: the one sheet of it that has a column of SMILES; a row's line is its number there.

    Raises:
        InputError: openpyxl is not there, it is no workbook, or no sheet, or more than one, has SMILES.
    """
    try:
        import openpyxl  # noqa: PLC0415  an extra
    except ImportError as error:
        raise InputError(
            f"to read {part.name} openpyxl is needed.", 'Install it: pip install "halodb[excel]"; or save it as CSV.'
        ) from error
    file = unpacked(part, spool)
    if not zipfile.is_zipfile(file) or parts_of(file)[0].member:
        raise InputError(
            f"{part.name} is named {part.suffix}, is no workbook, and so is of a kind that halodb does not read.",
            "Name it by its content, or export it again.",
        )
    with _damage_told(part):
        book = _open(openpyxl, file)
        sheets = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        book.close()
    found: dict[str, tuple[int, Columns]] = {}
    headers: list[str] = []
    for title in sheets:
        with _damage_told(part):
            first = list(islice(_rows(openpyxl, file, title), _HEADER_WITHIN + _LOOKED_AT))
        read = _columns(f"{part.name}, sheet {title}", first, wanted)
        if read is not None:
            found[title] = read
        headers += next(([text for text in row if text] for _, row in first if any(row)), [])
    if not found:
        raise no_smiles(part.name, headers)
    if len(found) > 1:
        raise InputError(
            f"{part.name} has SMILES in {len(found)} sheets: {', '.join(found)}.", "Save the one that is meant as CSV."
        )
    ((title, (header, columns)),) = found.items()
    for other in sheets:
        if other != title:
            tally.skip(f"sheet {other}")
    columns.told_to(tally)
    return Reading(
        tuple(Column(columns.names[place]) for place in columns.others),
        _parents(part, _rows(openpyxl, file, title), header, columns, tally),
    )


def _open(openpyxl: Any, file: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and the like that it does not keep
        return openpyxl.load_workbook(file, read_only=True, data_only=True)


def _rows(openpyxl: Any, file: Path, title: str) -> Iterator[tuple[int, list[str | None]]]:
    """The rows of a sheet by their numbers, from 1, each cell as text."""
    book = _open(openpyxl, file)
    try:
        sheet = book[title]
        sheet.reset_dimensions()  # what other programs write there may be wrong
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_text(value) for value in row]
    finally:
        book.close()


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.strip() or None


def _columns(file: str, first: Sequence[tuple[int, list[str | None]]], wanted: Wanted) -> tuple[int, Columns] | None:
    """The number of the row that is the header of a sheet, and its columns; None where it has no SMILES."""
    for place, (number, row) in enumerate(first[:_HEADER_WITHIN]):
        names = [text or "" for text in row]
        while names and not names[-1]:
            names.pop()
        if not names:
            continue
        columns = None if any(map(holds_smiles, names)) else _find(names, file, wanted, first[place + 1 :])
        if columns is not None or len(names) > 1:  # what stands alone above a table is its title
            return None if columns is None else (number, columns)
    return None


def _find(
    names: Sequence[str], file: str, wanted: Wanted, rows: Sequence[tuple[int, list[str | None]]]
) -> Columns | None:
    try:
        columns = find_columns(names, file, wanted)
    except InputError:
        if wanted.smiles is None:
            raise
        return None  # another sheet may have the column that is asked for
    if columns is not None:
        return columns
    place = place_of_smiles(names, [row for _, row in rows[:_LOOKED_AT]], file)
    return None if place is None else columns_with(place, names, file, wanted)


def _parents(
    part: Part, rows: Iterator[tuple[int, list[str | None]]], header: int, columns: Columns, tally: Tally
) -> Iterator[ParentRow]:
    width = len(columns.names)
    with _damage_told(part):
        for number, row in rows:
            if number <= header:
                continue
            if not any(row):
                tally.skip("blank")
                continue
            row.extend([None] * (width - len(row)))
            name = row[columns.name] if columns.name is not None else None
            class_name = row[columns.class_name] if columns.class_name is not None else None
            parent = row_of_cells(row[columns.smiles], name, class_name, number)
            yield parent._replace(others=tuple(row[place] for place in columns.others))


@contextlib.contextmanager
def _damage_told(part: Part) -> Iterator[None]:
    """Turn what openpyxl raises on damaged workbooks, which is of any kind, into an error for the user."""
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        raise InputError(f"{part.name} is damaged: {reason}.", "Save it again in Excel, or as CSV.") from error
