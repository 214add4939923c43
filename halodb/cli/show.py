"""What commands say on standard error: progress and summaries."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from halodb.tables import plain_console

if TYPE_CHECKING:
    from rich.console import Console

    from halodb.workers.listener import Listener
    from halodb.workers.progress import Progress as PassProgress

_LINE_EVERY_SECONDS = 10
_LOG_WIDTH = 160


def console() -> Console:
    """The terminal for stderr: standard error."""
    width = None if sys.stderr.isatty() else _LOG_WIDTH
    return plain_console(sys.stderr, width=width)


@contextlib.contextmanager
def progress(quiet: bool = False, log: Path | None = None, log_format: str = "text") -> Iterator[Listener]:
    """A listener that shows how far passes are: a bar on a terminal, a line now and then in a log; and messages."""
    with logged(log, log_format), _shown(quiet) as listener:
        yield listener


@contextlib.contextmanager
def logged(log: Path | None, log_format: str) -> Iterator[None]:
    """Log what happens meanwhile to a file, where one is given."""
    from halodb.log import log_to

    with log_to(log, as_json=log_format == "json") if log else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _shown(quiet: bool) -> Iterator[Listener]:
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

    def show(self, now: PassProgress) -> None:
        self._bars.update(
            self._task,
            description=now.title,
            completed=now.units,
            total=now.all_units,
            figures=figures(now),
        )


class _Lines:
    def __init__(self, stderr: Console) -> None:
        self._stderr = stderr
        self._last = time.monotonic()

    def show(self, now: PassProgress) -> None:
        if time.monotonic() - self._last >= _LINE_EVERY_SECONDS:
            self._last = time.monotonic()
            done = f"{now.units} of {now.all_units} {now.what}"
            left = f", about {now.seconds * (now.all_units / now.units - 1):,.0f} s left" if now.units else ""
            moment = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
            self._stderr.print(f"{moment} {now.title}: {done}, {figures(now)}{left}", soft_wrap=True)


def figures(now: PassProgress) -> str:
    """Products, products a second and memory, for people; parents where there are no products."""
    from halodb.files import format_bytes

    if not now.products:
        return f"{now.parents:,} parents, {format_bytes(now.memory)}"
    rate = now.products / now.seconds if now.seconds else 0
    return f"{now.products:,} products, {rate:,.0f}/s, {format_bytes(now.memory)}"
