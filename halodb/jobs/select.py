"""Jobs of a library by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from halodb.errors import LibraryError, UsageError, did_you_mean
from halodb.jobs.manifest import MANIFEST_FILE, Manifest, read_manifest

_REMEDY = "Give the directory that `halodb transform` or `halodb run` wrote to."
_LISTED = "`halodb sql 'SELECT job FROM jobs'` lists them."


def check_is_library(library: Path) -> None:
    """Refuse a directory that is not there.

    Raises:
        LibraryError: it is not.
    """
    if not library.is_dir():
        raise LibraryError(f"{library} does not exist.", _REMEDY)


def choose_jobs(library: Path, names: Sequence[str] = ()) -> list[Manifest]:
    """Manifests of the jobs named, or of all, sorted by name; a name may be a pattern such as `polyphenol-*`.

    Raises:
        LibraryError: the directory is not there, holds no job, or a manifest cannot be read.
        UsageError: a name that is no job of the library.
    """
    check_is_library(library)
    directories = {path.parent.name: path.parent for path in sorted(library.glob(f"*/{MANIFEST_FILE}"))}
    if not directories:
        raise LibraryError(f"{library} holds no job.", _REMEDY)
    found = (read_manifest(directories[name]) for name in pick(directories, names, library))
    return [manifest for manifest in found if manifest is not None]


def pick(there: Iterable[str], names: Sequence[str], where: Path, listed: str = _LISTED) -> list[str]:
    """The names of `there` that were asked for by name or pattern, or all where nothing was, in their order.

    Args:
        there: all names.
        names: names or patterns such as `polyphenol-*`.
        where: what has them.
        listed: says what lists them, for an error without a better hint.

    Raises:
        UsageError: nothing in `where` has such a name.
    """
    there = list(there)
    for name in names:
        if not any(fnmatchcase(one, name) for one in there):
            raise UsageError(f"{where} has no job {name}.", did_you_mean(name, there, otherwise=listed))
    return [one for one in there if not names or any(fnmatchcase(one, name) for name in names)]


def read_or_error(directory: Path) -> Manifest | LibraryError | None:
    """As `read_manifest`; where the manifest cannot be read, the error that says why."""
    try:
        return read_manifest(directory)
    except LibraryError as error:
        return error
