"""The status of a job before a pass: waiting, under way, done, or made of something else than is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from halodb.errors import DamagedDocumentError, LibraryError, MisplacedError, NewerVersionError
from halodb.jobs import Job, Manifest, read_manifest
from halodb.jobs.made import made_for, missing_rows
from halodb.jobs.manifest import MANIFEST_FILE, new_manifest
from halodb.jobs.result import lost_result
from halodb.jobs.state import State


@dataclass(frozen=True)
class JobStatus:
    """A job and its state, and where something is odd why, as the end of a sentence."""

    job: Job
    state: State
    manifest: Manifest | None
    why: str = ""

    @property
    def name(self) -> str:
        """Name of the job."""
        return self.job.name


_OF_ERROR: dict[type[LibraryError], tuple[State, str]] = {
    NewerVersionError: (State.NEWER, "of a newer halodb"),
    MisplacedError: (State.FOREIGN, "of another job"),
    DamagedDocumentError: (State.STALE, "that cannot be read"),
}


def status_of(job: Job, fingerprint: str) -> JobStatus:
    """The status of a job in its library; a result that is gone or damaged, or whose manifest is, is not done.

    Nothing tells which version made an adopted result: it is done while its input and its rule are those of now.

    Raises:
        LibraryError: the system does not let the manifest or a result be read.
    """
    try:
        found = read_manifest(job.directory)
    except tuple(_OF_ERROR) as error:
        state, what = _OF_ERROR[type(error)]
        return JobStatus(job, state, None, f"has a {MANIFEST_FILE} {what}")
    if found is None:
        if job.products.exists():
            return JobStatus(job, State.FOREIGN, None, f"has a {job.products.name} that halodb did not make")
        return JobStatus(job, State.WAITING, None)
    changed = _changed(found, job, fingerprint)
    if changed:
        return JobStatus(job, State.STALE, found, changed)
    return _of_same_job(job, found)


def _of_same_job(job: Job, found: Manifest) -> JobStatus:
    lost = lost_result(found, job.directory) if found.state is State.DONE else ""
    if lost:
        return JobStatus(job, State.STALE, found, lost)
    if found.state is State.TRANSFORMED and _is_incomplete(found, job):
        return JobStatus(job, State.TRANSFORMING, found, "has lost receipts or shards")
    return JobStatus(job, found.state, found)


def _is_incomplete(found: Manifest, job: Job) -> bool:
    """Whether receipts or shards of a job that waits for dedup have vanished."""
    made = made_for([found], job.directory.parent, job.input.name)
    return bool(missing_rows(found, made[found.fingerprint].units))


def _changed(found: Manifest, job: Job, fingerprint: str) -> str:
    """Why a job is another one than is asked for now; empty where it is the same."""
    if found.adopted_from is not None:
        origin = _other_origin(found, job)
        return f"was adopted from {found.adopted_from} for {origin}" if origin else ""
    return "" if found.fingerprint == fingerprint else f"was made from {_difference(found, job)}"


def _difference(found: Manifest, job: Job) -> str:
    """What a job was made from, as far as it is not what is asked for now."""
    origin = _other_origin(found, job)
    if origin:
        return origin
    now = new_manifest(job, job.directory, found.fingerprint).engine
    if found.engine != now:
        return f"another version (RDKit {found.engine.rdkit}, halodb {found.engine.halodb})"
    return "other limits (heavy atoms, or a sample of the rows)"


def _other_origin(found: Manifest, job: Job) -> str:
    """The input or the rule of a job where it is not that of now, else nothing."""
    if found.input.digest != job.input.digest:
        return f"another input ({found.input.path}, {found.input.rows:,} rows; now {job.input.path})"
    if [rule.fingerprint for rule in found.rules] != [rule.fingerprint for rule in job.rules]:
        return "other rules, limits or another sugar mask" if found.pooled else "another form of its rule"
    return ""
