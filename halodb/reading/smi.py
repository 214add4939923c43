r"""Lines of a `.smi` file: the SMILES, then a name.

The SMILES ends at white space or at a comma or semicolon, which no SMILES has; it may be in quotes. A first line that
names columns is a header: with `smiles` first in it the lines are read as without it, else the file is a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from halodb.chemistry.extension import split_smiles
from halodb.errors import InputError
from halodb.inputs.columns import is_smiles_name, plain_name
from halodb.reading.columns import CLASS_NAMES, Wanted
from halodb.reading.header import Table, find_table, find_without_header, header_missing
from halodb.reading.looks import fields_of, holds_smiles, smiles_come_later
from halodb.reading.row import ParentRow, Reading, Tally, given_row, rejected
from halodb.reading.table import table_reading
from halodb.reading.text import TextFile

_PARTS = re.compile(r'(?P<quote>"?)(?P<smiles>[^\s,;"]*)(?P=quote)(?:\s*[,;]\s*|\s+|$)(?P<rest>.*)')
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_LINES_LOOKED_AT = 100
_CHARACTERS_LOOKED_AT = 10_000
_PLAIN_COLUMNS = 2
_CLASSES = frozenset(map(plain_name, CLASS_NAMES))


def read_smi(text: TextFile, tally: Tally, wanted: Wanted) -> Reading:
    """How a `.smi` file is read, by its header where it has one.

    Raises:
        InputError: the SMILES do not come first, or a header says more than one thing.
    """
    header = _header(text)
    if wanted.smiles is not None or wanted.name is not None or wanted.class_name is not None:
        table = find_table(text, "\t", wanted) or find_without_header(text, "\t", wanted)
        if table is None:
            raise header_missing(text, "\t")
        return table_reading(text, table, tally)
    if header is not None:
        table = find_table(text, "\t", wanted)
        if table is not None and not _is_plain(table):
            return table_reading(text, table, tally)
        if table is None:
            _check_header(text, header)
    _check_order(text, header)
    return Reading((), _read_lines(text, header, tally))


def _read_lines(text: TextFile, header: str | None, tally: Tally) -> Iterator[ParentRow]:
    for number, line in enumerate(text.lines(), 1):
        content = line.strip()
        if header is not None and content == header:
            tally.skip("header")
            header = None
        elif not content:
            tally.skip("blank")
        elif content[0] == "#":
            tally.skip("comment")
        else:
            yield _row(content, number)


def _row(content: str, number: int) -> ParentRow:
    match = _PARTS.match(content)
    if match is None:
        return rejected(content, "SMILES with a quote in it or after it", number)
    smiles, rest = match["smiles"], _unquoted(match["rest"])
    if not rest.startswith("|"):
        return given_row(smiles, rest, None, number)
    smiles, name, refusal = split_smiles(f"{smiles} {rest}")
    return given_row(smiles if refusal is None else content, name, None, number, refusal)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if _QUOTED.fullmatch(name) else name


def _header(text: TextFile) -> str | None:
    """The line that names a column of SMILES, if it stands before all molecules; it may begin as a comment does."""
    found = None
    for line in text.lines():
        content = line.strip()
        if content and _names_smiles(content):
            found = content
        if content and content[0] != "#":
            break
    return found


def _names_smiles(line: str) -> bool:
    fields = fields_of(line)
    return not holds_smiles(fields[0] if fields else "") and any(map(is_smiles_name, fields))


def _is_plain(table: Table) -> bool:
    """Whether a line is a SMILES and a name, which may be missing and may hold the delimiter."""
    columns = table.columns
    return columns.smiles == 0 and len(columns.names) <= _PLAIN_COLUMNS and columns.class_name is None


def _check_header(text: TextFile, header: str) -> None:
    words = fields_of(header)
    if header[0] != "#" and (not is_smiles_name(words[0]) or not _CLASSES.isdisjoint(map(plain_name, words))):
        raise InputError(
            f"{text.path} has the columns `{header[:80]}`, set apart by spaces, which names may have.",
            "Set the columns apart by tabs, or give SMILES and names alone, the SMILES first.",
        )


def _check_order(text: TextFile, header: str | None) -> None:
    contents = (line.strip() for line in text.lines())
    rows = (content for content in contents if content and content[0] != "#" and content != header)
    lines = [row[:_CHARACTERS_LOOKED_AT] for row in islice(rows, _LINES_LOOKED_AT)]
    if smiles_come_later(lines):
        raise InputError(
            f"{text.path}: the names stand before the SMILES, as in `{lines[0][:80]}`.",
            "Put the SMILES first, put a header above that names the columns, set apart by tabs (name, smiles), or say "
            "which column holds the SMILES by its number: --smiles-column 2.",
        )
