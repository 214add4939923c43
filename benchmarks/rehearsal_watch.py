"""Watching a command of halodb from outside: memory of its process tree, disk, and products, once a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from halodb.files import whole_file
from halodb.memory import memory_by_process
from halodb.temporary import SPILL_PREFIX

_INTERVAL = 1.0
_GONE_SECONDS = 30


@dataclass(frozen=True)
class Sample:
    """One look at a stage. Seconds are since the begin of the stage, over all its attempts; bytes."""

    stage: str
    seconds: float
    memory: int
    processes: int
    shards: int
    spill: int
    results: int
    products: int

    @property
    def disk(self) -> int:
        """Bytes of all files of the stage's directory."""
        return self.shards + self.spill + self.results


@dataclass
class Ran:
    """What a command took: wall and processor seconds, peaks in bytes, products so far, its standard output."""

    seconds: float
    cpu_seconds: float
    peak_memory: int
    peak_disk: int
    processes: int
    products: int
    kills: int
    output: str = field(repr=False, default="")


class FailedError(RuntimeError):
    """A command ended otherwise than it should."""


Disturb = Callable[[Sample, subprocess.Popen[str]], bool]
"""Looks at a sample, may kill something, and tells whether it did."""


class Watcher:
    """Runs commands of halodb one after another and appends what it sees to a file, a line a sample.

    Args:
        directory: logs and the trace go there.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.trace = directory / "trace.jsonl"
        self._products = _ProductsSoFar()

    def run(self, stage: str, place: Path, arguments: Sequence[object], disturb: Disturb | None = None) -> Ran:
        """Run `halodb <arguments>` until it ends well; where a disturber killed it, once more, as a user would.

        Args:
            stage: its name in the trace.
            place: the directory that it writes to: a library, or inputs.
            disturb: asked at each sample; ten times a second.

        Raises:
            FailedError: it failed though nobody killed it.
        """
        before = _seconds_before(self.trace, stage)
        ran = Ran(before, 0.0, 0, 0, 0, 0, 0)
        while True:
            killed = self._attempt(stage, place, arguments, disturb, ran)
            if not killed:
                return ran

    def forget(self, stage: str) -> None:
        """Take what was seen of a stage out of the trace: it is done anew."""
        with whole_file(self.trace) as temporary, temporary.open("w") as out:
            for sample in samples(self.trace):
                if sample.stage != stage:
                    out.write(json.dumps(asdict(sample)) + "\n")

    def _attempt(self, stage: str, place: Path, arguments: Sequence[object], disturb: Disturb | None, ran: Ran) -> bool:
        """One process of the command; whether it was killed."""
        output, log = self._directory / "stdout", self._directory / f"{stage}.log"
        cpu, offset, killed, began = _cpu_of_children(), ran.seconds, False, time.monotonic()
        with output.open("w") as out, log.open("a") as errors, self.trace.open("a") as trace:
            process = subprocess.Popen(
                [sys.executable, "-m", "halodb", *map(str, arguments)], stdout=out, stderr=errors, text=True
            )
            next_line = 0.0
            while process.poll() is None:
                sample = self._look(stage, place, process, offset + time.monotonic() - began)
                ran.peak_memory, ran.peak_disk = max(ran.peak_memory, sample.memory), max(ran.peak_disk, sample.disk)
                ran.processes = max(ran.processes, sample.processes)
                if sample.seconds >= next_line:
                    trace.write(json.dumps(asdict(sample)) + "\n")
                    trace.flush()
                    next_line = sample.seconds + _INTERVAL * 0.9
                if disturb is not None and disturb(sample, process):
                    ran.kills += 1
                    killed = killed or process.poll() is not None
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_INTERVAL / 10 if disturb else _INTERVAL)
            last = self._look(stage, place, process, offset + time.monotonic() - began)
            trace.write(json.dumps(asdict(last)) + "\n")
        ran.seconds, ran.products = last.seconds, last.products
        ran.cpu_seconds += _cpu_of_children() - cpu
        ran.output = output.read_text()
        if process.returncode and not killed:
            raise FailedError(f"halodb {arguments[0]} ended with {process.returncode}: {log.read_text()[-2000:]}")
        return killed

    def _look(self, stage: str, place: Path, process: subprocess.Popen[str], seconds: float) -> Sample:
        held = memory_by_process(process.pid) if process.poll() is None else {}
        shards = _bytes(place.glob("*/shards/*")) + _bytes(place.glob("passes/*/*/*"))
        spill = _bytes(place.glob(f"{SPILL_PREFIX}*/*"))
        results = _bytes(place.glob("*/*.parquet")) + _bytes(place.glob("*.parquet")) + _bytes(place.glob("*/.*.tmp"))
        products = self._products.count(place)
        return Sample(stage, round(seconds, 2), sum(held.values()), len(held), shards, spill, results, products)


class _ProductsSoFar:
    """Products of the receipts in a directory; each receipt is read once."""

    def __init__(self) -> None:
        self._place: Path | None = None
        self._seen: set[str] = set()
        self._products = 0

    def count(self, place: Path) -> int:
        """Products of all receipts that are there or were."""
        if place != self._place:
            self._place, self._seen, self._products = place, set(), 0
        for path in place.glob("passes/*/receipts/*.json"):
            if path.name not in self._seen:
                with suppress(OSError, ValueError):
                    self._products += sum(job["products"] for job in json.loads(path.read_bytes())["jobs"])
                    self._seen.add(path.name)
        return self._products


def kill_worker(process: subprocess.Popen[str]) -> bool:
    """Kill -9 of a worker; whether there was one."""
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()
                return True
    return False


def kill_main(process: subprocess.Popen[str]) -> bool:
    """Kill -9 of the main process; its workers end by themselves, which is waited for."""
    everyone = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    left = psutil.wait_procs(everyone, timeout=_GONE_SECONDS)[1]
    if left:
        raise FailedError(f"{len(left)} workers outlived their main process")
    return True


def samples(trace: Path) -> Iterator[Sample]:
    """The samples of a trace, in their order."""
    if trace.exists():
        with trace.open() as lines:
            for line in lines:
                with suppress(ValueError, TypeError):  # the last line of a rehearsal that was killed may be cut
                    yield Sample(**json.loads(line))


def _seconds_before(trace: Path, stage: str) -> float:
    """What earlier attempts at a stage took, where the rehearsal itself was stopped in it."""
    return max((sample.seconds for sample in samples(trace) if sample.stage == stage), default=0.0)


def _bytes(paths: Iterator[Path]) -> int:
    total = 0
    for path in paths:
        with suppress(OSError):
            total += path.stat().st_size
    return total


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system
