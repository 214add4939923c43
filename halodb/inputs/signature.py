"""Whether a file is still the one that was opened, without reading it again."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from halodb.errors import InputError


class Signature(NamedTuple):
    """What changes when a file is replaced or written to: size in bytes, time of the last change in ns, its number."""

    size: int
    changed_ns: int
    number: int


def signature_of(file: Path) -> Signature:
    """The signature of a file now.

    Raises:
        InputError: the file is gone.
    """
    try:
        status = file.stat()
    except OSError as error:
        raise InputError(f"{file} is gone: {error.strerror}.", "Put it back and run the command again.") from error
    return Signature(status.st_size, status.st_mtime_ns, status.st_ino)


def is_unchanged(file: Path, signature: Signature) -> bool:
    """Whether a file is there and the one whose signature was taken."""
    try:
        return signature_of(file) == signature
    except InputError:
        return False


def check_unchanged(file: Path, signature: Signature) -> None:
    """Refuse a file that is another one by now.

    Raises:
        InputError: the file was replaced or written to since the signature was taken.
    """
    if signature_of(file) != signature:
        raise InputError(
            f"{file} was replaced or written to while it was being read.",
            "Run the command again when it is complete; what was made of the former file is made anew.",
        )
