"""What lines look like, for the errors that say why a file cannot be used."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rdkit import Chem, rdBase

_SEPARATORS = re.compile(r"[\s,;|]+")
_LONGEST = 10_000
_LONGEST_CHECKED = 300
"""Characters: up to here rings, aromaticity and valences are looked at, so that `No` is none."""


def holds_smiles(text: str) -> bool:
    """Whether a text is one SMILES; of a long one only the syntax is looked at."""
    text = text.strip()
    if len(text.split()) != 1 or len(text) > _LONGEST or not text.isascii():
        return False
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(text, sanitize=len(text) <= _LONGEST_CHECKED) is not None


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


def look_of(text: str, reason: str) -> tuple[str, str]:
    """What a reject looks like, as a sentence that may be empty, and what to do about it.

    Args:
        text: what stood in the place of its SMILES.
        reason: why it is a reject.
    """
    fields = fields_of(text)
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
