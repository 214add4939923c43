"""Names of inputs: `polyphenol-2X` is class polyphenol, halogenated twice."""

from __future__ import annotations

import re
from typing import NamedTuple

from halodb.errors import UsageError
from halodb.rules import CLASSES

_NAME = re.compile(rf"({'|'.join(CLASSES)})-(\d+)X")


class InputName(NamedTuple):
    """Class and degree of halogenation of an input; `k` is 0 for parents that were not halogenated."""

    class_name: str
    k: int

    def __str__(self) -> str:
        return f"{self.class_name}-{self.k}X"


def is_input_name(text: str) -> bool:
    """Whether `text` is a name `<class>-<k>X`."""
    return _NAME.fullmatch(text) is not None


def parse_input_name(text: str) -> InputName:
    """Read `<class>-<k>X`.

    Raises:
        UsageError: the text has another form, or names no class that halodb knows.
    """
    match = _NAME.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{text!r} is not the name of an input.",
            f"An input is named <class>-<k>X, as in polyphenol-1X; the classes are {', '.join(CLASSES)}.",
        )
    return InputName(match[1], int(match[2]))
