"""Telling what the sugar mask and limits left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping


def told_of_left_out(counts: Iterable[Mapping[str, int]]) -> str:
    """What jobs left out, in words, by kind and for all rules together; empty where it is nothing.

    >>> told_of_left_out([{"sites in sugars: A": 2, "sites in sugars: B": 1}, {"products beyond max_sites: A": 4}])
    'left out: 4 products beyond max_sites, 3 sites in sugars'
    """
    kinds: Counter[str] = Counter()
    for one in counts:
        for what, count in one.items():
            kinds[what.partition(":")[0]] += count
    return "left out: " + ", ".join(f"{count:,} {what}" for what, count in sorted(kinds.items())) if kinds else ""
