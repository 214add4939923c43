"""What every worker of a pass must know, and what one unit of it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from halodb.errors import UsageError
from halodb.inputs.signature import Signature, check_unchanged
from halodb.jobs import Job
from halodb.jobs.job import RECEIPTS_DIRECTORY
from halodb.shards import DEFAULT_BUDGET
from halodb.units import JobReceipt, Receipt, load_made

MAX_HEAVY_ATOMS = 1000
MOST_HEAVY_ATOMS = 100_000
"""Sites, with hydrogens that are atoms, must stay below 2**20, which `sql/dedup/grouped.sql` packs them in."""
PARENT_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """What one parent and one worker may take.

    Attributes:
        max_heavy_atoms: parents with more are rejected.
        parent_seconds: a parent that takes longer, twice, is rejected.
        shard_bytes: Arrow data that a worker holds before it writes a shard.
    """

    max_heavy_atoms: int = MAX_HEAVY_ATOMS
    parent_seconds: float = PARENT_SECONDS
    shard_bytes: int = DEFAULT_BUDGET

    def __post_init__(self) -> None:
        """Check them.

        Raises:
            UsageError: they are out of range.
        """
        if not 1 <= self.max_heavy_atoms <= MOST_HEAVY_ATOMS:
            raise UsageError(
                f"{self.max_heavy_atoms:,} heavy atoms is no limit for a parent.", f"Give 1 to {MOST_HEAVY_ATOMS:,}."
            )


@dataclass(frozen=True)
class PassPlan:
    """One pass, as it is sent once to every worker.

    Attributes:
        source: the Parquet file that the units read: the input, or a copy of it in smaller row groups or another order.
        order: of its rows, see `inputs.analogues`.
        jobs: the pending jobs, all of one input.
        fingerprints: one for each job.
        directory: where receipts go.
        signature: of the source; a unit of a file that is another one by now is refused.
        stride: only rows whose number it divides are parents; 1 takes all.
        limits: see `Limits`.
    """

    source: Path
    order: str
    jobs: tuple[Job, ...]
    fingerprints: tuple[str, ...]
    directory: Path
    signature: Signature
    stride: int
    limits: Limits

    @property
    def receipts(self) -> Path:
        """Directory of the receipts."""
        return self.directory / RECEIPTS_DIRECTORY

    def check_unchanged(self) -> None:
        """Refuse to go on where the input, or the copy of it that units read, is another file by now.

        Raises:
            InputError: it is.
        """
        parents = self.jobs[0].input
        check_unchanged(parents.path, parents.signature)
        check_unchanged(self.source, self.signature)


def made_so_far(plan: PassPlan) -> Iterator[tuple[Receipt, JobReceipt]]:
    """What units have made for the jobs of a pass so far."""
    shards = {fingerprint: job.shards for job, fingerprint in zip(plan.jobs, plan.fingerprints, strict=True)}
    return load_made(plan.receipts, shards)
