"""Which row a worker is at: readable after the worker is gone, however it went."""

from __future__ import annotations

import contextlib
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

from halodb.files import read_file, remove_file, write_in_place
from halodb.units import Unit
from halodb.workers.place import working_directory_of

_ROW = struct.Struct("<q")


class RowMark:
    """The row that is being worked on, in a small file shared through memory (no system call a row)."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

    def at(self, row: int) -> None:
        """Note the row."""
        _ROW.pack_into(self._memory, 0, row)


@contextlib.contextmanager
def row_mark(directory: Path, unit: Unit) -> Iterator[RowMark]:
    """A mark for a unit; its file is removed when the unit ends or raises, and stays when the worker dies."""
    path = _path(directory, unit)
    write_in_place(path, _ROW.pack(-1))
    try:
        with path.open("r+b") as file, mmap.mmap(file.fileno(), _ROW.size) as memory:
            yield RowMark(memory)
    finally:
        with contextlib.suppress(OSError):  # `halodb clean` finds it
            remove_file(path)


def last_row(directory: Path, unit: Unit) -> int | None:
    """The row at which a worker died in this unit; None where it had not reached a row."""
    path = _path(directory, unit)
    try:
        (row,) = _ROW.unpack(read_file(path))
    except (OSError, struct.error):
        return None
    with contextlib.suppress(OSError):  # on Windows it may be mapped still; the row counts all the same
        remove_file(path)
    return row if row >= 0 else None


def _path(directory: Path, unit: Unit) -> Path:
    return working_directory_of(directory) / f"{unit.name}.row"
