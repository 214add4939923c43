"""JSON documents that halodb writes: manifests, receipts, records, reports. Each tells its version.

A document comes from a disk that others write to: it may be damaged, of a newer halodb, or made to mislead. A newer one
is never taken for one of ours nor written over, and names in it cannot lead out of its directory.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError

from halodb.errors import DamagedDocumentError, LibraryError, NewerVersionError
from halodb.files import PATIENCE_SECONDS, read_error, read_file, write_whole

_PARTS_OF_PATHS = frozenset('/\\:\0<>"|?*')


class Document(BaseModel):
    """A document; its `version` is raised when a field changes its meaning or goes.

    Attributes:
        newest: the highest version that this halodb understands.
    """

    newest: ClassVar[int] = 1

    version: int = 1


AnyDocument = TypeVar("AnyDocument", bound=Document)


def _bare(name: str) -> str:
    if not name or name in {".", ".."} or not _PARTS_OF_PATHS.isdisjoint(name):
        raise ValueError(f"{name!r} is not the name of a file")
    return name


BareName = Annotated[str, AfterValidator(_bare)]
"""A name of a file or directory, without a path: what is joined to a directory stays in it, on Windows too."""


def read_document(path: Path, model: type[AnyDocument]) -> AnyDocument | None:
    """Read a document; None where there is none.

    Raises:
        NewerVersionError: a newer halodb wrote it.
        DamagedDocumentError: it is not what halodb wrote.
        LibraryError: the system does not let it be read.
    """
    try:
        content = read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LibraryError(read_error(error, path), "Make it readable, then run the command again.") from error
    version = _version_of(content)
    if version > model.newest:
        raise NewerVersionError(
            f"{path} was written by a newer halodb (its version is {version}, this one knows {model.newest}).",
            "Update halodb, or choose another directory.",
        )
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        what = f"{where}: {first['msg']}" if where else first["msg"]
        raise DamagedDocumentError(f"{path} is damaged ({what}).", "Remove it and run the command again.") from error


def read_whole_document(path: Path, model: type[AnyDocument]) -> AnyDocument | None:
    """Read a document that is made anew where it is lost: None where there is none, or it is damaged.

    Raises:
        NewerVersionError: a newer halodb wrote it.
        LibraryError: it is there and the system does not let it be read.
    """
    try:
        return read_document(path, model)
    except DamagedDocumentError:
        return None


def write_document(
    path: Path, document: Document, *, indent: int | None = 2, patience: float = PATIENCE_SECONDS
) -> None:
    """Write a document, or replace it in one step; see `files.whole_file`.

    Raises:
        DiskFullError, OutputError: it cannot be written.
    """
    write_whole(path, document.model_dump_json(by_alias=True, indent=indent).encode(), patience)


def _version_of(content: bytes) -> int:
    try:
        version = json.loads(content).get("version", 1)
    except (ValueError, AttributeError, RecursionError):
        return 1
    return version if isinstance(version, int) else 1
