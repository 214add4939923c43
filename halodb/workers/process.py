"""What makes a process a worker: it ends with its parent, and when a molecule hangs; and what it is started with."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import connection, parent_process

from pebble import CONSTS

from halodb.without_pandas import leave_pandas_out

_LOCK_SECONDS = 10
_TUNABLES = "GLIBC_TUNABLES"
_FREED_BLOCKS = "glibc.malloc.tcache_count=512"
"""A molecule is hundreds of small blocks, and RDKit copies one a product; glibc keeps 7 freed ones of a size at hand.
With 512, which are at most 17 MB, a worker makes 10 to 17 % more products a second."""


@contextlib.contextmanager
def environment_of_workers() -> Iterator[None]:
    """The environment that workers are started in: this one, with glibc's allocator tuned unless the user tunes it."""
    if sys.platform != "linux" or _TUNABLES in os.environ:
        yield
        return
    os.environ[_TUNABLES] = _FREED_BLOCKS
    try:
        yield
    finally:
        os.environ.pop(_TUNABLES, None)


def shorten_lock_timeout() -> None:
    """Let the pool, and its workers, give up its lock sooner than after a minute each.

    It is held for the milliseconds that a task or a receipt takes through a pipe, or for ever, where a worker is killed
    within these; then the pool breaks, and `pool.run_units` makes a new one.
    """
    CONSTS.channel_lock_timeout = _LOCK_SECONDS


def become_worker() -> None:
    """Make this process a worker: it leaves Ctrl-C and the like to its parent, and ends with it, however that ends."""
    leave_pandas_out()
    shorten_lock_timeout()
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
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
