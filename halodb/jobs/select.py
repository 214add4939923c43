"""Jobs of a library by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from halodb.errors import LibraryError, UsageError, did_you_mean
from halodb.jobs.manifest import Manifest, load_manifests

_REMEDY = "Give the directory that `halodb transform` or `halodb run` wrote to."


def check_is_library(library: Path) -> None:
    """Refuse a directory that is not there.

    Raises:
        LibraryError: it is not.
    """
    if not library.is_dir():
        raise LibraryError(f"{library} does not exist.", _REMEDY)


def choose_jobs(library: Path, names: Sequence[str] = ()) -> list[Manifest]:
    """Manifests of the jobs named, or of all, sorted by name.

    Raises:
        LibraryError: the directory is not there or holds no job.
        UsageError: a name that is no job of the library.
    """
    check_is_library(library)
    manifests = {manifest.job: manifest for manifest in load_manifests(library)}
    if not manifests:
        raise LibraryError(f"{library} holds no job.", _REMEDY)
    for name in names:
        if name not in manifests:
            hint = did_you_mean(name, manifests, otherwise="`halodb sql 'SELECT job FROM jobs'` lists them.")
            raise UsageError(f"{library} has no job {name}.", hint)
    return [manifest for name, manifest in manifests.items() if not names or name in names]
