"""Places in an input that are spread evenly over it, however many of them are taken."""

from __future__ import annotations

import math
from collections.abc import Iterator

_GOLDEN_RATIO = 0.6180339887498949


def spread(slots: int) -> Iterator[int]:
    """All numbers below `slots`, each once; those up to any point lie evenly among all (a whole Weyl sequence).

    Args:
        slots: how many there are.

    Example:
        >>> list(spread(8))
        [0, 5, 2, 7, 4, 1, 6, 3]
    """
    step = round(slots * _GOLDEN_RATIO) or 1
    while math.gcd(step, slots) != 1:
        step += 1
    return (number * step % slots for number in range(slots))
