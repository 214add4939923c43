"""The header of a table of text: its delimiter and its columns."""

from __future__ import annotations

import csv
import re
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from halodb.errors import InputError
from halodb.reading.columns import Columns, find_columns, no_smiles
from halodb.reading.looks import fields_of, holds_smiles
from halodb.reading.records import Record, read_records
from halodb.reading.text import TextFile

_DELIMITERS = ",\t;|"
_EXCEL_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class Table(NamedTuple):
    """How a table of text is to be read.

    Attributes:
        delimiter: one character.
        columns: by the header, without empty names at its end.
        width: fields of the header with these; rows may have so many, too.
        header_line: from 1.
    """

    delimiter: str
    columns: Columns
    width: int
    header_line: int


def find_table(text: TextFile, usual: str) -> Table | None:
    """The table that a file's header tells: the delimiter that sets a column of SMILES apart; None where none does.

    Args:
        text: the file.
        usual: delimiter of a table of one column, where it does not matter.

    Raises:
        InputError: more than one delimiter would do, or two columns have the name that is looked for.
    """
    named = _delimiter_named(text)
    found = [table for delimiter in named or _DELIMITERS if (table := _table(text, delimiter)) is not None]
    several = [table for table in found if len(table.columns.names) > 1]
    if len(several) > 1:
        told = " and ".join(repr(table.delimiter) for table in several)
        raise InputError(
            f"{text.path}, line {several[0].header_line}: the header can be read with the delimiters {told}.",
            "Use one of them only.",
        )
    alone = [table for table in found if table.delimiter == usual] or found
    return next(iter(several or alone), None)


def header_missing(text: TextFile, usual: str) -> InputError:
    """The error for a table whose first line names no column of SMILES."""
    delimiter = max(_DELIMITERS, key=lambda one: (len(_header(text, one)[2]), one == usual))
    line, _, fields = _header(text, delimiter)
    if any(holds_smiles(field) for field in fields):
        return InputError(
            f"{text.path} has no header: line {line} looks like a molecule ({delimiter.join(fields)[:80]}).",
            f"Put a line above it that names the columns, as in smiles{delimiter}name.",
        )
    first = next(filter(str.strip, text.lines()), "").strip()
    if first.startswith("#"):
        return no_smiles(text.path, [first], "Remove the lines above the header.")
    if any(find_columns([word], text.path) for word in fields_of(first)):
        return no_smiles(text.path, [first], "Set the columns apart by commas, tabs, semicolons or bars.")
    return no_smiles(text.path, fields or [first])


def _table(text: TextFile, delimiter: str) -> Table | None:
    line, _, fields = _header(text, delimiter)
    width = len(fields)
    while len(fields) > 1 and not fields[-1].strip():
        fields.pop()
    columns = find_columns(fields, text.path)
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


def usual_delimiter(file: Path) -> str:
    """Delimiter of a table of this name: a tab for `.tsv`, a comma for others."""
    return "\t" if ".tsv" in [suffix.lower() for suffix in file.suffixes] else ","
