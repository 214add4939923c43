"""Units cover an input once, in order, and follow from the input alone; what is left of them is what nobody has done."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from halodb.units import Costs, Unit, cut, equal_costs, remaining

COSTS = st.builds(
    lambda block, blocks, short: Costs(block * len(blocks) - min(short, block - 1), block, *zip(*blocks, strict=True)),
    st.integers(1, 50),
    st.lists(st.tuples(st.floats(1.0, 5e6), st.integers(0, 5)), min_size=1, max_size=200),
    st.integers(0, 49),
)
UNITS = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: Unit(pair[0], pair[0] + pair[1]))


@given(COSTS)
def test_units_cover_all_rows_once_in_order(costs: Costs) -> None:
    units = list(cut(costs))
    assert units[0].start == 0
    assert units[-1].stop == costs.rows
    assert all(before.stop == after.start for before, after in itertools.pairwise(units))
    assert units == list(cut(costs))


def test_a_small_input_is_one_unit_and_a_large_one_not_a_million() -> None:
    assert list(cut(equal_costs(1))) == [Unit(0, 1)]
    assert list(cut(equal_costs(100))) == [Unit(0, 100)]
    assert 1_000 < len(list(cut(equal_costs(40_000_000)))) < 10_000


def test_units_end_between_groups_of_analogues() -> None:
    """Where a cut tears nothing near where it would be, it is made there; a large group is not torn either."""
    for group in (200, 700, 3000):  # rows of a natural product, of 1 ms; the grain is 0.75 s
        torn = tuple(0 if row % group == 0 else 5 for row in range(100_000))
        units = list(cut(Costs(100_000, 1, (1e3,) * 100_000, torn)))
        assert {unit.start % group for unit in units} == {0}
        assert {unit.stop - unit.start for unit in units[:-1]} == {max(1, round(750 / group)) * group}


def test_costly_rows_have_units_of_their_own() -> None:
    units = list(cut(Costs(600, 1, (1e3,) * 500 + (1e6,) * 100, (0,) * 600)))
    assert max(unit.stop - unit.start for unit in units if unit.start >= 500) <= 2
    assert units[0].stop >= 300


@given(UNITS, st.lists(UNITS, max_size=8))
def test_what_remains_of_a_unit_is_what_no_other_covers(unit: Unit, done: list[Unit]) -> None:
    left = [row for part in remaining(unit, done) for row in range(*part)]
    assert left == [row for row in range(*unit) if not any(each.start <= row < each.stop for each in done)]
    assert list(remaining(unit, done)) == list(remaining(unit, reversed(done)))


def test_names_of_units_sort_as_their_rows() -> None:
    assert sorted([Unit(10_000, 20_000).name, Unit(9, 10_000).name]) == [
        "0000000009-0000010000",
        "0000010000-0000020000",
    ]
