"""Figures of values that are counted: quantiles and histograms, the same whatever the order of the rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate

from halodb.statistics.report import Cell

QUANTILES = {"min": 0.0, "q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95, "max": 1.0}
PROPERTIES = {
    "mol_weight": 50.0,
    "logp": 1.0,
    "tpsa": 20.0,
    "fraction_csp3": 0.1,
    "hbd": 1.0,
    "hba": 1.0,
    "rotatable_bonds": 1.0,
    "rings": 1.0,
    "heavy_atoms": 5.0,
}
"""Properties that are looked at, functions of SQL, and the widths of the bins of their histograms."""
DIGITS = 2
"""Values are rounded to so many, so that there are few different ones."""
ROUNDED = "floor({value} * 100 + 0.5) / 100"


def rounded(value: float) -> float:
    """A value as `ROUNDED` has it in SQL: Python and DuckDB round halves in different ways.

    >>> rounded(0.125)
    0.13
    """
    return math.floor(value * 100 + 0.5) / 100


def quantiles_of(counts: Mapping[float, int]) -> tuple[Cell, ...]:
    """Of values with their counts: the quantiles, each a value that occurs, and the mean.

    >>> quantiles_of({1.0: 1, 2.0: 2, 5.0: 1})
    (1.0, 1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 2.5)
    """
    values = sorted(counts)
    totals = list(accumulate(counts[value] for value in values))
    count = totals[-1]

    def at(part: float) -> float:
        wanted = max(1, math.ceil(part * count))
        return next(value for value, total in zip(values, totals, strict=True) if total >= wanted)

    mean = math.fsum(value * counts[value] for value in values) / count
    return (*(at(part) for part in QUANTILES.values()), round(mean, DIGITS))


def histogram_of(counts: Mapping[float, int], width: float) -> list[tuple[float, float, int]]:
    """Bins with their bounds and counts, from the lowest to the highest, empty ones too.

    >>> histogram_of({0.1: 2, 2.5: 1}, 1.0)
    [(0.0, 1.0, 2), (1.0, 2.0, 0), (2.0, 3.0, 1)]
    """
    bins: Counter[int] = Counter()
    for value, count in counts.items():
        bins[math.floor(round(value / width, 6))] += count
    return [
        (round(number * width, DIGITS), round((number + 1) * width, DIGITS), bins[number])
        for number in range(min(bins), max(bins) + 1)
    ]
