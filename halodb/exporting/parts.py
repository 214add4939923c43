"""The files of an export, one after another: begun when there is something for it, with so many rows at most each."""

from __future__ import annotations

import contextlib
import gzip
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

Block = Sequence[bytes] | pa.Table
"""Rows as records, or as a table."""

_LEVEL = 6


class PartWriter(Protocol):
    """Writes one file."""

    def write(self, block: Any) -> None:
        """Rows, of the kind that it takes."""

    def close(self) -> None:
        """The end of the file."""


class TextPart:
    """Records as text, one after the other, with what stands before, between and after them; gzip without a time."""

    def __init__(
        self, file: Path, *, compressed: bool, before: bytes = b"", between: bytes = b"", after: bytes = b""
    ) -> None:
        self._raw: IO[bytes] = file.open("wb")
        self._file: IO[bytes] | gzip.GzipFile = self._raw
        if compressed:
            self._file = gzip.GzipFile("", "wb", _LEVEL, self._raw, mtime=0)
        self._between, self._after = between, after
        self._empty = True
        self._file.write(before)

    def write(self, block: Sequence[bytes]) -> None:
        """Records."""
        if block:
            self._file.write((b"" if self._empty else self._between) + self._between.join(block))
            self._empty = False

    def close(self) -> None:
        """The end of the file, which is on the disk then."""
        try:
            self._file.write(self._after)
            if self._file is not self._raw:
                self._file.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
        finally:
            with contextlib.suppress(OSError):  # after an error of a full disk the same comes again
                self._raw.close()


class ParquetPart:
    """A table as Parquet, in row groups of the blocks that come."""

    def __init__(self, file: Path, schema: pa.Schema) -> None:
        self._path = file
        self._writer = pq.ParquetWriter(file, schema, compression="zstd")

    def write(self, block: pa.Table) -> None:
        """Rows."""
        self._writer.write_table(block)

    def close(self) -> None:
        """The end of the file, which is on the disk then."""
        self._writer.close()
        with self._path.open("r+b") as file:
            os.fsync(file.fileno())


class Parts:
    """The files, each with so many rows at most.

    Attributes:
        rows: of each file so far.
    """

    def __init__(self, path_of: Callable[[int], Path], open_part: Callable[[Path], PartWriter], most: int | None):
        self.rows: list[int] = []
        self._path_of, self._open_part, self._most = path_of, open_part, most
        self._part: PartWriter | None = None

    def write(self, block: Block) -> None:
        """Rows, into as many files as it takes."""
        begin, count = 0, len(block)
        while begin < count:
            part = self._begun()
            end = count if self._most is None else min(count, begin + self._most - self.rows[-1])
            part.write(block.slice(begin, end - begin) if isinstance(block, pa.Table) else block[begin:end])
            self.rows[-1] += end - begin
            begin = end

    def close(self) -> None:
        """The end of the last file; without rows there is one all the same."""
        if not self.rows:
            self._begun()
        part, self._part = self._part, None
        if part is not None:
            part.close()

    def abandon(self) -> None:
        """Let go of the last file after an error: on Windows it could not be removed otherwise."""
        with contextlib.suppress(Exception):
            self.close()

    def _begun(self) -> PartWriter:
        if self._part is not None and self._most is not None and self.rows[-1] == self._most:
            part, self._part = self._part, None
            part.close()
        if self._part is None:
            self._part = self._open_part(self._path_of(len(self.rows)))
            self.rows.append(0)
        return self._part
