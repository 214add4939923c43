"""Memory of this machine and of the process tree, in bytes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

import psutil

from halodb.cgroups import memory_limits
from halodb.errors import UsageError
from halodb.files import format_bytes
from halodb.held import measured, resident, tree_of

DEFAULT_BUDGET = "50%"
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(%|[kmgt]?i?b?)\s*", re.IGNORECASE)
_LONGEST = 40  # characters of an amount
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
SMALLEST_BUDGET = 320 * 1024**2
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
    if budget < SMALLEST_BUDGET:
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
    which counts other programs. A process that ends while we look is left out; see `held`.
    """
    return measured(tree_of(root))


_BLIND_AFTER_SECONDS = 10.0
_SHARE_OF_A_CORE = 0.02
_LARGE_CHANGE = 0.05
_WEIGHT_OF_NEWEST = 0.2

OnSample = Callable[[dict[int, int]], None]


class MemoryMeter:
    """Measures the process tree's memory beside the work of a `with` block.

    To measure is dear where there are many workers (on Linux 2.5 ms a process), so it is done as often as 2 % of a core
    allow, and whenever the tree has grown or shrunk by 5 %; in between, what RSS has grown by is added.

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
        self._scale = _Scale()
        self._last_sample = time.monotonic()
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
        self._thread.join(_BLIND_AFTER_SECONDS)
        self._measure()

    @property
    def is_blind(self) -> bool:
        """Whether no sample came for so long that `now` is not to be relied on."""
        return time.monotonic() - self._last_sample > _BLIND_AFTER_SECONDS

    def restart_peak(self) -> None:
        """Forget the peak so far: the next part of the work has one of its own."""
        self.peak = self.now

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            self._measure()

    def _measure(self) -> None:
        try:
            found = self._scale.weigh()
            if not found:  # this process at least is there
                return
            self.by_process = found
            self.now = sum(found.values())
            self.peak = max(self.peak, self.now)
            self.samples += 1
            self._last_sample = time.monotonic()
            self._on_sample(found)
        except Exception:  # the thread must outlive whatever a system tells: `is_blind` says how long it knows nothing
            return


class _Scale:
    """Weighs the process tree, exactly now and then."""

    def __init__(self) -> None:
        self._exact: Mapping[int, int] = {}
        self._resident: Mapping[int, int] = {}
        self._seconds = (
            0.0  # of the processor, an exact weighing, on average: the clock of Windows ticks 64 times a second
        )
        self._next = 0.0

    def weigh(self) -> dict[int, int]:
        """Bytes by process id."""
        processes = tree_of()
        now = resident(processes)
        if time.monotonic() >= self._next or self._has_changed(now):
            began = time.thread_time()
            self._exact, self._resident = measured(processes), now
            spent = time.thread_time() - began
            self._seconds += (spent - self._seconds) * _WEIGHT_OF_NEWEST if self._seconds else spent
            self._next = time.monotonic() + self._seconds / _SHARE_OF_A_CORE
            return dict(self._exact)
        return {process: self._estimate(process, held) for process, held in now.items()}

    def _has_changed(self, now: Mapping[int, int]) -> bool:
        before = sum(self._resident.values())
        return abs(sum(now.values()) - before) > _LARGE_CHANGE * before

    def _estimate(self, process: int, held: int) -> int:
        return max(0, self._exact.get(process, held) + held - self._resident.get(process, held))
