"""What RDKit logs while a query runs: nothing of it is shown, and one of its warnings ends the query.

RDKit takes Ctrl-C for itself while it matches a substructure, in whatever thread: it ends the match, gives what it has
by then, and says so in its log alone. Neither Python nor DuckDB hears of the signal, and the value is wrong.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator

from rdkit import rdBase

from halodb.engine import take_back_interrupts

_INTERRUPTED = "interrupted"
"""In 2026.09: `Substructure search was interrupted, result may not include all matches`."""


@contextlib.contextmanager
def rdkit_heard(interrupted: Callable[[], None]) -> Iterator[None]:
    """Keep RDKit's log to ourselves, and call `interrupted` before a match that Ctrl-C ended gives its value."""
    logger = logging.getLogger("rdkit")
    handlers, propagate = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [_Ear(interrupted)], False
    rdBase.LogToPythonLogger()
    try:
        yield
    finally:
        take_back_interrupts()
        rdBase.LogToCppStreams()
        logger.handlers, logger.propagate = handlers, propagate


class _Ear(logging.Handler):
    def __init__(self, interrupted: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._interrupted = interrupted

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line of the log."""
        if _INTERRUPTED in record.getMessage():
            self._interrupted()
