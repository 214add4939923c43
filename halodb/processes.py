"""Whether the process that a file speaks of is still there."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import psutil

_CLOCK_SECONDS = 2.0
"""The system's clocks of processes and of files differ by less."""


def is_running(process: int, file: Path) -> bool:
    """Whether the process of this number is there and began before the file changed last: a later one is another.

    A process that may not be looked at counts as there.
    """
    try:
        return psutil.Process(process).create_time() <= file.lstat().st_mtime + _CLOCK_SECONDS
    except (OSError, psutil.NoSuchProcess):
        return False
    except psutil.Error:
        return True


def take_back_interrupts() -> None:
    """Have Ctrl-C come to Python again.

    RDKit takes SIGINT while it matches, and gives it back to who had it before; of two matches at once one may give it
    back to RDKit, for good. Python then goes on to believe that it has it.
    """
    if threading.current_thread() is threading.main_thread() and callable(handler := signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, handler)
