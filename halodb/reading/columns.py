"""Which columns of a table hold the SMILES, the names and the classes; all others travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from halodb.errors import InputError, UsageError
from halodb.inputs.columns import OF_THE_PARENT, find_named, find_smiles, listed, plain_name
from halodb.reading.row import Tally
from halodb.rules import CLASSES
from halodb.rules.classes import class_name_of

NAME_NAMES = (
    "name",
    "title",
    "id",
    "identifier",
    "coconut_id",
    "compound_name",
    "molecule_name",
    "compound_id",
    "chembl_id",
    "cid",
    "preferred_name",
    "pref_name",
    "common_name",
    "molecule_chembl_id",
    "zinc_id",
    "np_id",
    "npaid",
    "supernatural_id",
    "public_id",
    "structure_name_traditional",
    "structure_name_iupac",
    "iupac_name",
    "structure_wikidata",
    "pubchem_compound_cid",
    "inchikey",
    "standard_inchikey",
)
CLASS_NAMES = ("class", "np_class", "class_name")
REJECT, CLASSIFY = "reject", "classify"
"""What may become of rows of an unknown class, beside another class."""

_RESERVED = ("smiles", "parent_row", "sources", "name", "class", "file_row_number", "part_of_file")
"""Columns of `<class>-0X` that halodb writes."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for of a file of parents.

    Attributes:
        smiles: name of the column of SMILES, or its number from 1; found by its name or content by default.
        name: name of the column of names; found by its name by default.
        class_name: name of the column of classes; found by its name by default, none where it is empty.
        classes: those that are known.
        unknown_class: what becomes of rows of another class: `reject`, `classify` (by their structure), or a class.

    Raises:
        UsageError: `unknown_class` is none of these.
    """

    smiles: str | None = None
    name: str | None = None
    class_name: str | None = None
    classes: tuple[str, ...] = CLASSES
    unknown_class: str = REJECT

    def __post_init__(self) -> None:
        if self.unknown_class not in {REJECT, CLASSIFY} and class_name_of(self.unknown_class) is None:
            raise UsageError(
                f"{self.unknown_class!r} is no class.", "Give --unknown-class reject, classify, or the name of a class."
            )


class Columns(NamedTuple):
    """Places of the columns, from 0, and the names of all."""

    names: tuple[str, ...]
    smiles: int
    name: int | None
    class_name: int | None

    @property
    def others(self) -> list[int]:
        """Places of the columns that travel."""
        return [place for place in range(len(self.names)) if place not in self[1:]]

    def told_to(self, tally: Tally) -> None:
        """Note which columns are read, and which travel."""
        places = {"smiles": self.smiles, "name": self.name, "class": self.class_name}
        tally.columns = {what: self.names[place] for what, place in places.items() if place is not None}
        tally.ignored += [name for place in self.others if (name := self.names[place]) and name not in tally.ignored]


def find_columns(names: Sequence[str], file: Path | str, wanted: Wanted | None = None) -> Columns | None:
    """Find the columns by their names: letters and digits count, in upper or lower case; None without SMILES.

    Raises:
        InputError: two columns may be meant, or one that was asked for is not there.
    """
    wanted = wanted or Wanted()
    smiles = find_smiles(names, file) if wanted.smiles is None else find_named(wanted.smiles, names, file)
    return None if smiles is None else columns_with(smiles, names, file, wanted)


def columns_with(smiles: int, names: Sequence[str], file: Path | str, wanted: Wanted) -> Columns:
    """The columns where that of the SMILES is known.

    Raises:
        InputError: two columns may be meant, or one that was asked for is not there.
    """
    name = _place(NAME_NAMES, names, file) if wanted.name is None else _asked(wanted.name, names, file)
    class_name = (
        _place(CLASS_NAMES, names, file) if wanted.class_name is None else _asked(wanted.class_name, names, file)
    )
    return Columns(tuple(name.strip("\ufeff \t") for name in names), smiles, name, class_name)


def travelling_names(names: Sequence[str]) -> list[str]:
    """Names under which other columns are kept: each once, in upper or lower case, and none of halodb's own.

    >>> travelling_names(["Halogen", "halogen", "", "parent_row"])
    ['Halogen', 'halogen_2', 'column', 'input_parent_row']
    """
    reserved = {*_RESERVED, *OF_THE_PARENT}
    taken = set(reserved)
    found = []
    for name in names:
        given = name.strip() or "column"
        unique = f"input_{given}" if given.casefold() in reserved else given
        number = 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{given}_{number}"
        taken.add(unique.casefold())
        found.append(unique)
    return found


def no_smiles(
    file: Path | str, names: Sequence[str], remedy: str = "Say which holds the SMILES: --smiles-column NAME."
) -> InputError:
    """The error for a table without a column of SMILES."""
    return InputError(f"{file} has no column `smiles` (its columns: {listed(names)}).", remedy)


def _asked(name: str, names: Sequence[str], file: Path | str) -> int | None:
    return find_named(name, names, file) if name.strip() else None


def _place(wanted: Sequence[str], names: Sequence[str], file: Path | str) -> int | None:
    plain = [plain_name(name) for name in names]
    for name in map(plain_name, wanted):
        found = [place for place, one in enumerate(plain) if one == name]
        if len(found) > 1:
            told = ", ".join(f"`{names[place].strip()}`" for place in found)
            raise InputError(
                f"{file} has {len(found)} columns for one thing: {told}.", "Keep one of them, or rename the others."
            )
        if found:
            return found[0]
    return None
