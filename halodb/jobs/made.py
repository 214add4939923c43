"""What the units of a pass made for jobs, and whether it is all of their input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from halodb.inputs import InputName
from halodb.jobs.job import RECEIPTS_DIRECTORY, SHARDS_DIRECTORY, pass_directory
from halodb.jobs.manifest import Manifest
from halodb.units import JobReceipt, Unit, load_made, remaining

Made = dict[Unit, JobReceipt]
"""What each unit made for one job."""


def made_for(manifests: Iterable[Manifest], library: Path, name: InputName) -> dict[str, Made]:
    """What the units of one input made, by the fingerprint of the job, as far as all its files are there.

    Raises:
        LibraryError: a receipt or a shard is there and cannot be looked at, or a newer halodb wrote the receipt.
    """
    shards = {manifest.fingerprint: library / manifest.job / SHARDS_DIRECTORY for manifest in manifests}
    found: dict[str, Made] = {fingerprint: {} for fingerprint in shards}
    for receipt, made in load_made(pass_directory(library, name) / RECEIPTS_DIRECTORY, shards):
        found[made.fingerprint][receipt.unit] = made
    return found


def missing_rows(manifest: Manifest, units: Iterable[Unit]) -> list[Unit]:
    """The rows of a job's input that no unit answers for."""
    return list(remaining(Unit(0, manifest.input.rows), units))
