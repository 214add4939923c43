"""A text file whatever its compression, encoding and line ends: its lines."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, cast

from halodb.errors import InputError
from halodb.reading.encoding import guess_encoding, not_text, sniff_encoding

LONGEST_LINE = 16 * 1024**2
"""Characters. No molecule needs them: a longer line is a file without line ends, or no text."""

_GZIP = b"\x1f\x8b"
_SNIFFED = 8192
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class TextFile:
    """A file of text; it can be read again and again, and memory does not grow with it.

    Attributes:
        path: the file.
        gzipped: whether its content is.
        encoding: Python's name.
    """

    path: Path
    gzipped: bool
    encoding: str

    def lines(self) -> Iterator[str]:
        r"""All lines, each with `\n` for whatever ended it (LF, CR LF, CR).

        Raises:
            InputError: damaged, cut short, not of its encoding, or a line is too long.
        """
        with _damage_told(self.path), _opened(self.path, self.gzipped) as content:
            wrapper = io.TextIOWrapper(content, self.encoding, errors="strict", newline=None)
            number = 0
            try:
                for line in iter(partial(wrapper.readline, LONGEST_LINE + 1), ""):
                    number += 1
                    self._check_line(line, number)
                    yield line
            except UnicodeDecodeError as error:
                raise self._wrong_encoding(number, error) from error

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
        with _opened(self.path, self.gzipped) as content:
            # In Latin-1 each byte is a character, so lines come as they are.
            wrapper = io.TextIOWrapper(content, "latin-1", newline=None)
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


def open_text(path: Path) -> TextFile:
    """Find out how a file of text is compressed and encoded, from its content alone.

    Raises:
        InputError: the file cannot be opened, holds nothing, or is no text.
    """
    gzipped = first_bytes(path).startswith(_GZIP)
    with _damage_told(path), _opened(path, gzipped) as content:
        head = content.read(_SNIFFED)
    if not head:
        raise InputError(f"{path} is empty when it is unpacked.", "Export it again.")
    what = not_text(head)
    if what is not None:
        raise InputError(f"{path} is {what}, not text.", "Give a file .smi, .csv or .tsv in UTF-8, or .parquet.")
    return TextFile(path, gzipped, sniff_encoding(head))


def first_bytes(path: Path, count: int = 4) -> bytes:
    """The first bytes of a file as they are.

    Raises:
        InputError: it cannot be read.
    """
    with _damage_told(path), path.open("rb") as file:
        return file.read(count)


@contextlib.contextmanager
def _opened(path: Path, gzipped: bool) -> Iterator[IO[bytes]]:
    with cast("IO[bytes]", gzip.open(path, "rb")) if gzipped else path.open("rb") as content:
        yield content


@contextlib.contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise InputError(f"{path} is cut short: its gzip data do not end.", "Copy or export it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{path} is damaged: its gzip data are wrong ({error}).", "Copy or export it again."
        ) from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.", "Check the file and its disk."
        ) from error
