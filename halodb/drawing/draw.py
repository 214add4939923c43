"""`halodb draw`: the molecules of a query, each beside the parent that it was made of."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from halodb.drawing import page, sheet
from halodb.drawing.entries import entries_of, rows_to_show
from halodb.drawing.page import Headings
from halodb.errors import UsageError
from halodb.exporting.target import check_place
from halodb.files import write_whole
from halodb.library import open_library
from halodb.memory import DEFAULT_BUDGET
from halodb.selection.listed import as_list
from halodb.workers.listener import SILENT, Listener

if TYPE_CHECKING:
    from halodb.sampling import Sample

_SAMPLE = "halodb_drawn_sample"


class Picture(StrEnum):
    """Kinds of files."""

    HTML = "html"
    SVG = "svg"
    PNG = "png"


@dataclass(frozen=True)
class DrawReport:
    """What was drawn.

    Attributes:
        path: the file.
        molecules: in it.
        beside_parent: of these, how many are beside their parent.
        failures: of these, how many RDKit could not draw; their SMILES is told instead.
        more: whether the query has more rows than were drawn.
        seconds: wall time.
    """

    path: Path
    molecules: int
    beside_parent: int
    failures: int
    more: bool
    seconds: float


def draw(
    library: Path | str,
    output: Path | str,
    *,
    query: str | None = None,
    where: str | None = None,
    sample: Sample | None = None,
    columns: Sequence[str] | str | None = None,
    name: str | None = None,
    limit: int = 100,
    parents: bool = True,
    replace: bool = False,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> DrawReport:
    """Draw the molecules of a query, products beside their parents and in the same position.

    What changed and the halogens are marked; name, label of the rule and columns of choice are below. Where a row has
    no `id` it is looked up by its SMILES, which reads the library once.

    Args:
        library: directory of the library.
        output: the file: `.html` (one file, light and dark), `.svg` or `.png`.
        query: one SELECT with a column `smiles`.
        where: a condition over `products` instead.
        sample: products that `halodb.sample` chose instead, with their default columns.
        columns: columns or expressions of SQL below each molecule; by default those of the query.
        name: the column of a query with the names; `id` or `name` by default, else they are numbered.
        limit: molecules at the most; that there are more is told.
        parents: draw parents too, where they are known.
        replace: write over what is there.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        listener: told what is left out.

    Raises:
        UsageError: an ending, a column or a combination of arguments that does not exist; a picture that is too large.
        LibraryError: there is no library.
        QueryError: DuckDB refused the query or the condition.
        OutputError, DiskFullError: something is there already, or it cannot be written.

    Example:
        >>> halodb.draw("library", "hits.html", query="SELECT * FROM products LIMIT 20").molecules  # doctest: +SKIP
        20
    """
    started = time.monotonic()
    file = Path(output)
    kind = picture_of_name(file)
    if sum(each is not None for each in (query, where, sample)) > 1:
        raise UsageError("give one of a query, a condition and a sample.", "A query has its own WHERE.")
    if limit < 1:
        raise UsageError("there is nothing to draw.", "Draw 1 molecule or more.")
    check_place(file, replace=replace)
    listed = as_list(columns)
    with open_library(library, memory=memory, temp_directory=temp_directory) as opened:
        if sample is not None:
            opened.connection.register(_SAMPLE, sample.table)
        asked = query if sample is None else f"FROM {_SAMPLE}"
        rows = rows_to_show(opened, asked, where, listed, name)
        entries, more = entries_of(opened, rows, limit, look_up=parents, tell=listener.message)
        if not entries:
            opened.tell_absent(rows.chosen.text)
    if more:
        listener.message(f"the first {limit:,} are drawn, and there are more: --limit draws others too")
    headings = Headings(name_of(library), asked_of(query, where))
    content, beside, failures = _MAKERS[kind](entries, headings, parents)
    write_whole(file, content)
    return DrawReport(file, len(entries), beside, failures, more, time.monotonic() - started)


def picture_of_name(file: Path) -> Picture:
    """The kind of picture that the name of a file tells.

    Raises:
        UsageError: it tells none.
    """
    ending = file.suffix.lower().lstrip(".")
    try:
        return Picture("html" if ending == "htm" else ending)
    except ValueError:
        raise UsageError(
            f"the name {file.name or file} tells no kind of picture.", "Let it end with .html, .svg or .png."
        ) from None


def name_of(library: Path | str) -> str:
    """A title for what is shown of a library: its name, with the directory above where it has the name of them all."""
    path = Path(library).resolve()
    return f"{path.parent.name}/{path.name}" if path.name == "library" and path.parent.name else path.name


def asked_of(query: str | None, where: str | None) -> str:
    """What was asked for, on one line."""
    return " ".join((query or where or "").split())


_MAKERS = {Picture.HTML: page.page_of, Picture.SVG: sheet.svg_of, Picture.PNG: sheet.png_of}
