"""A text file whatever its compression, encoding and line ends: its lines."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import IO, cast

from halodb.errors import InputError
from halodb.reading.encoding import guess_encoding, not_text, sniff_encoding
from halodb.reading.packed import Part

LONGEST_LINE = 16 * 1024**2
"""Characters. No molecule needs them: a longer line is a file without line ends, or no text."""

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class TextFile:
    """A file of text; it can be read again and again, and memory does not grow with it.

    Attributes:
        part: the file.
        encoding: Python's name.
    """

    part: Part
    encoding: str

    @property
    def path(self) -> str:
        """What the file is called in messages."""
        return self.part.name

    def lines(self) -> Iterator[str]:
        r"""All lines, each with `\n` for whatever ended it (LF, CR LF, CR).

        Raises:
            InputError: damaged, cut short, not of its encoding, or a line is too long.
        """
        number = 0
        try:
            with self.part.opened() as content:
                wrapper = io.TextIOWrapper(
                    cast("IO[bytes]", _Reader(content)), self.encoding, errors="strict", newline=None
                )
                for line in iter(partial(wrapper.readline, LONGEST_LINE + 1), ""):
                    number += 1
                    self._check_line(line, number)
                    yield line
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(number, error) from error
        except InputError as error:
            if error.__cause__ is None or not number:  # of a line that is told already, or of none
                raise
            told = f"{error.message.rstrip('.')}; it was read up to line {number:,}."
            raise InputError(told, error.remedy) from error

    def line(self, number: int) -> str:
        """One line by its number, from 1, without its end; empty where there is none."""
        return next(islice(self.lines(), number - 1, None), "").rstrip("\n")

    def _check_line(self, line: str, number: int) -> None:
        if len(line) > LONGEST_LINE:
            raise InputError(
                f"{self.path}, line {number:,} is longer than {LONGEST_LINE:,} characters.",
                "Write one molecule a line; this file may have no line ends at all.",
            )
        if "\0" in line:
            raise InputError(
                f"{self.path}, line {number:,} holds NUL bytes: it is no text, or text in UTF-16.",
                "Save the whole file as UTF-8.",
            )

    def _wrong_encoding(self, lines_read: int, error: UnicodeDecodeError) -> InputError:
        """The error for bytes that are no text of this encoding; those of UTF-8 are looked for again, by line."""
        if not self.encoding.startswith("utf-8"):
            before = error.object[: error.start].decode(error.encoding, errors="ignore")
            place = lines_read + len(_LINE_END.split(before))
            return InputError(
                f"{self.path} begins as {self.encoding.upper()}, and line {place:,} is not.", "Save it as UTF-8."
            )
        with self.part.opened() as content:
            # In Latin-1 each byte is a character, so lines come as they are.
            wrapper = io.TextIOWrapper(cast("IO[bytes]", _Reader(content)), "latin-1", newline=None)
            for number, line in enumerate(iter(partial(wrapper.readline, LONGEST_LINE), ""), 1):
                given = line.encode("latin-1")
                try:
                    given.decode("utf-8")
                except UnicodeDecodeError as here:
                    return InputError(
                        f"{self.path}, line {number:,} is not UTF-8 (byte 0x{given[here.start]:02X}); "
                        f"{guess_encoding(given)}.",
                        "Save the file as UTF-8.",
                    )
        return InputError(f"{self.path} is not UTF-8: it ends within a character.", "Save the file as UTF-8.")


def open_text(part: Part) -> TextFile:
    """Find out how a file of text is encoded, from its content alone.

    Raises:
        InputError: the file cannot be opened, holds nothing, or is no text.
    """
    head = part.first_bytes()
    if not head:
        raise InputError(f"{part.name} is empty when it is unpacked.", "Export it again.")
    what = not_text(head)
    if what is not None:
        raise InputError(f"{part.name} is {what}, not text.", "Give a file .smi, .csv or .tsv in UTF-8, or .parquet.")
    return TextFile(part, sniff_encoding(head))


class _Reader(io.BufferedIOBase):
    """A stream of bytes as text wrappers want it: pyarrow's has not all of their methods."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._content.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self._content.read(size)
