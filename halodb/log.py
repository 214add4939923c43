"""What happened, and when: the loggers `halodb.*` of Python's logging, and the file that keeps them."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
import warnings
from collections.abc import Iterator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from halodb.errors import HalodbWarning

LOG_FILE = "halodb.log"
"""In the library; full ones get .1 to .5."""

_MOST_BYTES = 10_000_000
_KEPT = 5
_TAIL_BYTES = 8192

_HALODB = logging.getLogger("halodb")
_HALODB.addHandler(logging.NullHandler())  # or Python would print warnings of a program that set up no logging


def last_lines(library: Path, count: int = 3) -> tuple[str, ...]:
    """The last lines of a library's log; none where there is none, or it cannot be read.

    Example:
        >>> last_lines(Path("library"))  # doctest: +SKIP
        ('2026-11-25 03:00:12 INFO halodb.workers.pool: rows 20000 to 30000 handed out',)
    """
    try:
        with (library / LOG_FILE).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    return tuple(lines[-count:])


@contextlib.contextmanager
def log_to(file: Path, *, as_json: bool = False) -> Iterator[None]:
    """Keep what halodb logs meanwhile in a file, to which it is added; so are the warnings that people are shown.

    A file that cannot be written, on a full disk or of somebody else, stops nothing.

    Args:
        file: the log; when it is full it is renamed and begun anew.
        as_json: one JSON object a line, instead of text.

    Example:
        >>> with log_to(Path("halodb.log")):  # doctest: +SKIP
        ...     halodb.run("library", "inputs")
    """
    handler = _Handler(file, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(_Json() if as_json else _Text())
    before = _HALODB.level
    _HALODB.addHandler(handler)
    _HALODB.setLevel(logging.INFO)
    shown = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *arguments: Any, **named: Any) -> None:
        if issubclass(category, HalodbWarning):
            _HALODB.warning("%s", message)
        shown(message, category, *arguments, **named)

    warnings.showwarning = show
    try:
        yield
    finally:
        if warnings.showwarning is show:
            warnings.showwarning = shown
        _HALODB.setLevel(before)
        _HALODB.removeHandler(handler)
        with contextlib.suppress(OSError):  # what a full disk did not take, it takes no better now
            handler.close()


class _Handler(RotatingFileHandler):
    """Writes as long as it can."""

    def _open(self) -> TextIOWrapper:
        """Open the file, and end the line that a full disk or a kill cut short."""
        stream = super()._open()
        if _is_cut(Path(self.baseFilename)):
            stream.write("\n")
        return stream

    def doRollover(self) -> None:  # noqa: N802  logging has it so
        """Begin a new file; where somebody has the full one open, as a viewer has on Windows, go on with it."""
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Leave the line out."""


def _is_cut(log: Path) -> bool:
    with log.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


class _Text(logging.Formatter):
    """`2026-11-26 03:04:05Z INFO polyphenol-2X: ...`, in UTC."""

    converter = time.gmtime  # type: ignore[assignment]  # as logging documents it

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever a name or a message of the system has in it."""
        return " ".join(super().format(record).splitlines())


class _Json(logging.Formatter):
    """One object a line: time (ISO 8601, UTC), level, logger, message."""

    converter = time.gmtime  # type: ignore[assignment]  # as logging documents it

    def format(self, record: logging.LogRecord) -> str:
        """The record."""
        told = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(told, ensure_ascii=False)
