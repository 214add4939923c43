"""What the rows that were found were made of: the parent, and the natural product it goes back to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import duckdb

from halodb.engine import run_statement
from halodb.finding.report import Hit


class _Place(NamedTuple):
    """A row of an input."""

    class_name: str
    k: int
    row: int


class _Parent(NamedTuple):
    """A parent, and the row of the input it was made from, which has k one less."""

    smiles: str
    name: str | None
    made_from: int | None


def with_origins(connection: duckdb.DuckDBPyConnection, hits: Mapping[str, Hit]) -> dict[str, Hit]:
    """Hits with their parents and natural products, as far as the files of these are there.

    The view `origins` would join whole inputs; here only rows that are wanted are read, one step back after another.

    Args:
        connection: of an open library.
        hits: by their ids.
    """
    known: dict[_Place, _Parent] = {}
    places = {place for hit in hits.values() if (place := _place_of(hit)) is not None}
    while places:
        known |= dict(_read(connection, places))
        places = {back for place in places if (back := _back(place, known)) is not None and back not in known}
    return {made: _told(hit, known) for made, hit in hits.items()}


def _read(connection: duckdb.DuckDBPyConnection, places: Iterable[_Place]) -> Iterable[tuple[_Place, _Parent]]:
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place in places:
        rows[place.class_name, place.k].append(place.row)
    for (class_name, k), wanted in rows.items():
        parameters = {"class": class_name, "k": k, "rows": wanted}
        for row, smiles, name, made_from in run_statement(connection, "find/parents", parameters).fetchall():
            yield _Place(class_name, k, row), _Parent(smiles, name, made_from)


def _place_of(hit: Hit) -> _Place | None:
    return None if hit.parent_row is None else _Place(hit.class_name, hit.k, hit.parent_row)


def _back(place: _Place, known: Mapping[_Place, _Parent]) -> _Place | None:
    parent = known.get(place)
    if parent is None or parent.made_from is None or place.k == 0:
        return None
    return _Place(place.class_name, place.k - 1, parent.made_from)


def _told(hit: Hit, known: Mapping[_Place, _Parent]) -> Hit:
    place = _place_of(hit)
    parent = known.get(place) if place else None
    if place is None or parent is None:
        return hit
    first: _Place | None = place
    while first is not None and first.k > 0:
        first = _back(first, known)
    natural = known.get(first) if first is not None else None
    told: dict[str, str | None] = {"parent_smiles": parent.smiles}
    if natural is not None:
        told |= {"natural_product": natural.smiles, "name": natural.name}
    return hit.model_copy(update=told)
