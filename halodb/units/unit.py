"""Cutting an input into units."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from halodb.units.cost import Costs

_UNITS_WANTED = 512
_USUAL_ROWS = 10_000
_LEAST_COST = 750_000.0
"""Microseconds, as if no parent had halogen analogues: with less, handing out a unit and writing files would show."""
_UNTORN_COST = 4_500_000.0
"""What a unit may grow to so that it tears no group of analogues: those of a natural product of 2X are 3 s or so."""

_MUCH_FEWER = 4
"""So many times fewer groups must be torn farther away."""
_LEAST_SHARE, _MOST_SHARE = 0.5, 1.5
"""The least and the most that a unit may cost, where there is a choice, as part of the grain."""


class Unit(NamedTuple):
    """Rows `start` (0-based) up to, not including, `stop` of an input."""

    start: int
    stop: int

    @property
    def name(self) -> str:
        """Name of the unit in file names; names sort as the rows do."""
        return f"{self.start:010d}-{self.stop:010d}"


def cut(costs: Costs) -> Iterator[Unit]:
    """Cut the rows of an input into units of about equal cost, in order, tearing few groups of halogen analogues.

    What one worker made of an analogue no other can read off: units of 385 rows, cut anywhere in the 1,500 analogues of
    a natural product, took 2.3 times the time of one long unit.

    The grain depends on the input only, never on the number of workers: small enough that no worker waits for a long
    tail (of 512 units 16 workers have 32 each, and wait for half a unit at the end: 1.6 % of the pass), large enough
    that 40 million rows make 4,000 units, not a million small files. Where parents grow along the file, units get fewer
    rows.
    """
    sums = list(itertools.accumulate(costs.of_blocks, initial=0.0))
    grain, end, first = _grain(costs.rows, sums[-1]), len(sums) - 1, 0
    while first < end:
        last = _end_of_unit(costs.torn, sums, first, grain)
        yield Unit(first * costs.block, min(last * costs.block, costs.rows))
        first = last


def _end_of_unit(torn: Sequence[int], sums: Sequence[float], first: int, grain: float) -> int:
    """The block before which the unit that begins with block `first` ends.

    Args:
        torn: of each block, about how many groups of halogen analogues a cut before it would tear.
        sums: what the blocks before each block cost, and what all of them do.
        first: the block.
        grain: what a unit is to cost.
    """
    end, wanted = len(sums) - 1, sums[first] + grain
    bounds = grain * _LEAST_SHARE, grain * _MOST_SHARE, max(grain * _MOST_SHARE, _UNTORN_COST)
    least, most, farthest = (bisect.bisect_left(sums, sums[first] + cost, first + 1) for cost in bounds)
    near = range(least, min(most, end + 1))
    if not near:  # blocks are larger than a grain: the one before or the one after is nearer
        return min({max(first + 1, least - 1), min(least, end)}, key=lambda place: abs(sums[place] - wanted))

    def badness(place: int) -> tuple[int, float]:
        return (torn[place] if place < end else 0, abs(sums[place] - wanted))

    chosen = min(near, key=badness)
    if badness(chosen)[0] == 0:
        return chosen
    far = min(range(most, min(farthest, end)), key=badness, default=chosen)
    return far if torn[far] * _MUCH_FEWER <= torn[chosen] else chosen


def _grain(rows: int, cost: float) -> float:
    """The cost of a unit, where all rows cost so much."""
    return max(cost / max(_UNITS_WANTED, -(-rows // _USUAL_ROWS)), _LEAST_COST)


def remaining(unit: Unit, done: Iterable[Unit]) -> Iterator[Unit]:
    """The parts of `unit` that no unit of `done` covers, in order; `done` may overlap and come in any order."""
    position = unit.start
    for piece in sorted(done):
        if piece.stop <= position or piece.start >= unit.stop:
            continue
        if piece.start > position:
            yield Unit(position, piece.start)
        position = max(position, piece.stop)
    if position < unit.stop:
        yield Unit(position, unit.stop)
