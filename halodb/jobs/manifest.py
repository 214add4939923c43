"""`manifest.json` of a job: its state, counts, what it was made from, and how long it took."""

from __future__ import annotations

import contextlib
import os.path
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import rdkit
from pydantic import AliasChoices, BaseModel, Field, ValidationError

from halodb.errors import LibraryError
from halodb.files import write_whole
from halodb.jobs.job import ENGINE_VERSION, Job
from halodb.rules import Rule
from halodb.units import ShardRecord
from halodb.version import __version__

MANIFEST_FILE = "manifest.json"
MANIFEST_VERSION = 1


class State(StrEnum):
    """How far a job is."""

    TRANSFORMING = "transforming"
    """Its pass was begun; units without a receipt are still to do."""
    TRANSFORMED = "transformed"
    """All its shards are written; duplicates are still in."""
    DONE = "done"
    """`products.parquet` is whole."""


class InputRecord(BaseModel):
    """The input as the job saw it; `path` is absolute, `relative` starts at the library (empty across drives)."""

    path: str
    relative: str
    rows: int
    digest: str


class Counts(BaseModel):
    """Parents read, parents matched, sites, rows before and after dedup, and rejects by reason."""

    parents: int = 0
    matched: int = 0
    sites: int = 0
    products: int = 0
    unique: int = 0
    rejects: dict[str, int] = Field(default_factory=dict)


class Engine(BaseModel):
    """Versions that made the result; `rdkit` is empty where the result was adopted and nothing tells."""

    halodb: str = Field(default_factory=lambda: __version__)
    engine: int = ENGINE_VERSION
    rdkit: str = rdkit.__version__


class Manifest(BaseModel):
    """What a job's `manifest.json` holds. Times are in seconds, moments in UTC, memory in bytes.

    The times of a pass are those of all its jobs together; `worker_seconds` is summed over the workers. `peak_memory`
    is of the process tree. `checksum` is that of `halodb.deduplication.content`, `files` are the result's files as
    they were written. `adopted_from` is the directory of an older script's result that was taken over; nothing tells
    what its parents matched, its sites and its duplicates: `matched` and `sites` are then 0 and `products` is `unique`,
    and the view `jobs` has null for all of them.
    """

    version: int = MANIFEST_VERSION
    job: str
    state: State
    class_name: str = Field(validation_alias=AliasChoices("class", "class_name"), serialization_alias="class")
    k: int
    rules: tuple[Rule, ...]
    pooled: bool
    input: InputRecord
    fingerprint: str
    engine: Engine = Field(default_factory=Engine)
    counts: Counts = Field(default_factory=Counts)
    transform_seconds: float = 0.0
    dedup_seconds: float = 0.0
    worker_seconds: float = 0.0
    peak_memory: int = 0
    checksum: str = ""
    files: tuple[ShardRecord, ...] = ()
    adopted_from: str | None = None
    changed_at: datetime = Field(default_factory=lambda: datetime.now(UTC))

    def moved(self, state: State, **changes: object) -> Manifest:
        """The same manifest in another state, stamped with the time."""
        return self.model_copy(update={"state": state, "changed_at": datetime.now(UTC), **changes})


def new_manifest(job: Job, library: Path, fingerprint: str) -> Manifest:
    """The manifest of a job whose pass begins."""
    return Manifest(
        job=job.name,
        state=State.TRANSFORMING,
        class_name=job.input.name.class_name,
        k=job.input.name.k,
        rules=job.rules,
        pooled=job.pooled,
        input=InputRecord(
            path=str(job.input.path),
            relative=_relative(job.input.path, library),
            rows=job.input.rows,
            digest=job.input.digest,
        ),
        fingerprint=fingerprint,
    )


def read_manifest(directory: Path) -> Manifest | None:
    """The manifest in a job's directory, or None where there is none.

    Raises:
        LibraryError: the file is there and cannot be understood.
    """
    path = directory / MANIFEST_FILE
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        raise LibraryError(
            f"{path} cannot be read: {str(error).splitlines()[0]}.", "Remove its directory and run the job again."
        ) from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    write_whole(directory / MANIFEST_FILE, manifest.model_dump_json(by_alias=True, indent=2).encode())


def load_manifests(library: Path) -> Iterator[Manifest]:
    """The manifests of all jobs of a library, by name; one that cannot be read is as good as none."""
    for path in sorted(library.glob(f"*/{MANIFEST_FILE}")):
        with contextlib.suppress(LibraryError):
            manifest = read_manifest(path.parent)
            if manifest is not None:
                yield manifest


def _relative(path: Path, library: Path) -> str:
    try:
        return Path(os.path.relpath(path.absolute(), library.absolute())).as_posix()
    except ValueError:  # another drive on Windows
        return ""
