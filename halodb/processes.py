"""Whether the process that a file speaks of is still there."""

from __future__ import annotations

from pathlib import Path

import psutil

_CLOCK_SECONDS = 2.0
"""The system's clocks of processes and of files differ by less."""


def is_running(process: int, file: Path) -> bool:
    """Whether the process of this number is there and began before the file changed last: a later one is another.

    A process that may not be looked at counts as there, and one that has ended and that nobody has asked how does not.
    """
    try:
        found = psutil.Process(process)
        same = found.create_time() <= file.lstat().st_mtime + _CLOCK_SECONDS
        return same and found.status() != psutil.STATUS_ZOMBIE
    except (OSError, psutil.NoSuchProcess):
        return False
    except psutil.Error:
        return True
