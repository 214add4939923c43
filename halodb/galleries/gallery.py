"""`halodb gallery`: molecules of a library as a page to leaf through."""

from __future__ import annotations

import base64
import contextlib
import json
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from halodb.drawing.draw import asked_of, name_of
from halodb.drawing.entries import Entry, Rows, entries_of, rows_to_show
from halodb.errors import UsageError
from halodb.exporting.target import check_place
from halodb.exporting.write import scratch_of
from halodb.files import write_whole
from halodb.galleries.card import CardMaker, values_of
from halodb.galleries.columns import Column, column_of
from halodb.library import Library, open_library
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.pictures.pages import render
from halodb.records import make_records, write_spool
from halodb.selection import NAME, SMILES, draw
from halodb.selection.listed import as_list
from halodb.selection.rows import COLUMNS, check_query_or_condition
from halodb.workers.governor import size_pool
from halodb.workers.listener import SILENT, Listener

PROPERTIES = {
    "mol_weight": "g/mol",
    "logp": "Crippen",
    "tpsa": "Å²",
    "hbd": "donors",
    "hba": "acceptors",
    "rotatable_bonds": "",
    "rings": "",
    "heavy_atoms": "",
}
"""Functions of SQL that are there for windows, with their units."""

_FIRST = ("origin", "class", "k", "label", "rule")
"""Columns that come before the others where they are there."""

_CHUNK = 40
"""Pictures that are compressed together: 40 take 8 ms to unpack, and each then takes 300 bytes."""
_ENDINGS = {".html", ".htm"}
_SPOOL = pa.schema([(name, pa.string()) for name in (SMILES, NAME, "parent", "site", "smirks")])


@dataclass(frozen=True)
class GalleryReport:
    """What the gallery holds.

    Attributes:
        path: the file.
        molecules: in it.
        failures: of these, how many RDKit could not draw; they are there with the reason in place of a picture.
        more: whether there are more molecules than those.
        bytes: of the file.
        seconds: wall time.
        peak_memory: bytes, the most that the process tree held at once.
    """

    path: Path
    molecules: int
    failures: int
    more: bool
    bytes: int
    seconds: float
    peak_memory: int


def gallery(
    library: Path | str,
    output: Path | str,
    *,
    query: str | None = None,
    where: str | None = None,
    columns: Sequence[str] | str | None = None,
    name: str | None = None,
    limit: int = 10_000,
    seed: int = 0,
    title: str | None = None,
    replace: bool = False,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> GalleryReport:
    """Write a page to leaf through molecules: search, sort, filter, pick, and save what was picked.

    It is one file that needs no network. Pictures are in it, some hundred bytes each, and are drawn when they are seen.
    The bytes are the same each time.

    Args:
        library: directory of the library.
        output: the file, `.html`.
        query: one SELECT with a column `smiles`; the first rows of it.
        where: a condition over `products` instead; all by default. Where they are more than the limit, those are drawn
            by chance.
        columns: columns or expressions of SQL for search and filters; by default those of the query. Mass, logP and
            others are there anyway.
        name: the column of a query with the names; `id` or `name` by default, else they are numbered.
        limit: molecules at the most; that there are more is told, on the page too.
        seed: another one, other products by chance.
        title: of the page; the library's name by default.
        replace: write over what is there.
        workers: processes; the machine's cores by default.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        listener: told how far it is, and what is left out.

    Raises:
        UsageError: an ending, a column or a combination of arguments that does not exist.
        LibraryError: there is no library.
        QueryError: DuckDB refused the query or the condition.
        OutputError, DiskFullError: something is there already, or it cannot be written.

    Example:
        >>> halodb.gallery("library", "lipids.html", where="class = 'lipid'").molecules  # doctest: +SKIP
    """
    started = time.monotonic()
    file = Path(output)
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError(f"a gallery is a page, and {file.name or file} is none.", "Let its name end with .html.")
    check_query_or_condition(query, where)
    if limit < 1:
        raise UsageError("there is nothing to show.", "Show 1 molecule or more.")
    check_place(file, replace=replace)
    listed = as_list(columns)
    with contextlib.ExitStack() as stack:
        meter = stack.enter_context(MemoryMeter())
        opened = stack.enter_context(open_library(library, memory=memory, temp_directory=temp_directory))
        rows, entries, more = _chosen(opened, query, where, listed, name, limit, seed, listener)
        if not entries:
            opened.tell_absent(rows.chosen.text)
        scratch = stack.enter_context(scratch_of(opened, temp_directory))
        maker = CardMaker(tuple(each for each in PROPERTIES if each not in rows.shown))
        spool = write_spool(scratch / "gallery.parquet", _SPOOL, _batches(entries))
        cards = _Cards(maker)
        if entries:
            budget = size_pool(meter, workers, parse_budget(memory))
            for records in make_records(
                spool, maker, budget=budget, directory=scratch, listener=listener, title=f"gallery {file.name}"
            ):
                cards.add(records.made, {failure.row: failure.reason for failure in records.failures}, records.start)
    told = _told(len(entries), more, by_chance=query is None)
    content = render(
        "gallery.html.j2",
        title=title or name_of(library),
        asked=asked_of(query, where),
        told=told,
        count=len(entries),
        data={"columns": _columns(rows, entries, cards), "failures": cards.failures, "chunk": _CHUNK},
        chunks=cards.chunks(),
    )
    write_whole(file, content)
    return GalleryReport(
        path=file,
        molecules=len(entries),
        failures=len(cards.failures),
        more=more,
        bytes=len(content),
        seconds=time.monotonic() - started,
        peak_memory=meter.peak,
    )


class _Cards:
    """What the workers made, in the order of the molecules.

    Attributes:
        failures: reasons, by the number of the molecule.
        properties: values of each.
    """

    def __init__(self, maker: CardMaker) -> None:
        self.failures: dict[int, str] = {}
        self.properties: dict[str, list[float | None]] = {name: [] for name in maker.properties}
        self._pictures: list[str] = []

    def add(self, made: Sequence[bytes | None], failures: dict[int, str], start: int) -> None:
        """Add records."""
        for number, record in enumerate(made, start):
            picture, values = json.loads(record) if record is not None else ("", [None] * len(self.properties))
            if record is None:
                self.failures[number] = failures.get(number, "")
            self._pictures.append(picture)
            for column, value in zip(self.properties.values(), values, strict=True):
                column.append(value)

    def chunks(self) -> list[str]:
        """The pictures, some at a time, as compressed JSON in base64."""
        return [
            base64.b64encode(zlib.compress(json.dumps(self._pictures[start : start + _CHUNK]).encode(), 9)).decode()
            for start in range(0, len(self._pictures), _CHUNK)
        ]


def _chosen(
    library: Library,
    query: str | None,
    where: str | None,
    columns: Sequence[str] | None,
    name: str | None,
    limit: int,
    seed: int,
    listener: Listener,
) -> tuple[Rows, list[Entry], bool]:
    """The molecules: all, or the first of a query, or those of a condition that chance draws."""
    rows = rows_to_show(library, query, where, columns, name)
    entries, more = entries_of(library, rows, limit)
    if more:  # told before what may take a while
        listener.message(_told(len(entries), more, by_chance=query is None))
    if more and query is None:
        names = [*COLUMNS, *(columns or rows.chosen.names[len(COLUMNS) :])]
        drawn = draw(library, limit, seed=seed, where=where, columns=names, molecules=True)
        entries, _ = entries_of(library, replace(rows, chosen=drawn), limit)
    return rows, entries, more


def _batches(entries: Sequence[Entry]) -> Iterator[pa.RecordBatch]:
    if entries:
        texts = [(one.smiles, one.name, *values_of(one.parent, one.site, one.smirks)) for one in entries]
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, pa.string()) for column in zip(*texts, strict=True)], schema=_SPOOL
        )


def _columns(rows: Rows, entries: Sequence[Entry], cards: _Cards) -> dict[str, Any]:
    """The columns of the page: SMILES and names, what else is known of molecules, those of choice, properties."""
    shown: list[Column] = []
    for name, values in (("origin", [one.origin for one in entries]), ("label", [one.label for one in entries])):
        if any(value is not None for value in values) and name not in rows.shown:
            shown.append(column_of(name, values))
    shown += [column_of(name, [one.shown[place][1] for one in entries]) for place, name in enumerate(rows.shown)]
    shown.sort(key=lambda column: _FIRST.index(column["name"]) if column["name"] in _FIRST else len(_FIRST))
    shown += [column_of(name, values, note=PROPERTIES[name]) for name, values in cards.properties.items()]
    return {
        "smiles": [entry.smiles for entry in entries],
        "name": [entry.name for entry in entries],
        "shown": shown,
    }


def _told(count: int, more: bool, *, by_chance: bool) -> str:
    if not more:
        return f"{count:,} molecules"
    if by_chance:
        return f"{count:,} molecules, drawn by chance: there are more, which --limit or a condition brings"
    return f"the first {count:,} molecules of the query: there are more, which --limit brings"
