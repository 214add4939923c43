"""Columns of choice: what a user lists becomes the list of a SELECT."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from halodb.errors import UsageError
from halodb.functions.signatures import BY_NAME, MACROS

_OPEN, _CLOSE = "([{", ")]}"
_QUOTES = "'\""


def as_list(columns: Sequence[str] | str | None) -> Sequence[str] | None:
    """Columns of choice as a sequence, where one text may stand for it."""
    return [columns] if isinstance(columns, str) else columns


def select_list(columns: Iterable[str], there: Collection[str], *, named: bool = True) -> list[str]:
    """Items of a SELECT list.

    A function of a SMILES alone may be named without its argument: `logp` is `logp(smiles) AS logp`.

    Args:
        columns: names, expressions of SQL, or several of them with commas between.
        there: the columns that there are; a function of the same name does not hide them.
        named: give a function that stands for itself its name as a column.

    Raises:
        UsageError: a bracket or a quote is not closed, or an item is empty.

    Example:
        >>> select_list(["id, logp", "n_cl(smiles) + n_br(smiles) AS n_heavy"], {"id", "smiles"})
        ['id', 'logp(smiles) AS logp', 'n_cl(smiles) + n_br(smiles) AS n_heavy']
    """
    known = {name.lower() for name in there}
    return [_item(item, known, named) for text in columns for item in _split(text)]


def _item(text: str, there: Collection[str], named: bool) -> str:
    name = text.lower()
    takes_smiles_alone = name in MACROS or (name in BY_NAME and BY_NAME[name].second is None)
    if name in there or not takes_smiles_alone:
        return text
    return f"{text}(smiles) AS {text}" if named else f"{text}(smiles)"


def _split(text: str) -> Iterator[str]:
    """A text at its commas outside of brackets and quotes."""
    depth, quote, begin = 0, "", 0
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif character == "," and depth == 0:
            yield _filled(text[begin:place], text)
            begin = place + 1
    if quote or depth:
        raise UsageError(f"the list of columns {text!r} has a bracket or a quote that is not closed.", "Correct it.")
    yield _filled(text[begin:], text)


def _filled(item: str, text: str) -> str:
    if not item.strip():
        raise UsageError(f"the list of columns {text!r} has an empty item.", "Name columns with commas between them.")
    return item.strip()
