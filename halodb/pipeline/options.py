"""How a run is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from halodb.transformation import Limits


@dataclass(frozen=True)
class RunOptions:
    """What was asked for, parsed once.

    Attributes:
        library: directory of the library.
        limits: what one parent and one worker may take.
        temp_directory: where DuckDB spills; None for the library.
        retry: how often a pass in which something failed is tried again.
        keep_shards: leave the shards where they are.
        replace: also make the jobs whose directory holds a result that halodb did not make; that is set aside.
    """

    library: Path
    limits: Limits
    temp_directory: Path | None = None
    retry: int = 1
    keep_shards: bool = False
    replace: bool = False
