"""What commands say on standard error: progress and summaries."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from halodb.tables import plain_console

if TYPE_CHECKING:
    from rich.console import Console

    from halodb.workers.listener import Listener
    from halodb.workers.progress import Progress as Moment

_LINE_EVERY_SECONDS = 10
_LOG_WIDTH = 160


def console() -> Console:
    """The terminal for stderr: standard error."""
    width = None if sys.stderr.isatty() else _LOG_WIDTH
    return plain_console(sys.stderr, width=width)


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Listener]:
    """A listener that shows how far passes are: a bar on a terminal, a line now and then in a log; and messages."""
    from halodb.workers.listener import Listener

    stderr = console()

    def tell(text: str) -> None:
        stderr.print(text, soft_wrap=True)

    if quiet:
        yield Listener(message=tell)
    elif stderr.is_terminal:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=stderr, transient=True) as bars:
            yield Listener(progress=_Bars(bars).show, message=tell)
    else:
        yield Listener(progress=_Lines(stderr).show, message=tell)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("starting", total=None, figures="")

    def show(self, moment: Moment) -> None:
        self._bars.update(
            self._task,
            description=moment.title,
            completed=moment.units,
            total=moment.all_units,
            figures=figures(moment),
        )


class _Lines:
    def __init__(self, stderr: Console) -> None:
        self._talk = stderr
        self._last = time.monotonic()

    def show(self, moment: Moment) -> None:
        if time.monotonic() - self._last >= _LINE_EVERY_SECONDS:
            self._last = time.monotonic()
            done = f"{moment.units} of {moment.all_units} units"
            left = moment.seconds * (moment.all_units / moment.units - 1) if moment.units else 0
            self._talk.print(f"{moment.title}: {done}, {figures(moment)}, about {left:,.0f} s left", soft_wrap=True)


def figures(moment: Moment) -> str:
    """Products, products a second and memory, for people."""
    from halodb.files import format_bytes

    rate = moment.products / moment.seconds if moment.seconds else 0
    return f"{moment.products:,} products, {rate:,.0f}/s, {format_bytes(moment.memory)}"
