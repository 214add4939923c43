"""A progress bar in a notebook: where a long function is called in a Jupyter kernel and nothing else was asked for."""

from __future__ import annotations

import html
import importlib
import sys
from typing import Any

from halodb.files import format_bytes, format_seconds
from halodb.workers.progress import Progress


class NotebookBars:
    """Bars below a cell, one for each thing that is done; outside of a notebook nothing."""

    def __init__(self) -> None:
        self._cell: int | None = None
        self._shown: dict[str, Any] = {}

    def show(self, now: Progress) -> None:
        """Show how far something is."""
        shell = _kernel()
        if shell is None:
            return
        if self._cell != shell.execution_count:  # another cell: bars of its own
            self._cell, self._shown = shell.execution_count, {}
        known = self._shown.get(now.title)
        ipython = importlib.import_module("IPython.display")  # it is there, for this is its kernel
        content = ipython.HTML(bar_of(now))
        if known is None:
            self._shown[now.title] = ipython.display(content, display_id=True)
        else:
            known.update(content)


def bar_of(now: Progress) -> str:
    """The bar as HTML.

    >>> "3 of 12 units" in bar_of(Progress("lipid-1X", 3, 12, 100, 250, 2.0, 10**9))
    True
    """
    told = [f"{now.units:,} of {now.all_units:,} {now.what}"]
    if now.products and now.seconds:
        told.append(f"{now.products:,} products, {now.products / now.seconds:,.0f}/s")
    if 0 < now.units < now.all_units:
        told.append(f"about {format_seconds(now.seconds * (now.all_units / now.units - 1))} left")
    if now.memory:
        told.append(format_bytes(now.memory))
    return (
        f'<div style="display:flex;gap:.8em;align-items:center;flex-wrap:wrap"><span>{html.escape(now.title)}</span>'
        f'<progress max="{max(1, now.all_units)}" value="{now.units}" style="width:16em"></progress>'
        f"<span>{html.escape(', '.join(told))}</span></div>"
    )


def _kernel() -> Any:
    """The shell of a Jupyter kernel that this process is; None where it is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if shell is not None and getattr(shell, "kernel", None) is not None else None
