"""Files of parents as tests write and read them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest

from halodb.errors import InputError
from halodb.reading import stage_parents
from halodb.reading.row import Tally


class Row(NamedTuple):
    """A staged row."""

    smiles: str | None
    name: str | None
    class_name: str | None
    line: int | None
    reject: str | None


class Read(NamedTuple):
    """What was read of a file."""

    rows: list[Row]
    tally: Tally

    @property
    def pairs(self) -> list[tuple[str | None, str | None]]:
        """SMILES and names of the rows that are no rejects."""
        return [(row.smiles, row.name) for row in self.rows if row.reject is None]

    @property
    def rejects(self) -> list[tuple[int | None, str]]:
        """Lines and reasons, without details."""
        return [(row.line, row.reject.partition(":")[0]) for row in self.rows if row.reject is not None]


def read(directory: Path, name: str, content: str | bytes) -> Read:
    """Write a file and read it as halodb does."""
    file = directory / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(file)


def read_file(file: Path) -> Read:
    """Read a file as halodb does."""
    staged = file.parent / "staged" / "parents.parquet"
    found = stage_parents(file, staged)
    rows = [Row(*values.values()) for values in pq.read_table(staged).to_pylist()]
    assert len(rows) == found.rows
    return Read(rows, found.tally)


def refused(directory: Path, name: str, content: str | bytes) -> str:
    """Write a file that halodb refuses; the message and the remedy."""
    with pytest.raises(InputError) as caught:
        read(directory, name, content)
    assert "\n" not in str(caught.value)
    return str(caught.value)
