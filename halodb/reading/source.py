"""What is given as parents: a file, an archive, a directory of part files, or standard input."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from halodb.errors import InputError
from halodb.files import digest, digest_of
from halodb.reading.packed import Part, damage_told, files_of, parts_of

STANDARD_INPUT = Path("-")
_CALLED = "standard input"


@dataclass(frozen=True)
class Source:
    """Files that are read one after another.

    Attributes:
        name: what they are called together.
        parts: the files.
        directory: whether they are those of a directory.
        is_copied: whether they came through a pipe.
    """

    name: str
    parts: tuple[Part, ...]
    directory: bool = False
    is_copied: bool = False

    @property
    def digest(self) -> str:
        """Digest of all bytes; of a directory with the names of its files."""
        paths = list(dict.fromkeys(part.path for part in self.parts))
        if not self.directory:
            return digest(paths[0])
        root = Path(self.name)
        return digest_of("\n".join(f"{path.relative_to(root).as_posix()} {digest(path)}" for path in paths).encode())


def find_source(file: Path, spool: Path) -> Source:
    """Find the files that are meant by a path; `-` is standard input, which is copied to `spool` first.

    Raises:
        InputError: there is nothing, it is empty, or may not be read.
        DiskFullError, OutputError: standard input cannot be copied.
    """
    if file == STANDARD_INPUT:
        return _standard_input(spool)
    if not file.exists():
        raise InputError(f"{file} does not exist.", "Check the path.")
    if file.is_dir():
        files = [path for path in files_of(file) if path.stat().st_size]
        if not files:
            raise InputError(f"{file} is a directory without a file that holds something.", "Give files of parents.")
        return Source(str(file), tuple(part for path in files for part in parts_of(path)), directory=True)
    if file.is_file() and file.stat().st_size == 0:
        raise InputError(f"{file} is empty (0 bytes).", "Export it again.")
    if not file.is_file():  # a pipe that the shell has made, or a device
        return _copied(file, spool)
    return Source(str(file), tuple(parts_of(file)))


def _standard_input(spool: Path) -> Source:
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("nothing comes from standard input.", "Pipe the parents in: `... | halodb halogenate -`.")
    copy = spool / "standard-input"
    with damage_told(Part(copy, called=_CALLED)), copy.open("wb") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept, 1 << 20)
    if not copy.stat().st_size:
        raise InputError(f"{_CALLED} is empty.", "Pipe the parents in.")
    return Source(_CALLED, tuple(parts_of(copy, _CALLED)), is_copied=True)


def _copied(file: Path, spool: Path) -> Source:
    copy = spool / "copy"
    with damage_told(Part(file)), file.open("rb") as opened, copy.open("wb") as kept:
        shutil.copyfileobj(opened, kept, 1 << 20)
    if not copy.stat().st_size:
        raise InputError(f"{file} is empty.", "Export it again.")
    return Source(str(file), tuple(parts_of(copy, str(file))), is_copied=True)
