"""Which of the jobs asked for are pending, and what is in their way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from halodb.errors import LibraryError
from halodb.files import remove_tree
from halodb.jobs import Job, Manifest, State, read_manifest, write_manifest
from halodb.jobs.manifest import new_manifest
from halodb.transformation.plan import Limits


def begin(
    jobs: Sequence[Job], library: Path, limits: Limits, stride: int, replace: bool
) -> tuple[dict[str, Manifest], list[Job]]:
    """The manifests of all jobs, by name, and the jobs that want doing; each of these has its manifest written.

    Nothing is touched before every job was looked at.

    Raises:
        LibraryError: a job's directory holds something else and `replace` is not set.
    """
    manifests: dict[str, Manifest] = {}
    pending: list[Job] = []
    anew: list[Job] = []
    for job in jobs:
        fingerprint = job.fingerprint(limits.max_heavy_atoms, stride)
        found = read_manifest(job.directory)
        if found is None and job.products.exists() and not replace:
            raise LibraryError(
                f"{job.directory} has a {job.products.name} that halodb did not make.",
                "Choose another library, or let it be replaced with --replace.",
            )
        if found is not None and found.fingerprint == fingerprint:
            manifests[job.name] = found
            if found.state is State.TRANSFORMING:
                pending.append(job)
            continue
        if found is not None and not replace:
            raise LibraryError(
                f"{job.directory} was made from {_difference(found, job)}.",
                "Choose another library, or let it be made anew with --replace.",
            )
        manifests[job.name] = new_manifest(job, library, fingerprint)
        pending.append(job)
        anew.append(job)
    for job in anew:
        # The manifest first: from now on no reader takes what is left of the old job for a result.
        write_manifest(job.directory, manifests[job.name])
        remove_tree(job.shards)
    return manifests, pending


def _difference(found: Manifest, job: Job) -> str:
    """What a job was made from, as far as it is not what is asked for now."""
    if found.input.digest != job.input.digest:
        return f"another input ({found.input.path}, {found.input.rows:,} rows; now {job.input.path})"
    if [rule.fingerprint for rule in found.rules] != [rule.fingerprint for rule in job.rules]:
        return "another form of its rule"
    now = new_manifest(job, job.directory, found.fingerprint).engine
    if found.engine != now:
        return f"another version (RDKit {found.engine.rdkit}, halodb {found.engine.halodb})"
    return "other limits (heavy atoms, or a sample of the rows)"
