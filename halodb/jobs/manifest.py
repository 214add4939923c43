"""`manifest.json` of a job: its state, counts, what it was made from, and how long it took."""

from __future__ import annotations

import os.path
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import rdkit
from pydantic import AfterValidator, AliasChoices, BaseModel, Field

from halodb.documents import BareName, Document, read_document, write_document
from halodb.errors import MisplacedError
from halodb.jobs.job import ENGINE_VERSION, Job
from halodb.jobs.state import LASTING, State
from halodb.rules import Rule
from halodb.rules.classes import is_class_name
from halodb.units import ShardRecord
from halodb.version import __version__

MANIFEST_FILE = "manifest.json"


def _class_name(name: str) -> str:
    if not is_class_name(name):
        raise ValueError(f"{name!r} is not the name of a class")
    return name


def _lasting(state: State) -> State:
    if state not in LASTING:
        raise ValueError(f"{state} is no state of a manifest")
    return state


class InputRecord(BaseModel):
    """The input as the job saw it; `path` is absolute, `relative` starts at the library (empty across drives).

    `tail` is the digest of the file's end (`files.tail_digest`), empty where an older halodb did not note it.
    """

    path: str
    relative: str
    rows: int
    digest: str
    tail: str = ""


class Counts(BaseModel):
    """Parents read, parents matched, sites, rows before and after dedup, rejects by reason, and what was left out.

    `left_out` is what the sugar mask and limits left out, by `<what>: <rule>`.
    """

    parents: int = 0
    matched: int = 0
    sites: int = 0
    products: int = 0
    unique: int = 0
    rejects: dict[str, int] = Field(default_factory=dict)
    left_out: dict[str, int] = Field(default_factory=dict)


class Engine(BaseModel):
    """Versions that made the result; `rdkit` is empty where the result was adopted and nothing tells."""

    halodb: str = Field(default_factory=lambda: __version__)
    engine: int = ENGINE_VERSION
    rdkit: str = rdkit.__version__


class IndexRecord(BaseModel):
    """The index of a job's result, `index.parquet`, as it was written.

    Attributes:
        file: its name, rows, bytes and digest.
        tag: digest of the result it is of and of what made it (`jobs.indexed.index_tag`); with another one it is not
            used.
        inchikeys: whether it has them.
        seconds: CPU time of the workers, in all.
    """

    file: ShardRecord
    tag: str
    inchikeys: bool = False
    seconds: float = 0.0


class Manifest(Document):
    """What a job's `manifest.json` holds. Times are in seconds, moments in UTC, memory in bytes.

    The times of a pass are those of all its jobs together; `worker_seconds` is summed over the workers. `peak_memory`
    is of the process tree. Only rows whose number `stride` divides were parents (null where an older halodb
    did not say). `checksum` is that of `halodb.deduplication.content`, `files` are the result's files as they were
    written, `index` is its index, where it has one; `labelled` says that their rows name class, k and rule, as an older
    halodb's do not. `adopted_from` is the directory of an older script's result that was taken over; nothing tells what
    its parents matched, its sites and its duplicates: `matched` and `sites` are then 0 and `products` is `unique`,
    and the view `jobs` has null for all of them.
    """

    job: BareName
    state: Annotated[State, AfterValidator(_lasting)]
    class_name: Annotated[str, AfterValidator(_class_name)] = Field(
        validation_alias=AliasChoices("class", "class_name"), serialization_alias="class"
    )
    k: int = Field(ge=0)
    rules: tuple[Rule, ...] = Field(min_length=1)
    pooled: bool
    input: InputRecord
    fingerprint: str
    stride: int | None = None
    engine: Engine = Field(default_factory=Engine)
    counts: Counts = Field(default_factory=Counts)
    transform_seconds: float = 0.0
    dedup_seconds: float = 0.0
    worker_seconds: float = 0.0
    peak_memory: int = 0
    checksum: str = ""
    files: tuple[ShardRecord, ...] = ()
    labelled: bool = False
    adopted_from: str | None = None
    index: IndexRecord | None = None
    changed_at: datetime = Field(default_factory=lambda: datetime.now(UTC))

    def moved(self, state: State, **changes: object) -> Manifest:
        """The same manifest in another state, stamped with the time."""
        return self.model_copy(update={"state": state, "changed_at": datetime.now(UTC), **changes})

    @property
    def parents_expected(self) -> int | None:
        """How many parents the whole input has; None where nothing tells."""
        return None if self.stride is None else -(-self.input.rows // self.stride)


def new_manifest(job: Job, library: Path, fingerprint: str, stride: int = 1) -> Manifest:
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
            tail=job.input.tail,
        ),
        fingerprint=fingerprint,
        stride=stride,
    )


def read_manifest(directory: Path) -> Manifest | None:
    """The manifest in a job's directory, or None where there is none.

    Raises:
        NewerVersionError: a newer halodb wrote it.
        MisplacedError: it is of another job than the directory has the name of.
        LibraryError: it is damaged, or cannot be read.
    """
    path = directory / MANIFEST_FILE
    manifest = read_document(path, Manifest)
    if manifest is not None and manifest.job != directory.absolute().name:
        raise MisplacedError(
            f"{path} is of the job {manifest.job}: the directory is a copy, or was renamed.",
            "Remove it, move it out of the library, or give it its name back.",
        )
    return manifest


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    write_document(directory / MANIFEST_FILE, manifest)


def _relative(path: Path, library: Path) -> str:
    try:
        return Path(os.path.relpath(path.absolute(), library.absolute())).as_posix()
    except ValueError:  # another drive on Windows
        return ""
