"""Memory of this machine and of the process tree, in bytes."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from types import TracebackType

import psutil

from halodb.cgroups import memory_limits
from halodb.errors import UsageError
from halodb.files import format_bytes

DEFAULT_BUDGET = "50%"
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(%|[kmgt]?i?b?)\s*", re.IGNORECASE)
_LONGEST = 40  # characters of an amount
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_SMALLEST_BUDGET = 320 * 1024**2
"""Measured: dedup of 10 million keys needs 96 MiB of DuckDB's memory, and what is outside of that (see `engine`)."""


def total_memory() -> int:
    """Bytes of RAM that this process may count on: the machine's, or its container's or job's where that is less."""
    return min([psutil.virtual_memory().total, *memory_limits()])


def parse_budget(memory: str | int) -> int:
    """Bytes of a budget written as `50%` (of RAM), `16GB` (10^9), `16GiB` (2^30) or a plain number of bytes.

    Raises:
        UsageError: the text is none of these, less than 320 MiB, or more than there is.

    Example:
        >>> parse_budget("1.5GB")
        1500000000
    """
    text = str(memory)
    match = _SIZE.fullmatch(text) if text.isascii() and len(text) < _LONGEST else None
    if match is None:
        raise UsageError(f"{text!r} is not an amount of memory.", "Write it as 50% (of RAM), 16GB or 16GiB.")
    number, unit = float(match[1]), match[2].lower()
    if unit == "%":
        budget = int(total_memory() * number / 100)
    else:
        base = 1024 if "i" in unit else 1000
        budget = int(number * base ** _POWERS[unit.rstrip("b").rstrip("i")])
    if budget < _SMALLEST_BUDGET:
        raise UsageError(f"a memory budget of {text} is too small to work in.", "Give it 320MiB or more.")
    total = total_memory()
    if budget > total:
        raise UsageError(
            f"a memory budget of {text} is more than the {format_bytes(total)} that there are.", "Give it 50% or so."
        )
    return budget


def memory_by_process(root: int | None = None) -> dict[int, int]:
    """Bytes held by a process (this one by default) and all its descendants, by process id.

    PSS, which counts shared pages once over the tree, or USS where there is no PSS. Never the system's own percentage,
    which counts other programs. A process that ends while we look is left out.
    """
    found: dict[int, int] = {}
    with contextlib.suppress(psutil.NoSuchProcess):
        first = psutil.Process(root)
        for process in [first, *first.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                usage = process.memory_full_info()
                found[process.pid] = getattr(usage, "pss", usage.uss)
    return found


OnSample = Callable[[dict[int, int]], None]


class MemoryMeter:
    """Measures the process tree's memory beside the work of a `with` block.

    Attributes:
        now: bytes, of the tree.
        peak: the most that `now` was, since the begin or `restart_peak`.
        by_process: bytes by process id, of the last sample.
        samples: how many were taken.
    """

    def __init__(self, interval: float = 0.5, on_sample: OnSample = lambda _: None) -> None:
        self.now = 0
        self.peak = 0
        self.by_process: dict[int, int] = {}
        self.samples = 0
        self._interval = interval
        self._on_sample = on_sample
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory-meter", daemon=True)

    def __enter__(self) -> MemoryMeter:
        self._measure()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()
        self._measure()

    def restart_peak(self) -> None:
        """Forget the peak so far: the next part of the work has one of its own."""
        self.peak = self.now

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            self._measure()

    def _measure(self) -> None:
        self.by_process = memory_by_process()
        self.now = sum(self.by_process.values())
        self.peak = max(self.peak, self.now)
        self.samples += 1
        self._on_sample(self.by_process)
