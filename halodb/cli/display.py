"""How long commands show how far they are: a bar in a terminal, a line now and then in a file or pipe."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from halodb.files import format_bytes, format_seconds

if TYPE_CHECKING:
    from rich.console import Console

    from halodb.workers.progress import Progress

_LINE_EVERY_SECONDS = 10
_BAR = 16
_FRAMES_A_SECOND = 4

Show = Callable[["Progress"], None]


@contextlib.contextmanager
def displayed(stderr: Console) -> Iterator[Show]:
    """A function that shows how far a command is, on the terminal or as lines with a time stamp."""
    if not stderr.is_terminal:
        yield _Lines(stderr).show
        return
    screen = _Screen()
    with Live(screen, console=stderr, transient=True, refresh_per_second=_FRAMES_A_SECOND):
        yield screen.show


class _Screen:
    """The two lines: what is done, and how far it is."""

    def __init__(self) -> None:
        self._now: Progress | None = None

    def show(self, now: Progress) -> None:
        """Show this from now on."""
        self._now = now

    def __rich__(self) -> Group | Text:
        if self._now is None:
            return Text("starting ...")
        return Group(Text(what_is_done(self._now), no_wrap=True, overflow="ellipsis"), bar_line(self._now))


class _Lines:
    def __init__(self, stderr: Console) -> None:
        self._stderr = stderr
        self._last = time.monotonic()

    def show(self, now: Progress) -> None:
        """Write a line, if the last one is long enough ago."""
        if time.monotonic() - self._last >= _LINE_EVERY_SECONDS:
            self._last = time.monotonic()
            moment = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
            told = ", ".join(filter(None, [f"{now.share:.0%}", memory_of(now), time_left(now)]))
            self._stderr.print(f"{moment} {what_is_done(now)}, {told}", soft_wrap=True)


def bar_line(now: Progress) -> Table:
    """A bar with the share that is done, the memory that is held, and the time that is left."""
    line = Table.grid(padding=(0, 2))
    bar = ProgressBar(total=now.all_units or None, completed=now.units, width=_BAR)
    told = [Text(f"{now.share:4.0%}"), Text(memory_of(now)), Text(time_left(now))]
    line.add_row(bar, *(text for text in told if text.plain))
    return line


def what_is_done(now: Progress) -> str:
    """The pass, which of how many it is, and what it made so far.

    Example:
        >>> from halodb.workers.progress import Progress
        >>> what_is_done(Progress("lipid-1X, 6 rules", 2, 8, 100, 3000, 1.5, 10**9, place="3 of 14"))
        '3 of 14: lipid-1X, 6 rules: 2 of 8 units, 3,000 products, 2,000/s'
    """
    done = [f"{now.units:,} of {now.all_units:,} {now.what}"]
    if now.products:
        done += [f"{now.products:,} products", f"{now.products / now.seconds:,.0f}/s" if now.seconds else ""]
    elif now.parents:
        done.append(f"{now.parents:,} rows")
    return f"{now.place}{': ' * bool(now.place)}{now.title}: {', '.join(filter(None, done))}"


def memory_of(now: Progress) -> str:
    """What the process tree holds, of its budget."""
    if not now.memory:
        return ""
    return f"{format_bytes(now.memory)} of {format_bytes(now.budget)}" if now.budget else format_bytes(now.memory)


def time_left(now: Progress) -> str:
    """What is left of this, and of all where more comes."""
    left = now.seconds_left
    if left is None:
        return ""
    told = f"{format_seconds(left)} left"
    return f"{told}, {format_seconds(left + now.later)} in all" if now.later else told
