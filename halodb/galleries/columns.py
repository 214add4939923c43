"""The columns of a gallery: what they hold decides whether one filters by values, by a window, or by text alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

_MOST_VALUES = 40
"""Different values of a column that are listed to choose from."""
_DIGITS = 4
_ALWAYS_LISTED = {"class", "k", "rule", "family", "label"}

Column = dict[str, Any]


def column_of(name: str, values: Sequence[Any], *, note: str = "") -> Column:
    """A column for the page.

    Args:
        name: its heading.
        values: one a row.
        note: what it is, where its name does not tell.

    Returns:
        Its name, its kind (`number` for windows, `class` for a list of values, `text`), and its values: numbers as they
        are, texts as places in a list of the different ones where that is shorter.

    >>> column_of("class", ["lipid", "lipid", None])
    {'name': 'class', 'kind': 'class', 'list': ['', 'lipid'], 'places': [1, 1, 0]}
    >>> column_of("logp", [1.23456, None])
    {'name': 'logp', 'kind': 'number', 'values': [1.2346, None]}
    """
    told = {"note": note} if note else {}
    numbers = [_number(value) for value in values]
    of_numbers = any(number is not None for number in numbers) and not any(
        number is None and value is not None and not _is_nan(value)
        for number, value in zip(numbers, values, strict=True)
    )
    if of_numbers and (name not in _ALWAYS_LISTED or len(set(numbers)) > _MOST_VALUES):
        return {"name": name, "kind": "number", "values": numbers, **told}
    texts = ["" if value is None else str(value) for value in values]
    different = sorted(set(texts))
    if of_numbers:
        different.sort(key=lambda text: (text != "", float(text or 0)))
    few = len(different) <= _MOST_VALUES and (name in _ALWAYS_LISTED or 2 * len(different) <= len(texts))
    if not few and 2 * len(different) > len(texts):
        return {"name": name, "kind": "text", "values": texts, **told}
    places = {text: place for place, text in enumerate(different)}
    kind = "class" if few else "text"
    return {"name": name, "kind": kind, "list": different, "places": [places[text] for text in texts], **told}


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or _is_nan(value):
        return None
    return value if isinstance(value, int) else round(float(value), _DIGITS)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
