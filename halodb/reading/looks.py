"""What lines look like, for the errors that say why a file cannot be used."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rdkit import Chem, rdBase

from halodb.errors import InputError
from halodb.inputs.columns import is_of_another, listed
from halodb.rules import CLASSES

UNKNOWN_CLASS = "class is not known"
"""Reason of a reject."""

_SEPARATORS = re.compile(r"[\s,;|]+")
_LONGEST = 10_000
_LEAST_SMILES = 3
"""Characters of half of the texts of a column."""
_SHARE_OF_SMILES = 0.8
"""Of the texts of a column; the others are damaged."""
_LONGEST_CHECKED = 300
"""Characters: up to here rings, aromaticity and valences are looked at, so that `No` is none."""


def holds_smiles(text: str) -> bool:
    """Whether a text is one SMILES; of a long one only the syntax is looked at."""
    text = text.strip()
    if len(text.split()) != 1 or len(text) > _LONGEST or not text.isascii():
        return False
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(text, sanitize=len(text) <= _LONGEST_CHECKED) is not None


def place_of_smiles(names: Sequence[str], rows: Sequence[Sequence[str | None]], file: str) -> int | None:
    """The place of the one column whose values are SMILES, from 0; None where none is.

    Args:
        names: of the columns; those of parents, scaffolds and the like are none.
        rows: some of them.
        file: what the file is called.

    Raises:
        InputError: several columns hold SMILES.
    """
    found = []
    for place, name in enumerate(names):
        given = [text for row in rows if place < len(row) and (text := (row[place] or "").strip())]
        if given and not is_of_another(name) and _are_smiles(given):
            found.append(place)
    if len(found) > 1:
        told = ", ".join(f"`{names[place].strip()}`" for place in found)
        raise InputError(
            f"{file} has {len(found)} columns that hold SMILES: {told} (all columns: {listed(names)}).",
            "Say which is meant: --smiles-column NAME.",
        )
    return found[0] if found else None


def _are_smiles(given: Sequence[str]) -> bool:
    """Whether most texts are SMILES, and more than the words, such as `Cl` and `CO`, that are so by chance."""
    long = sorted(map(len, given))[len(given) // 2] >= _LEAST_SMILES
    return long and sum(map(holds_smiles, given)) >= _SHARE_OF_SMILES * len(given)


def fields_of(line: str) -> list[str]:
    """The parts of a line between white space, commas, semicolons and bars, without quotes."""
    return [part for field in _SEPARATORS.split(line) if (part := field.strip('"'))]


def smiles_come_later(lines: Sequence[str]) -> bool:
    """Whether the SMILES of most lines stand in another field than the first.

    A name can be a SMILES by chance (`CO`, `NI`), so the majority counts.
    """
    split = [fields for line in lines if (fields := fields_of(line))]
    first = sum(holds_smiles(fields[0]) for fields in split)
    if not split or first * 2 > len(split):
        return False
    second = sum(holds_smiles(fields[1]) for fields in split if len(fields) > 1)
    last = sum(holds_smiles(fields[-1]) for fields in split if len(fields) > 1)
    return max(second, last) > max(first, len(split) // 2)


def look_of(text: str, reason: str) -> tuple[str, str]:  # noqa: PLR0911  a look each
    """What a reject looks like, as a sentence that may be empty, and what to do about it.

    Args:
        text: what stood in the place of its SMILES.
        reason: why it is a reject.
    """
    fields = fields_of(text)
    if reason.startswith(UNKNOWN_CLASS):
        return (
            "",
            f"Say what becomes of unknown classes: --unknown-class classify, or a class; known: {', '.join(CLASSES)}.",
        )
    if reason.startswith("wrong number of fields"):
        return (
            " The header and the rows do not have the same number of columns.",
            "Name every column in the header (R: row.names = FALSE), and put fields with the delimiter into quotes.",
        )
    if smiles_come_later([text]):
        return " The SMILES seems to stand after a name.", "Put the SMILES first, or name the columns in a header."
    if text.startswith("InChI="):
        return " It is an InChI.", "Give SMILES."
    if len(fields) > 1 and not holds_smiles(text) and holds_smiles(fields[0]):
        return " More than a SMILES stands in the place of the SMILES.", "Give each column a name in a header."
    if not text.isascii():
        return " It holds letters that no SMILES has.", "Check the file's encoding and its columns."
    return "", "Check that this is the column of SMILES."
