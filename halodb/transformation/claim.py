"""Which of the jobs asked for are pending, and what is in their way."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from halodb.errors import LibraryError, NewerVersionError
from halodb.files import remove_tree, rename_file, write_error
from halodb.jobs import Job, Manifest, write_manifest
from halodb.jobs.manifest import new_manifest
from halodb.jobs.state import State
from halodb.jobs.status import status_of
from halodb.transformation.pass_plan import Limits


def claim_pending(
    jobs: Sequence[Job], library: Path, limits: Limits, stride: int, replace: bool
) -> tuple[dict[str, Manifest], list[Job]]:
    """The manifests of all jobs, by name, and the jobs that want doing; each of these has its manifest written.

    Nothing is touched before every job was looked at.

    Raises:
        LibraryError: a job's directory holds something else and `replace` is not set.
        OutputError: the library cannot be written to.
    """
    manifests: dict[str, Manifest] = {}
    pending: list[Job] = []
    anew: list[Job] = []
    foreign: list[Job] = []
    for job in jobs:
        fingerprint = job.fingerprint(limits.max_heavy_atoms, stride)
        found = status_of(job, fingerprint)
        if found.state is State.NEWER:
            raise NewerVersionError(f"{job.directory} {found.why}.", "Update halodb, or choose another library.")
        if found.state in {State.STALE, State.FOREIGN} and not replace:
            raise LibraryError(
                f"{job.directory} {found.why}.", "Choose another library, or let it be made anew with --replace."
            )
        if found.manifest is not None and found.state is not State.STALE:
            manifests[job.name] = found.manifest
            if found.state is State.TRANSFORMING:
                pending.append(job)
        else:
            manifests[job.name] = new_manifest(job, library, fingerprint, stride)
            pending.append(job)
            anew.append(job)
            if found.state is State.FOREIGN:
                foreign.append(job)
    for job in foreign:
        _set_aside(job.products)
    for job in anew:
        # The manifest first: from now on no reader takes what is left of the old job for a result.
        write_manifest(job.directory, manifests[job.name])
        remove_tree(job.shards)
    return manifests, pending


def _set_aside(file: Path) -> None:
    """Rename a result that halodb did not make: it may be the only one."""
    if not file.exists():
        return
    numbers = itertools.count(1)
    free = next(
        path for number in numbers if not (path := file.with_name(f"{file.stem}.aside-{number}.parquet")).exists()
    )
    try:
        rename_file(file, free)
    except OSError as error:
        raise write_error(error, free) from error
