"""Which columns of a table hold the SMILES, the names and the classes, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from halodb.errors import InputError
from halodb.reading.row import Tally

SMILES_NAMES = ("smiles", "isomeric_smiles", "canonical_smiles", "structure_smiles")
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
)
CLASS_NAMES = ("class", "np_class", "class_name")


class Columns(NamedTuple):
    """Places of the columns, from 0, and the names of all."""

    names: tuple[str, ...]
    smiles: int
    name: int | None
    class_name: int | None

    def told_to(self, tally: Tally) -> None:
        """Note which columns are read and which are not."""
        places = {"smiles": self.smiles, "name": self.name, "class": self.class_name}
        tally.columns = {what: self.names[place] for what, place in places.items() if place is not None}
        tally.ignored = [name for place, name in enumerate(self.names) if name and place not in places.values()]


def find_columns(names: Sequence[str], file: Path) -> Columns | None:
    """Find the columns by their names: letters and digits count, in upper or lower case; None without SMILES.

    Raises:
        InputError: two columns have the name that is looked for.
    """
    plain = [plain_name(name) for name in names]
    smiles = _place(SMILES_NAMES, plain, names, file)
    if smiles is None:
        return None
    return Columns(
        tuple(name.strip("\ufeff \t") for name in names),
        smiles,
        _place(NAME_NAMES, plain, names, file),
        _place(CLASS_NAMES, plain, names, file),
    )


def plain_name(name: str) -> str:
    """A column's name without what people write differently: case, spaces, underscores, quotes, marks."""
    return "".join(filter(str.isalnum, name.casefold()))


def no_smiles(file: Path, names: Sequence[str], remedy: str = "Rename the column that holds the SMILES.") -> InputError:
    """The error for a table without a column of SMILES."""
    columns = ", ".join(name.strip()[:40] for name in names[:20]) or "none"
    return InputError(f"{file} has no column `smiles` (its columns: {columns}).", remedy)


def _place(wanted: Sequence[str], plain: list[str], names: Sequence[str], file: Path) -> int | None:
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
