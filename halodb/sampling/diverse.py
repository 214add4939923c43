"""Products as different as can be, and products of as many scaffolds as can be, from those that chance has drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from rdkit.DataStructs import CreateFromBinaryText
from rdkit.SimDivFilters.rdSimDivPickers import MaxMinPicker

_TO_THE_END = -1.0
"""A distance that no two molecules are below: picking ends with the number alone."""


class Picked(NamedTuple):
    """Places of what was picked, in the order of picking, and the smallest Tanimoto distance between two of them."""

    places: list[int]
    distance: float | None


def vector_of(bits: bytes) -> Any:
    """A fingerprint as RDKit compares it."""
    return CreateFromBinaryText(bits)  # type: ignore[arg-type]  # RDKit's stubs say text


def most_different(fingerprints: Sequence[bytes | None], count: int) -> Picked:
    """MaxMin: beginning with the first, each time the one that is farthest from all that were picked.

    The first of many are the fewer: picks of 100 are the first 100 of 500.

    Args:
        fingerprints: bits; None where there are none, which is never picked.
        count: how many.
    """
    places = [place for place, bits in enumerate(fingerprints) if bits is not None]
    count = min(count, len(places))
    if count < 2:  # noqa: PLR2004  RDKit picks two or more
        return Picked(places[:count], None)
    vectors = [vector_of(bits) for bits in fingerprints if bits is not None]
    picked, distance = MaxMinPicker().LazyBitVectorPickWithThreshold(vectors, len(vectors), count, _TO_THE_END, [0])
    return Picked([places[each] for each in picked], float(distance))


def of_each_in_turn(groups: Sequence[Any], count: int) -> list[int]:
    """Places of so many, one of each group before a second of any; None is no group.

    >>> of_each_in_turn(["a", "a", "b", None, "a", "c"], 4)
    [0, 2, 5, 1]
    """
    seen: Counter[Any] = Counter()
    turns = []
    for place, group in enumerate(groups):
        if group is not None:
            turns.append((seen[group], place))
            seen[group] += 1
    return [place for _, place in sorted(turns)[:count]]
