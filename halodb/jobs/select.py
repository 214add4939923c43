"""Jobs of a library by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from halodb.errors import LibraryError, MisplacedError, UsageError, did_you_mean
from halodb.jobs.directories import job_directories, warn_left_out
from halodb.jobs.manifest import Manifest

_REMEDY = "Give the directory that `halodb transform` or `halodb run` wrote to."
_LISTED = '`halodb sql "SELECT job FROM jobs"` lists them.'


def check_is_library(library: Path) -> None:
    """Refuse a directory that is not there.

    Raises:
        LibraryError: it is not.
    """
    if not library.is_dir():
        raise LibraryError(f"{library} does not exist.", _REMEDY)


def choose_jobs(library: Path, names: Sequence[str] = ()) -> list[Manifest]:
    """Manifests of the jobs named, or of all, sorted by name; a name may be a pattern such as `polyphenol-*`.

    A manifest in the directory of another job is told in a warning and left out: its rows would count twice.

    Raises:
        LibraryError: the directory is not there, holds no job, or a manifest cannot be read.
        UsageError: a name that is no job of the library.
    """
    check_is_library(library)
    found: dict[str, Manifest | LibraryError] = {}
    for job in job_directories(library):
        if isinstance(job.manifest, MisplacedError):
            warn_left_out(job.manifest)
        elif job.manifest is not None:
            found[job.name] = job.manifest
    if not found:
        raise LibraryError(f"{library} holds no job.", _REMEDY)
    chosen = [found[name] for name in pick(found, names, library)]
    for manifest in chosen:
        if isinstance(manifest, LibraryError):
            raise manifest
    return [manifest for manifest in chosen if isinstance(manifest, Manifest)]


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
