"""Ctrl-C while workers start: they cannot ignore it yet, and would each end with a traceback."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Start processes and threads that Ctrl-C does not reach; to this process it comes when the block has ended.

    What is started inherits it: on POSIX the blocked signal, also in what the pool's threads start later, on Windows
    that Ctrl-C is ignored.
    """
    with _interrupts_postponed(), _interrupts_withheld():
        yield


@contextlib.contextmanager
def _interrupts_postponed() -> Iterator[None]:
    """Let Ctrl-C come when the block has ended; only the main thread is ever interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


@contextlib.contextmanager
def _interrupts_withheld() -> Iterator[None]:
    """Withhold Ctrl-C from what is started meanwhile."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  not on every system

        handle = ctypes.windll.kernel32.SetConsoleCtrlHandler
        handle(None, True)
        try:
            yield
        finally:
            handle(None, False)
    else:
        resource_tracker.ensure_running()  # it lets signals through again when it is started
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
