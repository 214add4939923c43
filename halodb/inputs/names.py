"""Names of inputs: `polyphenol-2X` is class polyphenol, halogenated twice."""

from __future__ import annotations

import re
from typing import NamedTuple

from halodb.errors import UsageError
from halodb.rules.classes import class_name_of

_NAME = re.compile(r"(?P<class>[^/\\:*?\"<>|\0]+)-(?P<k>0|[1-9]\d{0,2})X")
_MOST_STEPS = 100
"""Of halogenation: k is a small integer in all files."""


class InputName(NamedTuple):
    """Class and degree of halogenation of an input; `k` is 0 for parents that were not halogenated."""

    class_name: str
    k: int

    def __str__(self) -> str:
        return f"{self.class_name}-{self.k}X"


def is_input_name(text: str) -> bool:
    """Whether `text` is a name `<class>-<k>X`.

    >>> [is_input_name(text) for text in ("steroid-3X", "Fatty acids-1X", "polyphenol-1X_RULE", "polyphenol")]
    [True, True, False, False]
    """
    return _read(text) is not None


def parse_input_name(text: str) -> InputName:
    """Read `<class>-<k>X`; the class is any word, whose case and blanks do not matter.

    Raises:
        UsageError: the text has another form.
    """
    name = _read(text)
    if name is None:
        raise UsageError(
            f"{text!r} is not the name of an input.",
            f"An input is named <class>-<k>X, as in polyphenol-1X; k is at most {_MOST_STEPS}.",
        )
    return name


def _read(text: str) -> InputName | None:
    found = _NAME.fullmatch(text)
    class_name = class_name_of(found["class"]) if found else None
    if found is None or class_name is None or int(found["k"]) > _MOST_STEPS:
        return None
    return InputName(class_name, int(found["k"]))
