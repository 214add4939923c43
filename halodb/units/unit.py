"""Cutting an input into units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

_UNITS_WANTED = 256
_FEWEST_ROWS = 250
_MOST_ROWS = 10_000


class Unit(NamedTuple):
    """Rows `start` (0-based) up to, not including, `stop` of an input."""

    start: int
    stop: int

    @property
    def name(self) -> str:
        """Name of the unit in file names; names sort as the rows do."""
        return f"{self.start:010d}-{self.stop:010d}"


def cut(rows: int) -> Iterator[Unit]:
    """Cut `rows` rows into units, in order.

    The grain depends on the number of rows only, never on the number of workers: small enough that no worker waits for
    a long tail (256 units or more), large enough that 40 million rows make 4,000 units, not a million small files.
    """
    grain = min(max(-(-rows // _UNITS_WANTED), _FEWEST_ROWS), _MOST_ROWS)
    for start in range(0, rows, grain):
        yield Unit(start, min(start + grain, rows))


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
