"""How long the end of a run may take for what is only to be seen."""

from __future__ import annotations

import time

_WAITING = 3
"""Times as long by the clock: where others have the cores."""


class Time:
    """So many seconds of work from now, and some more of waiting.

    Args:
        seconds: that this process computes.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds
        self._latest = time.monotonic() + _WAITING * seconds

    @property
    def is_over(self) -> bool:
        """Whether they have passed."""
        return time.process_time() >= self._end or time.monotonic() >= self._latest
