"""Where an export goes: one file, or a directory of files with their list. Each appears whole, in one step, or not.

What is written has a temporary name beside it until the end. A set of files is a directory: it is renamed when all its
files and `export.json`, their list, are on the disk. A killed export leaves a hidden name that ends with `.tmp`, which
the next export to the same place removes.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict

from halodb.documents import Document, read_document, write_document
from halodb.errors import HalodbError, LibraryError, OutputError
from halodb.exporting.form import Form
from halodb.files import (
    TEMPORARY_SUFFIX,
    is_link,
    make_directory,
    remove_file,
    remove_tree,
    rename_file,
    sync_directory,
    whole_file,
    write_error,
)
from halodb.temporary import temporary_files
from halodb.units import ShardRecord

LIST_FILE = "export.json"
_LEAST_DIGITS = 5
_OLD = "old"
_REPLACE = "Give --replace to write over it, or choose another name."


class ExportList(Document):
    """`export.json`: the files of a set, in order; a directory without it, or with other files, is not whole.

    Attributes:
        rows: in all.
        failures: molecules that were left out; the file of them is beside the others.
        files: each with its rows, bytes and digest (BLAKE2b, 128 bits).
    """

    model_config = ConfigDict(frozen=True)

    rows: int
    failures: int
    files: tuple[ShardRecord, ...]


@dataclass(frozen=True)
class Target:
    """Where an export goes.

    Attributes:
        file: as it was given.
        form: of the file.
        split: rows of each file of a set; None for one file.
        replace: whether what is there may be written over.
    """

    file: Path
    form: Form
    split: int | None
    replace: bool

    @property
    def path(self) -> Path:
        """What there is in the end: the file, or the directory of the set, which has its name without the endings."""
        return self.file if self.split is None else self.file.with_name(self.form.stem)

    @property
    def failures(self) -> Path:
        """The file of what was left out: beside the file, or in the directory."""
        return (self.file.parent if self.split is None else self.path) / f"{self.form.stem}_failures.csv"

    def check(self) -> None:
        """Refuse a target that cannot be written, before the work.

        Raises:
            OutputError: something is there that may not be written over, or it is another kind of thing.
        """
        check_place(self.path, replace=self.replace, directory=self.split is not None)
        if self.split is not None and self.path.exists():
            _check_is_ours(self.path)

    @contextlib.contextmanager
    def place(self) -> Iterator[Path]:
        """A temporary file, or a temporary directory, that becomes `path` when the block ends well.

        Raises:
            DiskFullError: the disk ran out of room.
            OutputError: the place cannot be written to.
        """
        self._sweep()
        with whole_file(self.file) if self.split is None else _whole_directory(self.path) as place:
            yield place

    def _sweep(self) -> None:
        """Remove what killed exports to this target left."""
        with contextlib.suppress(OSError):
            for path in temporary_files(self.path.parent):
                if path.name.startswith(f".{self.path.name}."):
                    remove_tree(path) if path.is_dir() and not is_link(path) else remove_file(path)


def check_place(path: Path, *, replace: bool, directory: bool = False) -> None:
    """Refuse a place where a file, or a directory of them, cannot be written, before the work.

    Raises:
        OutputError: something is there that may not be written over, or it is another kind of thing.
    """
    if is_link(path):
        raise OutputError(f"{path} is a link to {path.resolve()}.", "Name the place itself.")
    if path.exists():
        if not directory and path.is_dir():
            raise OutputError(f"{path} is a directory.", "Name a file in it.")
        if directory and not path.is_dir():
            raise OutputError(f"{path} is a file, and a set of files is a directory.", "Choose another name.")
        if not replace:
            raise OutputError(f"{path} is there already.", _REPLACE)
    _check_writable(path)


def name_of_part(form: Form, number: int, parts: int) -> str:
    """Name of a file of a set, from number 0: they sort as their rows do.

    >>> from halodb.exporting.form import form_of
    >>> name_of_part(form_of(Path("hits.sdf.gz")), 6, 31)
    'hits-00007.sdf.gz'
    """
    return f"{form.stem}-{number + 1:0{max(_LEAST_DIGITS, len(str(parts)))}d}{form.ending}"


def write_list(place: Path, form: Form, rows: list[int], failures: int) -> tuple[str, ...]:
    """Give the files of a set their names, and write their list; the names.

    Args:
        place: the directory, with files named by their numbers.
        form: of them.
        rows: of each.
        failures: in all.
    """
    records = []
    for number, count in enumerate(rows):
        name = name_of_part(form, number, len(rows))
        rename_file(place / str(number), place / name)
        records.append(ShardRecord.of(place / name, count, name))
    listed = ExportList(rows=sum(rows), failures=failures, files=tuple(records))
    write_document(place / LIST_FILE, listed)
    return tuple(record.file for record in records)


@contextlib.contextmanager
def _whole_directory(path: Path) -> Iterator[Path]:
    """As `files.whole_file`, of a directory whose files are synced by who writes them."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    old = path.with_name(f".{path.name}.{_OLD}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        make_directory(path.parent)
        if temporary.exists():
            remove_tree(temporary)
        temporary.mkdir()
        yield temporary
        if path.exists():  # a directory cannot be replaced in one step: for a moment there is none
            rename_file(path, old)
        sync_directory(temporary)
        rename_file(temporary, path)
        sync_directory(path.parent)
    except BaseException as error:
        if temporary.exists():
            remove_tree(temporary)
        if old.exists() and not path.exists():
            with contextlib.suppress(OSError):
                rename_file(old, path)
        if isinstance(error, OSError):
            raise write_error(error, path) from error
        raise
    if old.exists():
        remove_tree(old)


def _check_is_ours(path: Path) -> None:
    """Refuse to remove a directory that holds anything but the files of an export."""
    try:
        listed = read_document(path / LIST_FILE, ExportList)
        there = {entry.name for entry in path.iterdir()}
    except (LibraryError, OSError) as error:
        told = error.message if isinstance(error, HalodbError) else str(error)
        raise OutputError(f"{path} cannot be replaced: {told.rstrip('.')}.", "Choose another name.") from error
    ours = {LIST_FILE, *(record.file for record in listed.files)} if listed is not None else set()
    others = {name for name in there - ours if not re.fullmatch(r".+_failures\.csv", name)}
    if others:
        raise OutputError(
            f"{path} holds {min(others)}, which no export wrote: it is not replaced.", "Choose another name."
        )


def _check_writable(path: Path) -> None:
    """Refuse a place where nothing can be written, as far as it can be told before."""
    parent = path.parent
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    if not parent.is_dir():
        raise OutputError(f"{parent} is a file, so {path} cannot be in it.", "Choose another place.")
    if not os.access(parent, os.W_OK):
        raise OutputError(f"{path}: permission denied.", "Choose a place that you may write to.")
