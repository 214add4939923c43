"""What the workers make of a molecule for its card: the picture, and properties to filter by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from halodb.functions.properties import PROPERTIES
from halodb.pictures.depict import picture_of
from halodb.pictures.pair import pair_of
from halodb.records import Maker, Row


@dataclass(frozen=True)
class CardMaker(Maker):
    """Makes the picture of a molecule with its site marked, and its properties.

    The values of a row are those of `values_of`.

    Attributes:
        properties: functions of SQL that give numbers, by name.
    """

    unit_rows: ClassVar[int] = 250
    properties: tuple[str, ...]

    def make(self, row: Row) -> bytes:
        """JSON: the picture, and a number for each property."""
        parent, site, smirks = row.values
        pair = pair_of(row.smiles, parent, json.loads(smirks or "[]"), None if site is None else int(site))
        picture = picture_of(pair)
        return json.dumps([picture, [PROPERTIES[name](pair.product) for name in self.properties]]).encode()


def values_of(parent: str | None, site: int | None, smirks: tuple[str, ...]) -> tuple[str | None, str | None, str]:
    """What leads to the site, as the texts of a row: the parent, its atom, the rules."""
    return parent, None if site is None else str(site), json.dumps(smirks)
