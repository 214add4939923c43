"""Whether every row of a job's input is accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from halodb.errors import LibraryError
from halodb.inputs import InputName
from halodb.jobs import Manifest
from halodb.jobs.made import made_for, missing_rows
from halodb.jobs.state import State


def coverage_problems(manifest: Manifest, library: Path) -> list[str]:
    """Rows of the input that nobody answers for, as sentences without their end; of a job under way nothing is told."""
    return list(_problems(manifest, library))


def _problems(manifest: Manifest, library: Path) -> Iterator[str]:
    expected, counted = manifest.parents_expected, manifest.counts.parents
    if manifest.state is not State.TRANSFORMING and expected not in {None, counted}:
        yield f"{manifest.job}: {counted:,} parents were read, and its input has {expected:,}"
    if manifest.state is State.TRANSFORMED:
        try:
            made = made_for([manifest], library, InputName(manifest.class_name, manifest.k))
        except LibraryError as error:
            yield error.message.rstrip(".")
            return
        for gap in missing_rows(manifest, made[manifest.fingerprint].units):
            yield f"{manifest.job}: receipts or shards of rows {gap.start:,} to {gap.stop:,} are missing"
