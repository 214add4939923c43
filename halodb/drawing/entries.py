"""What is shown of a molecule: its name and values, and the parent and the rule that it was made by."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from halodb.errors import HalodbError
from halodb.finding import find
from halodb.finding.asked import parse_id
from halodb.finding.origins import with_origins
from halodb.finding.report import Hit
from halodb.library import Library
from halodb.library.views import names_products
from halodb.pictures.pair import Pair, pair_of
from halodb.selection import Chosen, rows_of_products, rows_of_query
from halodb.selection.rows import COLUMNS
from halodb.workers.listener import SILENT

_NOT_SHOWN = {"smiles", "id", "name", "label", "parent_smiles", "grandparent_smiles", "parent_row", "site"}
_BY_DEFAULT = ("class", "k", "rule", "sources")
_BATCH_ROWS = 8192
_MANY = 1_000_000
"""Products, from which a look at all of them is worth a word."""


@dataclass(frozen=True)
class Entry:
    """A molecule that is shown.

    Attributes:
        smiles: as it was chosen.
        name: its id, or what the query has for a name; else its number.
        label: of the rule, where it is known.
        shown: names and values of the columns below it.
        parent: SMILES of what it was made of, where that is known.
        origin: name of the natural product behind it.
        smirks: of the rules that may have made it.
        site: the parent's atom where they did.
    """

    smiles: str
    name: str
    label: str | None = None
    shown: tuple[tuple[str, Any], ...] = ()
    parent: str | None = None
    origin: str | None = None
    smirks: tuple[str, ...] = ()
    site: int | None = None

    def pair(self) -> Pair:
        """The product beside its parent.

        Raises:
            ValueError: RDKit reads no molecule in the SMILES.
        """
        return pair_of(self.smiles, self.parent, self.smirks, self.site)


@dataclass(frozen=True)
class Rows:
    """Rows that are chosen to be shown.

    Attributes:
        chosen: the rows: SMILES, names, and columns of which some are shown.
        places: of the columns that are shown, among those of choice.
        looked_up: whether a row without an id may be looked up by its SMILES.
    """

    chosen: Chosen
    places: tuple[int, ...]
    looked_up: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the columns that are shown."""
        return tuple(self.chosen.names[place] for place in self.places)


def rows_to_show(
    library: Library, query: str | None, where: str | None, columns: Sequence[str] | None, name: str | None = None
) -> Rows:
    """The rows of a query or of a condition, with what leads to their parents.

    Args:
        library: open.
        query: one SELECT with a column `smiles`.
        where: a condition over `products` instead.
        columns: columns or expressions of SQL that are shown; by default what is worth it.
        name: the column of a query with the names.

    Raises:
        QueryError: DuckDB refuses the query or the condition.
        UsageError: a column that is needed is not there.
    """
    if query is None:
        listed = _BY_DEFAULT if columns is None else columns
        chosen = rows_of_products(library, where=where, columns=[*COLUMNS, *listed], molecules=True)
        return Rows(chosen, tuple(range(len(COLUMNS), len(chosen.names))))
    chosen = rows_of_query(library, query, molecules=True, name=name)
    looked_up = names_products(query)
    if columns is None:
        hidden = _NOT_SHOWN | ({name.lower()} if name else set())
        places = (place for place, each in enumerate(chosen.names) if each.lower() not in hidden)
        return Rows(chosen, tuple(places), looked_up)
    more = rows_of_query(library, query, columns=["*", *columns], molecules=True, name=name)
    return Rows(more, tuple(range(len(chosen.names), len(more.names))), looked_up)


def entries_of(
    library: Library, rows: Rows, limit: int, *, look_up: bool = False, tell: Callable[[str], None] = SILENT.message
) -> tuple[list[Entry], bool]:
    """The first rows, and whether there are more.

    Args:
        library: open.
        rows: chosen.
        limit: how many.
        look_up: look for products without an id by their SMILES: it reads the library once.
        tell: told when that takes long.

    Raises:
        QueryError: DuckDB could not finish the query.
    """
    read: list[tuple[Any, ...]] = []
    for batch in rows.chosen.batches(min(limit + 1, _BATCH_ROWS)):
        read += zip(*(column.to_pylist() for column in batch.columns), strict=True)
        if len(read) > limit:
            break
    names = [name.lower() for name in rows.chosen.names]
    entries: list[Entry] = []
    hits: dict[str, Hit] = {}
    for number, (smiles, name, *values) in enumerate(read[:limit], 1):
        told = dict(zip(reversed(names), reversed(values), strict=True))  # of two of a name the first counts
        entry = Entry(
            smiles=smiles or "",
            name=name or str(number),
            label=_text(told.get("label")),
            shown=tuple((rows.chosen.names[place], values[place]) for place in rows.places),
            parent=_text(told.get("parent_smiles")),
            site=_whole(told.get("site")),
        )
        entries.append(entry)
        hit = _hit(number, entry, told)
        if hit is not None:
            hits[hit.id] = hit
    if look_up and rows.looked_up:
        hits |= _by_smiles(library, entries, hits, tell)
    return with_parents(library, entries, hits), len(read) > limit


def _hit(number: int, entry: Entry, told: Mapping[str, Any]) -> Hit | None:
    """The product that a row is, as far as its columns lead to a parent."""
    class_name, rule = _text(told.get("class")), _text(told.get("rule"))
    k, parent_row, site = _whole(told.get("k")), _whole(told.get("parent_row")), entry.site
    with contextlib.suppress(ValueError):
        class_name, k, rule, parent_row, site, _ = parse_id(str(told.get("id")))
    if class_name is None or k is None or rule is None or parent_row is None:
        return None
    return Hit(
        id=str(number),
        job="",  # it has a name
        class_name=class_name,
        k=k,
        rule=rule,
        label=entry.label,
        smiles=entry.smiles,
        parent_row=parent_row,
        site=site,
        sources=None,
    )


def _by_smiles(
    library: Library, entries: Sequence[Entry], hits: Mapping[str, Hit], tell: Callable[[str], None]
) -> dict[str, Hit]:
    """Products whose rows tell nothing but their SMILES, as the library has them first; `job` is their id."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        if str(number) not in hits and entry.parent is None and entry.smiles:
            numbers[entry.smiles].append(number)
    found: dict[str, Hit] = {}
    if not numbers:
        return found
    if library.rows > _MANY:
        tell("looking for the parents of these products by their SMILES; a query that selects id saves it")
    for answer in find(library.path, list(numbers), memory=library.memory).answers:
        for number in numbers[answer.query]:
            label = entries[number - 1].label
            hit = next((hit for hit in answer.hits if label is None or hit.label == label), None)
            if hit is not None:
                found[str(number)] = hit.model_copy(update={"id": str(number), "job": hit.id})
    return found


def with_parents(library: Library, entries: Sequence[Entry], hits: Mapping[str, Hit]) -> list[Entry]:
    """Entries with their parents and rules, as far as the inputs are there.

    Args:
        library: open.
        entries: what is shown.
        hits: the products that they are, by the number of the entry from 1, as text.
    """
    smirks: dict[str, list[str]] = defaultdict(list)
    for rule, text in library.connection.execute("SELECT rule, smirks FROM rules").fetchall():
        smirks[rule].append(text)
    with contextlib.suppress(HalodbError):  # an input is damaged: its products are shown alone
        hits = with_origins(library.connection, hits)
    every = tuple(dict.fromkeys(text for texts in smirks.values() for text in texts))
    made = []
    for number, entry in enumerate(entries, 1):
        hit = hits.get(str(number))
        changed: dict[str, Any] = {"smirks": every} if entry.parent is not None else {}
        if hit is not None:
            changed = {
                "name": hit.job if hit.job and entry.name == str(number) else entry.name,
                "label": entry.label or hit.label,
                "parent": entry.parent or hit.parent_smiles,
                "origin": hit.name,
                "smirks": tuple(smirks.get(hit.rule, ())),
                "site": hit.site if entry.site is None else entry.site,
            }
        made.append(replace(entry, **changed))
    return made


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
