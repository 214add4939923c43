"""Which column of a table holds the SMILES, by its name, as databases and programs call it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from halodb.errors import InputError

SMILES_NAMES = (
    "smiles",
    "isomeric_smiles",  # PubChem; before those without stereochemistry
    "smiles_isomeric",
    "iso_smiles",
    "smiles_iso",
    "absolute_smiles",
    "pubchem_smiles",  # PubChem's SDF
    "pubchem_openeye_iso_smiles",
    "canonical_smiles",  # ChEMBL, COCONUT
    "smiles_canonical",
    "structure_smiles",  # LOTUS
    "compound_smiles",  # NPAtlas
    "moldb_smiles",  # FooDB, HMDB
    "molecule_smiles",
    "mol_smiles",
    "unique_smiles",  # COCONUT of old
    "smi",
    "can",
)
"""From the first that is there, in this order: letters and digits count, in upper or lower case."""

OF_THE_PARENT = ("given_smiles", "changes", "given_class", "tags", "sugar_fraction")
"""Columns of `<class>-0X` that halodb writes of the parent itself: they say nothing of what is made of it."""

_OF_ANOTHER = ("parent", "root", "source", "scaffold", "murcko", "framework", "fragment", "core", "sidechain", "2d")
"""Parts of the names of columns with SMILES of something else than the row's molecule, or of less of it."""


_OF_OTHER_COLUMNS = ("id", "name", "title", "class")
_WORD = re.compile(r"[^\W_]+")


def plain_name(name: str) -> str:
    """A column's name without what people write differently: case, spaces, underscores, quotes, marks.

    >>> plain_name("Canonical SMILES")
    'canonicalsmiles'
    """
    return "".join(filter(str.isalnum, name.casefold()))


def is_smiles_name(name: str) -> bool:
    """Whether a column of this name may hold the SMILES of its rows.

    >>> [is_smiles_name(name) for name in ("Smiles", "PUBCHEM_CACTVS_SMILES", "root_parent_smiles")]
    [True, True, False]
    """
    plain = plain_name(name)
    if plain in _PLAIN:
        return True
    # Words beside it may be a header whose columns are set apart by spaces.
    words = {word.casefold() for word in _WORD.findall(name)}
    return "smiles" in plain and words.isdisjoint(_OF_OTHER_COLUMNS) and not is_of_another(name)


def is_of_another(name: str) -> bool:
    """Whether the name of a column says that it is about something else than the row's molecule."""
    plain = plain_name(name)
    return plain not in _PLAIN and any(part in plain for part in _OF_ANOTHER)


def find_smiles(names: Sequence[str], file: Path | str) -> int | None:
    """The place of the column of SMILES among the names of all columns, from 0; None where no name says it.

    Raises:
        InputError: several columns may be meant.
    """
    plain = [plain_name(name) for name in names]
    for wanted in _PLAIN:
        found = [place for place, name in enumerate(plain) if name == wanted]
        if found:
            return _the_one(found, names, file)
    return _the_one([place for place, name in enumerate(names) if is_smiles_name(name)], names, file)


def find_named(wanted: str, names: Sequence[str], file: Path | str) -> int:
    """The place of a column that was asked for: by its name as it is, else by its letters and digits, or by its number.

    Raises:
        InputError: there is none, or several columns have that name.
    """
    exact = [place for place, name in enumerate(names) if name.strip() == wanted.strip()]
    alike = [place for place, name in enumerate(names) if plain_name(name) == plain_name(wanted)]
    found = exact or (alike if plain_name(wanted) else [])
    if not found and wanted.isdecimal() and 0 < int(wanted) <= len(names):
        return int(wanted) - 1
    place = _the_one(found, names, file)
    if place is None:
        raise InputError(f"{file} has no column `{wanted}` (its columns: {listed(names)}).", "Give one of these names.")
    return place


def listed(names: Sequence[str]) -> str:
    """The names of columns for a message."""
    return ", ".join(name.strip()[:40] for name in names[:20]) or "none"


def _the_one(places: Sequence[int], names: Sequence[str], file: Path | str) -> int | None:
    if len(places) > 1:
        told = ", ".join(f"`{names[place].strip()}`" for place in places)
        raise InputError(
            f"{file} has {len(places)} columns for one thing: {told} (all columns: {listed(names)}).",
            "Keep one of them, rename the others, or say which with --smiles-column, --name-column, --class-column.",
        )
    return places[0] if places else None


_PLAIN = tuple(dict.fromkeys(map(plain_name, SMILES_NAMES)))
