"""Classes as people write them: `Polyphenol`, ` alkaloid `, `AA-Peptide`, `terpenoids`."""

from __future__ import annotations

import functools

from halodb.reading.columns import plain_name
from halodb.rules import CLASSES

_MISSING = {"", "na", "nan", "none", "null"}
_BY_PLAIN_NAME = {plain_name(name): name for name in CLASSES} | {plain_name(name) + "s": name for name in CLASSES}


class UnknownClassError(Exception):
    """The text is none of the classes."""


@functools.lru_cache(1024)
def read_class(text: str | None) -> str | None:
    """One of halodb's classes, or None where none is given (also `NA`, `nan`, `null`, as R and pandas write it).

    Raises:
        UnknownClassError: another text.
    """
    if text is None:
        return None
    plain = plain_name(text)
    if plain in _MISSING:
        return None
    if plain not in _BY_PLAIN_NAME:
        raise UnknownClassError(text)
    return _BY_PLAIN_NAME[plain]
