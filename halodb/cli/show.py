"""What commands say on standard error: progress and summaries."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from halodb.tables import plain_console

if TYPE_CHECKING:
    from rich.console import Console

    from halodb.pipeline import Plan
    from halodb.workers.listener import Listener

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
    from halodb.cli.display import displayed
    from halodb.workers.listener import Listener

    stderr = console()

    def tell(text: str) -> None:
        stderr.print(text, soft_wrap=True)

    if quiet:
        yield Listener(message=tell)
        return
    with displayed(stderr) as show:
        yield Listener(progress=show, message=tell, planned=lambda plan: tell(in_lines(plan)))


def in_lines(plan: Plan) -> str:
    """What a run is about to do, in three lines."""
    from halodb.pipeline.told import lines_of

    return "\n".join(lines_of(plan))


def shell_word(path: Path) -> str:
    """A path as any shell takes it; cmd.exe knows double quotes alone."""
    return f'"{path}"' if " " in str(path) else str(path)
