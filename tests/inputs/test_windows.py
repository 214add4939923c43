"""Windows of an input's rows are read as they are asked for, in one go through each row group."""

from __future__ import annotations

from pathlib import Path

import pytest

from halodb.inputs.windows import Window, read_windows
from halodb.units.sample import spread
from tests.conftest import make_input

ROWS = [f"{'C' * (number % 50 + 1)}O" for number in range(5000)]


@pytest.mark.parametrize(
    "windows",
    [
        [(0, 5000)],
        [(0, 1), (0, 8), (4, 20), (999, 1001), (1000, 1004), (4998, 5000)],
        [(10, 3500), (20, 30), (3600, 3601)],
        [(start, start + 7) for start in range(0, 4990, 13)],
    ],
)
def test_each_window_has_its_rows(tmp_path: Path, windows: list[tuple[int, int]]) -> None:
    file = make_input(tmp_path, list(ROWS))
    found = list(read_windows(file, [Window(*window) for window in windows]))
    assert found == [ROWS[start:stop] for start, stop in windows]


@pytest.mark.parametrize("slots", [1, 2, 3, 8, 97, 1000])
def test_places_are_spread_over_all_however_many_are_taken(slots: int) -> None:
    places = list(spread(slots))
    assert sorted(places) == list(range(slots))
    if slots > 90:
        quarters = [place * 4 // slots for place in places[:32]]
        assert {quarters.count(quarter) for quarter in range(4)} <= {7, 8, 9}
