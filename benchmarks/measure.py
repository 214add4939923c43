"""Taking turns, and watching a process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from halodb.memory import memory_by_process

_INTERVAL = 0.1
CHECKOUT = Path(__file__).parents[1]


def interleaved(
    runs: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of each run, by name: all of them once a round, another one first each round.

    Args:
        runs: what is measured.
        rounds: how often.
        clock: wall time by default.
    """
    names = list(runs)
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            started = clock()
            runs[name]()
            times[name].append(clock() - started)
    return times


@dataclass(frozen=True)
class Watched:
    """What a child process told (JSON on its standard output) and took.

    Attributes:
        told: its own words.
        memory: bytes, the peak of the PSS (USS where there is no PSS) of it and its children, sampled every 0.1 s.
        disk: bytes, the peak of the files in its working directory, sampled as well.
    """

    told: dict[str, Any]
    memory: int
    disk: int


def watch(module: str, arguments: Sequence[str], directory: Path) -> Watched:
    """Run `python -m <module>` in a process of its own.

    Raises:
        RuntimeError: it failed.
    """
    memory = disk = 0
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, cwd=CHECKOUT, text=True, encoding="utf-8"
    )
    while process.poll() is None:
        memory = max(memory, sum(memory_by_process(process.pid).values()))
        disk = max(disk, bytes_in(directory))
        with suppress(subprocess.TimeoutExpired):
            process.wait(_INTERVAL)
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"python -m {module} {' '.join(arguments)} ended with {process.returncode}")
    return Watched(json.loads(output.splitlines()[-1]), memory, max(disk, bytes_in(directory)))


def bytes_in(directory: Path) -> int:
    """Bytes of the files in a directory; those that vanish while we look are left out."""
    total = 0
    for path in directory.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total
