"""The header of a table of text: its delimiter and its columns."""

from __future__ import annotations

import csv
import re
from itertools import dropwhile, islice
from typing import NamedTuple

from halodb.errors import InputError
from halodb.inputs.columns import is_smiles_name, plain_name
from halodb.reading.columns import Columns, Wanted, columns_with, find_columns, no_smiles
from halodb.reading.looks import fields_of, holds_smiles, place_of_smiles
from halodb.reading.records import Record, read_records
from halodb.reading.text import TextFile

_DELIMITERS = ",\t;|"
_LOOKED_AT = 100
"""Rows, where the header does not tell."""
_SMILES_AND_NAME = 2
"""Columns."""
_EXCEL_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class Table(NamedTuple):
    """How a table of text is to be read.

    Attributes:
        delimiter: one character.
        columns: by the header, without empty names at its end.
        width: fields of the header with these; rows may have so many, too.
        header_line: from 1; 0 where there is no header.
    """

    delimiter: str
    columns: Columns
    width: int
    header_line: int


def find_table(text: TextFile, usual: str, wanted: Wanted | None = None) -> Table | None:
    """The table that a file's header tells: the delimiter that sets a column of SMILES apart; None where none does.

    Args:
        text: the file.
        usual: delimiter of a table of one column, where it does not matter.
        wanted: columns that are asked for.

    Raises:
        InputError: more than one delimiter would do, or two columns have the name that is looked for.
    """
    wanted = wanted or Wanted()
    delimiters = list(_delimiter_named(text) or _DELIMITERS)
    asked = wanted.smiles
    if asked is not None:
        delimiters = [one for one in delimiters if _has(asked, _header(text, one)[2])] or _likely(text, usual)
    found = [table for delimiter in delimiters if (table := _table(text, delimiter, wanted)) is not None]
    several = [table for table in found if len(table.columns.names) > 1]
    if len(several) > 1:
        told = " and ".join(repr(table.delimiter) for table in several)
        raise InputError(
            f"{text.path}, line {several[0].header_line}: the header can be read with the delimiters {told}.",
            "Use one of them only.",
        )
    alone = [table for table in found if table.delimiter == usual] or found
    return next(iter(several or alone), None)


def find_by_content(text: TextFile, usual: str, wanted: Wanted) -> Table | None:
    """The table of a file whose header does not name the SMILES: that with one column of values that are SMILES.

    Raises:
        InputError: several columns hold SMILES.
    """
    for delimiter in _likely(text, usual):
        line, _, names = _header(text, delimiter)
        width = len(names)
        while len(names) > 1 and not names[-1].strip():
            names.pop()
        if not names or any(holds_smiles(name) for name in names):
            continue
        place = place_of_smiles(names, _sample(text, delimiter, line), text.path)
        if place is not None:
            return Table(delimiter, columns_with(place, names, text.path, wanted), width, line)
    return None


def find_without_header(text: TextFile, usual: str, wanted: Wanted) -> Table | None:
    """The table of a file without a header: columns are called by their numbers; None where no column holds SMILES.

    Raises:
        InputError: several columns hold SMILES.
    """
    for delimiter in _likely(text, usual):
        line, _, first = _header(text, delimiter)
        names = [f"column_{number}" for number in range(1, len(first) + 1)]
        if wanted.smiles is None:
            place = place_of_smiles(names, [first, *_sample(text, delimiter, line)], text.path)
        else:
            place = int(wanted.smiles) - 1 if wanted.smiles.isdecimal() else None
        if place is not None and 0 <= place < len(names):
            columns = columns_with(place, names, text.path, wanted)
            if columns.name is None and wanted.name is None and len(names) == _SMILES_AND_NAME:
                columns = columns._replace(name=1 - place)
            return Table(delimiter, columns, len(names), 0)
    return None


def header_missing(text: TextFile, usual: str) -> InputError:
    """The error for a table whose first line names no column of SMILES."""
    delimiter = max(_DELIMITERS, key=lambda one: (len(_header(text, one)[2]), one == usual))
    line, _, fields = _header(text, delimiter)
    if any(holds_smiles(field) for field in fields):
        return InputError(
            f"{text.path} has no header: line {line} looks like a molecule ({delimiter.join(fields)[:80]}).",
            f"Put a line above it that names the columns, as in smiles{delimiter}name, or say which column holds the "
            "SMILES by its number: --smiles-column 1.",
        )
    first = next(filter(str.strip, text.lines()), "").strip()
    if first.startswith("#"):
        return no_smiles(text.path, [first], "Remove the lines above the header.")
    if any(is_smiles_name(word) for word in fields_of(first)):
        return no_smiles(text.path, [first], "Set the columns apart by commas, tabs, semicolons or bars.")
    return no_smiles(text.path, fields or [first])


def _table(text: TextFile, delimiter: str, wanted: Wanted) -> Table | None:
    line, _, fields = _header(text, delimiter)
    width = len(fields)
    while len(fields) > 1 and not fields[-1].strip():
        fields.pop()
    if wanted.smiles is not None and wanted.smiles.isdecimal() and any(map(holds_smiles, fields)):
        return None  # a number, and no header
    columns = find_columns(fields, text.path, wanted)
    return Table(delimiter, columns, width, line) if columns else None


def _header(text: TextFile, delimiter: str) -> Record:
    """The first row that is not blank; none where this delimiter makes its quotes wrong."""
    try:
        records = read_records(text, delimiter)
        content = (record for record in records if any(map(str.strip, record[2])))
        return next(dropwhile(lambda record: _is_excel_line(delimiter.join(record[2])), content), (0, 0, []))
    except InputError as error:
        if not isinstance(error.__cause__, csv.Error):
            raise
        return 0, 0, []


def _delimiter_named(text: TextFile) -> str | None:
    match = _EXCEL_DELIMITER.fullmatch(next(text.lines(), ""))
    return match[1] if match else None


def _is_excel_line(line: str) -> bool:
    return _EXCEL_DELIMITER.fullmatch(line) is not None


def usual_delimiter(suffix: str) -> str:
    """Delimiter of a table whose name ends so: a tab for `.tsv`, `.tab` and `.txt`, a comma for others."""
    return "\t" if suffix in {".tsv", ".tab", ".txt"} else ","


def _likely(text: TextFile, usual: str) -> list[str]:
    """The delimiters that set columns apart, the one with most of them first; the usual one where none does."""
    fields = {one: len(_header(text, one)[2]) for one in _delimiter_named(text) or _DELIMITERS}
    several = sorted((one for one, count in fields.items() if count > 1), key=lambda one: -fields[one])
    return several or [usual]


def _has(asked: str, names: list[str]) -> bool:
    """Whether a column of this name is among those of a header."""
    plain = plain_name(asked)
    return any(name.strip() == asked.strip() or (plain and plain_name(name) == plain) for name in names)


def _sample(text: TextFile, delimiter: str, header_line: int) -> list[list[str]]:
    """The first rows below the header; none where this delimiter makes their quotes wrong."""
    try:
        rows = (record for record in read_records(text, delimiter) if record[0] > header_line and any(record[2]))
        return [fields for _, _, fields in islice(rows, _LOOKED_AT)]
    except InputError as error:
        if not isinstance(error.__cause__, csv.Error):
            raise
        return []
