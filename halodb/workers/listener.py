"""What the caller of a long command is told while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from halodb.workers.notebook import NotebookBars
from halodb.workers.progress import Progress


def _ignore(*_: object) -> None:
    """Hear nothing."""


@dataclass(frozen=True)
class Listener:
    """Functions that are called while a command goes on; what is not given is not heard.

    Attributes:
        progress: called about twice a second with how far a pass is.
        message: called with a line for people now and then.
        result: called with each job or result that is finished with: the `Manifest` of a dedup, the `JobVerdict` of a
            verification, the `Adoption` of an adoption.
        planned: called with the `Plan` of a run before its first pass.
        deduplicating: called when a pass comes to its dedup.

    Example:
        >>> heard = []
        >>> Listener(message=heard.append).message("polyphenol-1X is made anew.")
        >>> heard
        ['polyphenol-1X is made anew.']
    """

    progress: Callable[[Progress], None] = _ignore
    message: Callable[[str], None] = _ignore
    result: Callable[[Any], None] = _ignore
    planned: Callable[[Any], None] = _ignore
    deduplicating: Callable[[], None] = _ignore


SILENT = Listener(progress=NotebookBars().show)
"""Hears nothing but in a Jupyter notebook, where it shows bars below the cell: what functions take by default."""
