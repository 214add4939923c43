"""Names of classes: any word that is safe in the name of a file; case and what stands between words do not matter."""

from __future__ import annotations

import functools
import re
import unicodedata

_BETWEEN = re.compile(r"[\W_]+")
_LONGEST = 60
"""Characters: it becomes part of the names of directories."""


@functools.lru_cache(4096)
def class_name_of(text: str) -> str | None:
    """The name of a class as halodb writes it; None for a text that has no letter, or is too long for a name.

    >>> [class_name_of(text) for text in ("Polyphenol", "AA-Peptide", " fatty  acids ", "--")]
    ['polyphenol', 'aa_peptide', 'fatty_acids', None]
    """
    words = _BETWEEN.sub("_", unicodedata.normalize("NFKC", text).casefold()).strip("_")
    return words if any(map(str.isalpha, words)) and len(words) <= _LONGEST else None


def is_class_name(text: str) -> bool:
    """Whether a text is the name of a class as halodb writes it."""
    return class_name_of(text) == text
