"""How a job stands before a pass: new, under way, done, or made from something else than what is asked for now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from halodb.errors import LibraryError
from halodb.jobs import Job, Manifest, State, read_manifest
from halodb.jobs.manifest import MANIFEST_FILE, new_manifest


class Standing(StrEnum):
    """How a job stands."""

    NEW = "new"
    """Nothing was made of it yet."""
    BEGUN = "begun"
    """Some of its units may be done."""
    TRANSFORMED = "transformed"
    """Only its dedup is left."""
    DONE = "done"
    """Its result is there."""
    CHANGED = "changed"
    """It was made from another input, rule, version or limit."""
    FOREIGN = "foreign"
    """Its directory holds a result that halodb did not make."""


@dataclass(frozen=True)
class JobStanding:
    """A job, how it stands, and where it is `CHANGED` or `FOREIGN` why, as the end of a sentence."""

    job: Job
    standing: Standing
    manifest: Manifest | None
    why: str = ""


_OF_STATE = {
    State.TRANSFORMING: Standing.BEGUN,
    State.TRANSFORMED: Standing.TRANSFORMED,
    State.DONE: Standing.DONE,
}


def standing_of(job: Job, fingerprint: str) -> JobStanding:
    """How a job stands in its library; a result that is gone from its place, or whose manifest is, is not done.

    Nothing tells which version made an adopted result: it is done while its input and its rule are those of now.
    """
    try:
        found = read_manifest(job.directory)
    except LibraryError:
        return JobStanding(job, Standing.CHANGED, None, f"has a {MANIFEST_FILE} that cannot be read")
    if found is None:
        if job.products.exists():
            return JobStanding(job, Standing.FOREIGN, None, f"has a {job.products.name} that halodb did not make")
        return JobStanding(job, Standing.NEW, None)
    changed = _changed(found, job, fingerprint)
    if changed:
        return JobStanding(job, Standing.CHANGED, found, changed)
    if found.state is State.DONE and not job.products.exists():
        return JobStanding(job, Standing.CHANGED, found, f"has lost its {job.products.name}")
    return JobStanding(job, _OF_STATE[found.state], found)


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
        return "another form of its rule"
    return ""
