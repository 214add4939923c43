"""What a notebook shows: molecules drawn in the row that they are in, on its light or dark ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rdkit import rdBase

from halodb.pictures.depict import picture_of
from halodb.pictures.pages import render
from halodb.pictures.pair import Pair, read

_LONGEST = 1000
"""Characters of a SMILES that is drawn; larger molecules take long and show little."""


def rows_as_html(columns: Sequence[str], rows: Sequence[Sequence[Any]], note: str = "") -> str:
    """A table as HTML, with a picture of each molecule where a column is named smiles.

    Args:
        columns: names.
        rows: values.
        note: a line below.
    """
    place = next((place for place, name in enumerate(columns) if name.lower() == "smiles"), None)
    pictures = [None if place is None else picture(row[place]) for row in rows]
    return _rendered(columns=columns, rows=list(zip(pictures, rows, strict=True)), drawn=place is not None, note=note)


def molecule_as_html(smiles: str, facts: Sequence[tuple[str, Any]]) -> str:
    """One molecule with some facts, as HTML."""
    return _rendered(
        columns=[name for name, _ in facts], rows=[(picture(smiles), [value for _, value in facts])], drawn=True
    )


def picture(smiles: Any) -> str | None:
    """The picture of a molecule for a page; None where there is none."""
    if not isinstance(smiles, str) or len(smiles) > _LONGEST:
        return None
    try:
        with rdBase.BlockLogs():
            molecule = read(smiles)
            return None if molecule is None else picture_of(Pair(molecule))
    except (ValueError, RuntimeError):  # what RDKit raises of a molecule
        return None


def _rendered(**values: Any) -> str:
    return render("notebook.html.j2", **{"note": "", **values}).decode()
