"""One parent as its file gives it, and what a file tells beside its parents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

LONGEST_SMILES = 100_000
"""Characters: 100 for each heavy atom of the largest parent that halodb takes by default."""

LONGEST_NAME = 10_000
"""Characters: a longer one is no name, and workers hold the names of a unit's parents."""

_SHOWN = 1000


class ParentRow(NamedTuple):
    """A row: what is None was not given.

    Attributes:
        smiles: a bare SMILES; of a reject the text as it was given, cut to 1,000 characters.
        name: the name, all of it.
        class_name: the class, as it was given.
        line: line of a text file on which the row begins, from 1.
        reject: why the row cannot be used; the part before a colon is stable.
        others: the values of the other columns, in their order; none of a reject.
        unknown_class: the class as it was given, where it is not known.
    """

    smiles: str | None
    name: str | None = None
    class_name: str | None = None
    line: int | None = None
    reject: str | None = None
    others: tuple[object, ...] = ()
    unknown_class: str | None = None


class Column(NamedTuple):
    """A column that travels: its name in the file, and the type of its values."""

    name: str
    kind: pa.DataType = pa.string()


class Reading(NamedTuple):
    """How a file is read: the columns that travel, and its rows, which are read when they are asked for."""

    others: tuple[Column, ...]
    rows: Iterator[ParentRow]


@dataclass
class Tally:
    """What is told of a file beside its rows; filled while it is read.

    Attributes:
        columns: which column gave `smiles`, `name` and `class`; empty for lines without a header.
        ignored: names of the other columns, which travel.
        skipped: lines that are no rows, by kind.
        spanning: rows whose quoted fields go on over several lines.
        unknown_classes: rows of classes that are not known, by class as it was given.
        first_unknown: the first of them, as sentences.
    """

    columns: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    spanning: int = 0
    unknown_classes: dict[str, int] = field(default_factory=dict)
    first_unknown: list[str] = field(default_factory=list)

    def skip(self, kind: str) -> None:
        """Count a line that is no row."""
        self.skipped[kind] = self.skipped.get(kind, 0) + 1


def rejected(text: str | None, reason: str, line: int | None = None, name: str | None = None) -> ParentRow:
    """A row that cannot be used."""
    return ParentRow(text[:_SHOWN] if text else text, name, None, line, reject=reason)


def given_row(
    smiles: str | None, name: str | None, class_name: str | None, line: int | None, refusal: str | None = None
) -> ParentRow:
    """A row as it is given, a reject where it is refused or too long."""
    if smiles and len(smiles) > LONGEST_SMILES:
        refusal = f"SMILES is longer than {LONGEST_SMILES:,} characters"
    if name and len(name) > LONGEST_NAME:
        return rejected(smiles, f"name is longer than {LONGEST_NAME:,} characters", line, name[:_SHOWN])
    if refusal is not None:
        return rejected(smiles, refusal, line, name)
    return ParentRow(smiles or None, name or None, class_name, line)
