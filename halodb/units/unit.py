"""Cutting an input into units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from halodb.units.cost import Costs

_UNITS_WANTED = 512
_USUAL_ROWS = 10_000
_LEAST_COST = 750_000.0
"""Microseconds, as if no parent had halogen analogues: with less, handing out a unit and writing files would show."""


class Unit(NamedTuple):
    """Rows `start` (0-based) up to, not including, `stop` of an input."""

    start: int
    stop: int

    @property
    def name(self) -> str:
        """Name of the unit in file names; names sort as the rows do."""
        return f"{self.start:010d}-{self.stop:010d}"


def cut(costs: Costs) -> Iterator[Unit]:
    """Cut the rows of an input into units of about equal cost, in order.

    The grain depends on the input only, never on the number of workers: small enough that no worker waits for a long
    tail (of 512 units 16 workers have 32 each, and wait for half a unit at the end: 1.6 % of the pass), large enough
    that 40 million rows make 4,000 units, not a million small files. Where parents grow along the file, units get fewer
    rows.
    """
    grain = _grain(costs.rows, sum(costs.of_blocks))
    start = position = 0
    held = 0.0
    for cost in costs.of_blocks:
        if held and held + cost / 2 > grain:  # nearer to the grain without this block
            yield Unit(start, position)
            start, held = position, 0.0
        held += cost
        position = min(position + costs.block, costs.rows)
    if position > start:
        yield Unit(start, position)


def usual_rows(rows: int, cost: float) -> int:
    """About how many rows a unit gets.

    Args:
        rows: of the input.
        cost: of a row on average, in microseconds (see `cost.cost_of`).
    """
    return max(1, round(_grain(rows, rows * cost) / cost))


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
