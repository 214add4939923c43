"""CXSMILES: what stands between bars after a SMILES, and whether the molecule is the same without it.

halodb's key is a plain SMILES. Coordinates, labels of atoms and absolute stereo groups say nothing that it lacks, and
are left out. All else (a racemate's `&1:`, an unknown enantiomer's `o1:`, radicals, wedges, bonds to metals) would be
another molecule without its extension.
"""

from __future__ import annotations

import re

NOT_KEPT = "CXSMILES extension that halodb does not keep"
NOT_CLOSED = "CXSMILES extension that does not end"

_HARMLESS = re.compile(
    r"""
    \([-+\d.eE,;\s]*\)              # coordinates
    | \$[^$|]*\$                    # labels of atoms, values of atoms
    | a\d*:\d+(?:,\d+)*             # absolute stereo
    | atomProp(?::\d+\.[^.,|]*\.[^,:|]*)+
    """,
    re.VERBOSE,
)
_KINDS = {
    "o": "enhanced stereo, one enantiomer of the two",
    "&": "enhanced stereo, a racemate",
    "^": "radicals",
    "r": "relative stereo",
    "w": "wedged bonds",
    "c": "stereo of double bonds",
    "t": "stereo of double bonds",
    "C": "coordinate bonds",
    "H": "hydrogen bonds",
}
_SHOWN = 60


def split_smiles(text: str) -> tuple[str, str, str | None]:
    """Split a text into its SMILES and what follows it.

    Args:
        text: without white space before and after it.

    Returns:
        The SMILES, what follows it and its extension (a name), and why the molecule cannot be kept, or None.

    >>> split_smiles("CCO |$;;hydroxyl$| ethanol")
    ('CCO', 'ethanol', None)
    >>> split_smiles("C[C@H](N)O |&1:1|")[2]
    'CXSMILES extension that halodb does not keep: enhanced stereo, a racemate |&1:1|'
    """
    parts = text.split(None, 1)
    if len(parts) < 2:  # noqa: PLR2004
        return text, "", None
    smiles, rest = parts
    if not rest.startswith("|"):
        return smiles, rest, None
    end = rest.find("|", 1)
    if end < 0:
        return smiles, "", f"{NOT_CLOSED}: {rest[:_SHOWN]}"
    extension, name = rest[1:end], rest[end + 1 :].strip()
    first = _first_that_matters(extension)
    if first is None:
        return smiles, name, None
    kind = _KINDS.get(first[0], "unknown")
    return smiles, name, f"{NOT_KEPT}: {kind} |{extension[:_SHOWN]}|"


def _first_that_matters(extension: str) -> str | None:
    """The extension from its first field on that is not harmless, or None."""
    position = 0
    while position < len(extension):
        match = _HARMLESS.match(extension, position)
        if match is None or extension[match.end() : match.end() + 1] not in {"", ","}:
            return extension[position:]
        position = match.end() + 1
    return None
