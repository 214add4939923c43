"""What the units of a pass made for jobs, and whether it is all of their input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from halodb.inputs import InputName
from halodb.jobs.job import RECEIPTS_DIRECTORY, SHARDS_DIRECTORY, pass_directory
from halodb.jobs.manifest import Manifest
from halodb.units import JobReceipt, Unit, load_made, remaining


@dataclass
class Made:
    """What the units of a pass made for one job, in their order.

    Attributes:
        units: what each made.
        in_row_order: whether the rows of all shards, one after the other, are in the order of the result.
    """

    units: dict[Unit, JobReceipt] = field(default_factory=dict)
    in_row_order: bool = True


def made_for(manifests: Iterable[Manifest], library: Path, name: InputName) -> dict[str, Made]:
    """What the units of one input made, by the fingerprint of the job, as far as all its files are there.

    Raises:
        LibraryError: a receipt or a shard is there and cannot be looked at, or a newer halodb wrote the receipt.
    """
    shards = {manifest.fingerprint: library / manifest.job / SHARDS_DIRECTORY for manifest in manifests}
    found: dict[str, Made] = {fingerprint: Made() for fingerprint in shards}
    for receipt, made in load_made(pass_directory(library, name) / RECEIPTS_DIRECTORY, shards):
        job = found[made.fingerprint]
        job.units[receipt.unit] = made
        job.in_row_order &= receipt.in_row_order
    return found


def missing_rows(manifest: Manifest, units: Iterable[Unit]) -> list[Unit]:
    """The rows of a job's input that no unit answers for."""
    return list(remaining(Unit(0, manifest.input.rows), units))
