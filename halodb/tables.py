"""Tables for people, as rich prints them in a terminal or saves them as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table


def plain_console(file: TextIO | None = None, *, width: int | None = None, record: bool = False) -> Console:
    """A console that prints what it is given: no text is taken for markup, such as `[/]`, or for the name of an emoji.

    Args:
        file: standard output by default.
        width: characters; the terminal's by default.
        record: keep what is printed, for a page.
    """
    return Console(file=file, width=width, record=record, markup=False, emoji=False, highlight=False)


def figure_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], texts: int = 1) -> Table:
    """A table whose first `texts` columns are texts and whose others are figures, set to the right."""
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place < texts else "right", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int | float) else str(cell) for cell in row))
    return table
