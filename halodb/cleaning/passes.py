"""What passes left: marks of workers, receipts that no job counts on, copies of inputs."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from halodb.cleaning.jobs import shard_files
from halodb.cleaning.leftovers import Kind, Leftover, leftovers_of
from halodb.jobs.job import PASSES_DIRECTORY, RECEIPTS_DIRECTORY, SHARDS_DIRECTORY
from halodb.units import JobReceipt, Receipt, read_receipt

_MARK = re.compile(r"\d{10,}-\d{10,}\.row|pressure|patterns\.[0-9a-f]+\.parquet")
_RECEIPT = re.compile(r"\d{10,}-\d{10,}\.[0-9a-f]+\.json")
_COPY = re.compile(r"parents\.([0-9a-f]+)\.parquet")
STAGING = "parents"
"""Of a `halogenate` that reads its parents."""


@dataclass(frozen=True)
class PassDirectory:
    """Where the passes over one input keep their files, and its receipts; None for one that cannot be read."""

    path: Path
    receipts: dict[Path, Receipt | None]

    def made(self) -> dict[str, list[JobReceipt]]:
        """What its units made, by the fingerprint of the job."""
        by_job: dict[str, list[JobReceipt]] = {}
        for receipt in self.receipts.values():
            for job in receipt.jobs if receipt is not None else ():
                by_job.setdefault(job.fingerprint, []).append(job)
        return by_job


def pass_directories(library: Path) -> list[PassDirectory]:
    """The passes of a library, by the name of the input."""
    paths = sorted((library / PASSES_DIRECTORY).glob("*"))
    return [PassDirectory(path, _receipts(path / RECEIPTS_DIRECTORY)) for path in paths if path.is_dir()]


def leftovers_of_pass(one: PassDirectory, waiting: Collection[str], digests: Collection[str]) -> list[Leftover]:
    """What is of no use in a pass.

    Args:
        one: the pass.
        waiting: fingerprints of the jobs that count on receipts.
        digests: of the inputs whose copies in smaller row groups are wanted.
    """
    found = leftovers_of(Kind.WORKING, one.path / "working", _named(one.path / "working", _MARK))
    if one.path.name == STAGING:  # of `halogenate`, which begins by removing it
        staged = [path for path in (one.path / "parents.parquet", one.path / "parents.beside.parquet") if path.exists()]
        return [*found, *leftovers_of(Kind.WORKING, one.path, [*staged, *shard_files(one.path / SHARDS_DIRECTORY)])]
    useless = [
        path
        for path, receipt in one.receipts.items()
        if receipt is None or not any(job.fingerprint in waiting for job in receipt.jobs)
    ]
    found += leftovers_of(Kind.RECEIPTS, one.path / RECEIPTS_DIRECTORY, useless)
    copies = [path for path in _named(one.path, _COPY) if path.name.split(".")[1] not in digests]
    return [*found, *leftovers_of(Kind.RECEIPTS, one.path, copies)]


def _receipts(directory: Path) -> dict[Path, Receipt | None]:
    return {path: read_receipt(path) for path in _named(directory, _RECEIPT)}


def _named(directory: Path, pattern: re.Pattern[str]) -> list[Path]:
    return sorted(path for path in directory.glob("*") if pattern.fullmatch(path.name))
