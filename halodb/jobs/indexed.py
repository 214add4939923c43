"""Whether the index of a job's result is there, and of this very result."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import rdkit

from halodb.errors import HalodbWarning, LibraryError
from halodb.files import short_digest
from halodb.jobs.job import INDEX_FILE
from halodb.jobs.manifest import Manifest
from halodb.jobs.state import State

INDEX_VERSION = 1
"""Raised when an index would hold something else of the same result."""

_TAG = 12
"""Characters: with more, names of parts would be longer than `jobs.paths` reckons with on Windows."""


def index_tag(manifest: Manifest) -> str:
    """Digest of all that an index follows from: the rows of the result, RDKit, and what halodb notes of a molecule."""
    rows = str(manifest.counts.unique)
    return short_digest(manifest.fingerprint, manifest.checksum, rows, str(INDEX_VERSION), rdkit.__version__)[:_TAG]


def has_index(manifest: Manifest, library: Path) -> bool:
    """Whether a finished job has an index that may be used."""
    return manifest.index is not None and not problem_of_index(manifest, library)


def problem_of_index(manifest: Manifest, library: Path) -> str:
    """Why the index of a job is not used, as the end of a sentence; empty where nothing is wrong, or where it has none.

    Its end is not looked at, nor are its rows: `halodb verify` reads it.
    """
    directory = library / manifest.job
    if manifest.state is not State.DONE:
        return ""
    if manifest.index is None:
        return "is of another result" if (directory / INDEX_FILE).exists() else ""
    if manifest.index.tag != index_tag(manifest):
        return "is of another result, RDKit or halodb"
    try:
        return "" if manifest.index.file.is_there(directory) else "is gone, or is not the one that was written"
    except LibraryError as error:
        return error.message.rstrip(".")


def indexed_jobs(manifests: Sequence[Manifest], library: Path) -> list[Manifest]:
    """The jobs whose index may be used; of others that have one it is told in a warning why not."""
    for manifest in manifests:
        if problem := problem_of_index(manifest, library):
            told = f"the index of {manifest.job} {problem}: it is not used. `halodb index {library}` makes it anew."
            warnings.warn(told, HalodbWarning, stacklevel=2)
    return [manifest for manifest in manifests if has_index(manifest, library)]
