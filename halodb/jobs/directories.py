"""The directories of a library's jobs, and what their manifests say."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from halodb.errors import HalodbWarning, LibraryError, MisplacedError, NewerVersionError
from halodb.files import read_error
from halodb.inputs.input import PRODUCTS_FILE
from halodb.inputs.names import is_input_name
from halodb.jobs.job import (
    INDEX_DIRECTORY,
    PASSES_DIRECTORY,
    RECEIPTS_DIRECTORY,
    SHARDS_DIRECTORY,
    WORKING_DIRECTORY,
    parse_job_name,
)
from halodb.jobs.manifest import Manifest, read_manifest
from halodb.jobs.state import State

_IN_A_PASS = (RECEIPTS_DIRECTORY, SHARDS_DIRECTORY, WORKING_DIRECTORY)


@dataclass(frozen=True)
class JobDirectory:
    """A directory of a job, and its manifest: None where it has none, an error where it cannot be used."""

    path: Path
    manifest: Manifest | LibraryError | None

    @property
    def name(self) -> str:
        """Its name, which is the job's."""
        return self.path.name

    @property
    def is_unfinished(self) -> bool:
        """Whether a run would go on with it."""
        return isinstance(self.manifest, Manifest) and self.manifest.state is not State.DONE

    @property
    def is_unreadable(self) -> bool:
        """Whether its manifest cannot be used."""
        return isinstance(self.manifest, LibraryError)


def job_directories(library: Path) -> list[JobDirectory]:
    """The directories of jobs, by name: those with a manifest, and those with a result and the name of a job.

    Raises:
        LibraryError: the library, or a directory in it, cannot be looked into.
    """
    found = []
    for path in directories_in(library):
        manifest = read_or_error(path)
        if manifest is not None or (parse_job_name(path.name) is not None and (path / PRODUCTS_FILE).exists()):
            found.append(JobDirectory(path, manifest))
    return found


def directories_in(library: Path) -> list[Path]:
    """The directories in a library, by name.

    Raises:
        LibraryError: it cannot be looked into.
    """
    try:
        return sorted(path for path in library.iterdir() if path.is_dir())
    except OSError as error:
        raise LibraryError(read_error(error, library), "Look at the disk and at its permissions.") from error


def own_directories(library: Path) -> Iterator[Path]:
    """The directories in a library that halodb writes files in, the library first; those that are there, links too."""
    yield library
    for path in directories_in(library):
        if is_name_of_job(path.name):
            yield from (each for each in (path, path / SHARDS_DIRECTORY, path / INDEX_DIRECTORY) if each.is_dir())
        elif path.name == PASSES_DIRECTORY:
            yield path
            for one in directories_in(path):
                yield one
                yield from (each for name in _IN_A_PASS if (each := one / name).is_dir())


def read_or_error(directory: Path) -> Manifest | LibraryError | None:
    """As `read_manifest`; where the manifest cannot be used, the error that says why."""
    try:
        return read_manifest(directory)
    except LibraryError as error:
        return error


def load_manifests(library: Path) -> Iterator[Manifest]:
    """The manifests of all jobs of a library, by name; one that cannot be used is told in a warning and left out.

    Raises:
        NewerVersionError: a newer halodb works in this library.
        LibraryError: the library cannot be looked into.
    """
    for job in job_directories(library):
        if isinstance(job.manifest, NewerVersionError):
            raise job.manifest
        if isinstance(job.manifest, LibraryError):
            warn_left_out(job.manifest)
        elif job.manifest is not None:
            yield job.manifest


def warn_left_out(error: LibraryError) -> None:
    """Say that a job is left out."""
    remedy = f" {error.remedy}" if isinstance(error, MisplacedError) else ""
    warnings.warn(f"{error.message}{remedy} It is left out.", HalodbWarning, stacklevel=3)


def is_name_of_job(name: str) -> bool:
    """Whether a directory has the name of a job, of `transform` or of `halogenate`."""
    return parse_job_name(name) is not None or is_input_name(name)
