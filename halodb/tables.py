"""Tables for people, as rich prints them in a terminal or saves them as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table


def figure_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], texts: int = 1) -> Table:
    """A table whose first `texts` columns are texts and whose others are figures, set to the right."""
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place < texts else "right", overflow="fold")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int | float) else str(cell) for cell in row))
    return table
