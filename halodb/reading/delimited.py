"""Tables of text in one fixed dialect: the delimiter is the header's, a quote is `"` and doubled within quotes.

Nothing is guessed from a sample, there are no comments and no escapes: a backslash belongs to its SMILES. Python's csv
module reads the rows; it counts the lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from halodb.errors import InputError
from halodb.reading.cell import row_of_cells
from halodb.reading.columns import Columns, find_columns, no_smiles
from halodb.reading.looks import fields_of, holds_smiles
from halodb.reading.row import ParentRow, Tally, rejected
from halodb.reading.text import LONGEST_LINE, TextFile

_DELIMITERS = ",\t;|"
_EXCEL_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_FROM_R = 'If R wrote it: write.table(..., sep = ",", row.names = FALSE, qmethod = "double").'

_LEAST_SMILES = 3
"""Characters: shorter words of a text may be SMILES by chance."""

Record = tuple[int, list[str]]
"""Line on which a row begins, from 1, and its fields."""


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


def read_table(text: TextFile, table: Table, tally: Tally) -> Iterator[ParentRow]:
    """The rows of a table; one with too many or too few fields is a reject.

    Raises:
        InputError: the quotes of a row are wrong.
    """
    table.columns.told_to(tally)
    _, place, name_place, class_place = table.columns
    for line, fields in _records(text, table.delimiter, tally):
        if line <= table.header_line:
            continue
        if not any(fields) or (len(fields) == 1 and not fields[0].strip()):
            tally.skip("blank")
            continue
        refusal = _refusal(fields, table)
        if refusal is not None:
            yield rejected(table.delimiter.join(fields), refusal, line)
            continue
        name = fields[name_place] if name_place is not None else None
        class_name = fields[class_place] if class_place is not None else None
        yield row_of_cells(fields[place], name, class_name, line)


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
    delimiter = max(_DELIMITERS, key=lambda one: (len(_header(text, one)[1]), one == usual))
    line, fields = _header(text, delimiter)
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
    line, fields = _header(text, delimiter)
    width = len(fields)
    while len(fields) > 1 and not fields[-1].strip():
        fields.pop()
    columns = find_columns(fields, text.path)
    return Table(delimiter, columns, width, line) if columns else None


def _header(text: TextFile, delimiter: str) -> Record:
    """The first row that is not blank; none where this delimiter makes its quotes wrong."""
    try:
        records = _records(text, delimiter, Tally())
        content = (record for record in records if any(map(str.strip, record[1])))
        return next(dropwhile(lambda record: _is_excel_line(delimiter.join(record[1])), content), (0, []))
    except InputError as error:
        if not isinstance(error.__cause__, csv.Error):
            raise
        return 0, []


def _delimiter_named(text: TextFile) -> str | None:
    match = _EXCEL_DELIMITER.fullmatch(next(text.lines(), ""))
    return match[1] if match else None


def _is_excel_line(line: str) -> bool:
    return _EXCEL_DELIMITER.fullmatch(line) is not None


def _records(text: TextFile, delimiter: str, tally: Tally) -> Iterator[Record]:
    """The rows with the lines on which they begin.

    Raises:
        InputError: the quotes of a row are wrong; the cause is a csv.Error.
    """
    reader = csv.reader(text.lines(), delimiter=delimiter, quotechar='"', doublequote=True, strict=True)
    line = 1
    try:
        with _long_fields():
            for fields in reader:
                yield line, fields
                if reader.line_num > line:
                    tally.spanning += 1
                line = reader.line_num + 1
    except csv.Error as error:
        raise _wrong_quotes(text, line, error) from error


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module's limit of a field, 128 KiB, raised to that of a line; it is one for the whole process."""
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _wrong_quotes(text: TextFile, line: int, error: csv.Error) -> InputError:
    begin = text.line(line)
    told = f"{text.path}, line {line:,}: the quotes of this row are wrong ({_why(error)}): {begin[:80]}"
    if '\\"' in begin:
        return InputError(f"{told}.", f'Write a quote within quotes as "", not as \\". {_FROM_R}')
    return InputError(
        f"{told}.", 'Put a field with a quote or the delimiter in it into quotes, and write "" for a quote.'
    )


def _why(error: csv.Error) -> str:
    reason = str(error)
    if "expected after" in reason:
        return "a quote closes within a field"
    return "a quoted field does not end" if "unexpected end" in reason or "field larger" in reason else reason


def usual_delimiter(file: Path) -> str:
    """Delimiter of a table of this name: a tab for `.tsv`, a comma for others."""
    return "\t" if ".tsv" in [suffix.lower() for suffix in file.suffixes] else ","
