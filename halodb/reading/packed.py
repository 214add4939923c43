"""A file as it lies on the disk, packed or not: what it is packed with, and its content as a stream of bytes.

What packs a file is told by its first bytes, whatever it is named: gzip, bzip2, xz, Zstandard, ZIP.
"""

from __future__ import annotations

import bz2
import contextlib
import errno
import gzip
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import pyarrow as pa

from halodb.errors import InputError
from halodb.files import write_error

SUFFIXES = (".gz", ".gzip", ".bgz", ".bz2", ".xz", ".zst", ".zstd", ".zip")
"""Ends of the names of packed files, before which the kind of their content stands."""

_SNIFFED = 8192
_WORKBOOK = "xl/workbook.xml"
_SKIPPED = (".", "_")
"""Begins of names of files that tell of others: `_SUCCESS`, `.crc`, `__MACOSX/`."""


class Packing(StrEnum):
    """What a file is packed with."""

    NONE = "nothing"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTANDARD = "Zstandard"
    ZIP = "ZIP"


_MAGIC = {
    b"\x1f\x8b": Packing.GZIP,
    b"BZh": Packing.BZIP2,
    b"\xfd7zXZ\x00": Packing.XZ,
    b"\x28\xb5\x2f\xfd": Packing.ZSTANDARD,
    b"PK\x03\x04": Packing.ZIP,
}


@dataclass(frozen=True)
class Part:
    """A file to be read, alone or one of several: of a directory, of a ZIP archive.

    Attributes:
        path: where it lies.
        packing: what it is packed with.
        member: its name in a ZIP archive.
        called: what it is called in messages, where that is not its path.
    """

    path: Path
    packing: Packing = Packing.NONE
    member: str = ""
    called: str = ""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.called or (f"{self.path}/{self.member}" if self.member else str(self.path))

    @property
    def suffix(self) -> str:
        """The end of its name without that of the packing, in lower case: `.csv` of `parents.CSV.gz`."""
        suffixes = [suffix.lower() for suffix in PurePosixPath(self.member or self.path.name).suffixes]
        while suffixes and suffixes[-1] in SUFFIXES:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @contextlib.contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Its content, unpacked while it is read.

        Raises:
            InputError: it cannot be read, is damaged or cut short.
        """
        with damage_told(self), _unpacked(self) as content:
            yield content

    def first_bytes(self, count: int = _SNIFFED) -> bytes:
        """The first bytes of its content.

        Raises:
            InputError: it cannot be read, or is damaged.
        """
        with self.opened() as content:
            return content.read(count)


def parts_of(path: Path, called: str = "") -> list[Part]:
    """A file as a part; of a ZIP archive, its members. A workbook is an archive, too, and one part.

    Raises:
        InputError: it cannot be read, holds nothing, or is a damaged or an encrypted archive.
    """
    with damage_told(Part(path, called=called)), path.open("rb") as file:
        head = file.read(8)
    packing = next((packing for magic, packing in _MAGIC.items() if head.startswith(magic)), Packing.NONE)
    if packing is not Packing.ZIP:
        return [Part(path, packing, called=called)]
    with damage_told(Part(path, Packing.ZIP, called=called)), zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if any(member.filename == _WORKBOOK for member in members):
            return [Part(path, called=called)]
        wanted = [member for member in members if not _is_skipped(member.filename)]
        if any(member.flag_bits & 1 for member in wanted):
            raise InputError(f"{called or path} is encrypted.", "Unpack it with its password, and give what is in it.")
    if not wanted:
        raise InputError(f"{called or path} is an archive without a file in it.", "Export it again.")
    return [Part(path, Packing.ZIP, name.filename) for name in sorted(wanted, key=lambda each: each.filename)]


def _is_skipped(name: str) -> bool:
    return any(part.startswith(_SKIPPED) for part in PurePosixPath(name).parts)


def files_of(directory: Path) -> list[Path]:
    """The files of a directory and of those below it, by name, without those that begin with a dot or an underscore."""
    found = (path for path in directory.rglob("*") if path.is_file())
    return sorted(path for path in found if not _is_skipped(path.relative_to(directory).as_posix()))


@contextlib.contextmanager
def damage_told(part: Part) -> Iterator[None]:
    """Turn what goes wrong in reading a file into an error for the user.

    Raises:
        InputError: something did.
    """
    try:
        yield
    except EOFError as error:
        raise InputError(
            f"{part.name} is cut short: its {part.packing} data do not end.", "Copy or export it again."
        ) from error
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{part.name}, a ZIP archive or an Excel workbook, is damaged ({_first_line(error)}).",
            "Copy or export it again.",
        ) from error
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, pa.ArrowException) as error:
        raise InputError(
            f"{part.name} is damaged: its {part.packing} data are wrong ({_first_line(error)}).",
            "Copy or export it again.",
        ) from error
    except (NotImplementedError, RuntimeError) as error:  # of zipfile
        raise InputError(f"{part.name} cannot be unpacked: {_first_line(error)}.", "Unpack it yourself.") from error
    except OSError as error:
        if error.errno is None and part.packing is not Packing.NONE:  # of bzip2 and Zstandard
            cut = "truncated" in str(error).lower()
            raise InputError(
                f"{part.name} is {'cut short' if cut else 'damaged'}: its {part.packing} data "
                f"{'do not end' if cut else f'are wrong ({_first_line(error)})'}.",
                "Copy or export it again.",
            ) from error
        if error.errno == errno.ENOSPC:
            raise write_error(error, part.path) from error
        raise InputError(
            f"{part.name} cannot be read: {error.strerror or error}.", "Check the file and its disk."
        ) from error


def unpacked(part: Part, directory: Path) -> Path:
    """A file that must be read from its end, as Parquet is: itself, or a copy of what is packed in it.

    Args:
        part: the file.
        directory: where a copy goes.

    Raises:
        InputError: it is damaged.
        DiskFullError: there is no room for the copy.
    """
    if part.packing is Packing.NONE:
        return part.path
    copy = directory / f"{len(list(directory.iterdir()))}{part.suffix}"
    with part.opened() as content, copy.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    return copy


@contextlib.contextmanager
def _unpacked(part: Part) -> Iterator[IO[bytes]]:
    opened: Any
    match part.packing:
        case Packing.GZIP:
            opened = gzip.open(part.path, "rb")  # noqa: SIM115
        case Packing.BZIP2:
            opened = bz2.open(part.path, "rb")  # noqa: SIM115
        case Packing.XZ:
            opened = lzma.open(part.path, "rb")  # noqa: SIM115
        case Packing.ZSTANDARD:
            opened = pa.input_stream(str(part.path), compression="zstd")
        case Packing.ZIP:
            with zipfile.ZipFile(part.path) as archive, archive.open(part.member) as member:
                yield member
            return
        case _:
            opened = part.path.open("rb")
    with opened as content:
        yield cast("IO[bytes]", content)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
