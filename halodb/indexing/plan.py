"""What an index would take, before anybody makes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.jobs.indexed import has_index
from halodb.jobs.select import choose_jobs
from halodb.jobs.state import State

_CORE_SECONDS = {False: 1.1e-4, True: 5e-4}
"""Of one core, a molecule, without and with InChIKeys, in the order of a library (`benchmarks query`)."""
_BYTES = {False: 22, True: 45}


@dataclass(frozen=True)
class IndexEstimate:
    """What `index` would do: the jobs, their products, seconds of one core and bytes of disk."""

    jobs: tuple[str, ...]
    rows: int
    core_seconds: float
    bytes: int

    @classmethod
    def of(cls, jobs: Sequence[str], rows: int, *, inchikeys: bool = False) -> IndexEstimate:
        """Of so many products."""
        return cls(tuple(jobs), rows, round(rows * _CORE_SECONDS[inchikeys], 1), rows * _BYTES[inchikeys])


def plan_index(library: Path | str, *, jobs: Sequence[str] = (), inchikeys: bool = False) -> IndexEstimate:
    """What `index` would do with the same arguments; nothing is written.

    Raises:
        UsageError: an unknown job.
        LibraryError: no library there.

    Example:
        >>> halodb.plan_index("library").core_seconds  # doctest: +SKIP
    """
    library = Path(library)
    wanted = [
        manifest
        for manifest in choose_jobs(library, jobs)
        if manifest.state is State.DONE and not has_index(manifest, library)
    ]
    rows = sum(manifest.counts.unique for manifest in wanted)
    return IndexEstimate.of([manifest.job for manifest in wanted], rows, inchikeys=inchikeys)
