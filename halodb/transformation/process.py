"""What makes a process a worker: it ends with its parent, and when a molecule hangs."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import time
from multiprocessing import connection, parent_process


def become_worker() -> None:
    """Make this process a worker: it leaves Ctrl-C to its parent and ends when its parent ends, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


class Alarm:
    """Ends this process when one parent takes too long.

    RDKit holds the interpreter's lock, so no Python thread could do it: faulthandler's watchdog is a thread of C. To
    set it costs tens of microseconds, so it is set anew once a second, not once a parent.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0
        self._silence = open(os.devnull, "w")  # noqa: PTH123, SIM115  closed on exit

    def __enter__(self) -> Alarm:
        return self

    def __exit__(self, *_: object) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._silence.close()

    def begin(self) -> None:
        """A parent begins now."""
        now = time.monotonic()
        if now >= self._next:
            faulthandler.dump_traceback_later(self._seconds + 1, exit=True, file=self._silence)
            self._next = now + 1


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
