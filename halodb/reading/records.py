"""Rows of delimited text in one fixed dialect: a quote is `"`, doubled within quotes, and nothing else is special.

Nothing is guessed from a sample, there are no comments and no escapes: a backslash belongs to its SMILES. Python's csv
module reads the rows; it counts the lines.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager

from halodb.errors import InputError
from halodb.reading.text import LONGEST_LINE, TextFile

_FROM_R = 'If R wrote it: write.table(..., sep = ",", row.names = FALSE, qmethod = "double").'

Record = tuple[int, int, list[str]]
"""The lines on which a row begins and ends, from 1, and its fields."""


def read_records(text: TextFile, delimiter: str) -> Iterator[Record]:
    """The rows of a text, blank ones and the header, too.

    Raises:
        InputError: the quotes of a row are wrong; the cause is a csv.Error.
    """
    reader = csv.reader(text.lines(), delimiter=delimiter, quotechar='"', doublequote=True, strict=True)
    line = 1
    try:
        with _long_fields():
            for fields in reader:
                yield line, reader.line_num, fields
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
