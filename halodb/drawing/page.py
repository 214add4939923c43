"""Drawings as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdkit import rdBase

from halodb.drawing.entries import Entry
from halodb.errors import reason_of
from halodb.pictures.depict import pictures_of
from halodb.pictures.pages import render
from halodb.pictures.pair import Pair


@dataclass(frozen=True)
class Headings:
    """The title of a page, and what was asked for."""

    title: str
    asked: str


@dataclass(frozen=True)
class Drawing:
    """An entry, with its parent's picture and its own, or the reason why there is none."""

    entry: Entry
    parent: str | None = None
    product: str | None = None
    reason: str | None = None


def page_of(entries: Sequence[Entry], headings: Headings, parents: bool) -> tuple[bytes, int, int]:
    """One HTML file that needs no other; how many are beside their parent, and how many could not be drawn."""
    with rdBase.BlockLogs():
        drawings = [drawing_of(entry, parents) for entry in entries]
    beside = sum(one.parent is not None for one in drawings)
    failures = sum(one.reason is not None for one in drawings)
    told = f"{len(drawings):,} molecules" + (f", {beside:,} beside their parent" if beside else "")
    page = render("draw.html.j2", headings=headings, told=told, drawings=drawings, pairs=beside > 0)
    return page, beside, failures


def drawing_of(entry: Entry, parents: bool) -> Drawing:
    """The pictures of an entry."""
    try:
        pair = entry.pair()
        parent, product = pictures_of(pair if parents else Pair(pair.product, changed=pair.changed))
    except (ValueError, RuntimeError) as error:  # what RDKit raises of a molecule
        return Drawing(entry, reason=reason_of(error))
    return Drawing(entry, parent, product)
