"""What was asked for: an id, an InChIKey, or a SMILES."""

from __future__ import annotations

import re
from typing import NamedTuple

from halodb.finding.report import Kind

_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
_ID = re.compile(
    r"(?P<class>\w+)-(?P<k>\d+)X_(?P<rule>\w+)"
    r"(?:\.(?P<parent_row>\d+)\.(?P<site>\d+))?\.(?P<row>\d+)"
)


class ProductId(NamedTuple):
    """An id of `sql/views/products.sql`, taken apart; `parent_row` and `site` are None where it does not tell them."""

    class_name: str
    k: int
    rule: str
    parent_row: int | None
    site: int | None
    row: int

    @property
    def job(self) -> tuple[str, int, str]:
        """Class, k and rule."""
        return self[:3]


def kind_of(text: str) -> Kind:
    """What a text is taken for.

    >>> [kind_of(text).value for text in ("CCO", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N", "lipid-1X_RULE.7.2.5")]
    ['smiles', 'inchikey', 'id']
    """
    if _INCHIKEY.fullmatch(text):
        return Kind.INCHIKEY
    return Kind.ID if _ID.fullmatch(text) else Kind.SMILES


def parse_id(text: str) -> ProductId:
    """Take an id apart.

    Raises:
        ValueError: it is none.

    >>> parse_id("lipid-1X_FG_CARBOXYL__COOH__TO__COCl.7.2.5")[2:]
    ('FG_CARBOXYL__COOH__TO__COCl', 7, 2, 5)
    """
    found = _ID.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no id")
    parent_row, site = (None if text is None else int(text) for text in (found["parent_row"], found["site"]))
    return ProductId(found["class"], int(found["k"]), found["rule"], parent_row, site, int(found["row"]))
