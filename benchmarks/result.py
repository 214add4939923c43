"""What a benchmark writes: `results/<name>.json`, one model for all of them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, Field

from halodb.files import write_whole
from halodb.memory import total_memory

RESULTS = Path(__file__).parent / "results"
ABSENT = "not installed"

_PACKAGES = ("halodb", "rdkit", "duckdb", "pyarrow", "polars", "epam.indigo", "rdchiral", "py-spy", "matplotlib")
_BUSY = 0.5
"""Load average of a minute, in cores, above which other programs must have run beside the benchmark."""


class Series(BaseModel):
    """One thing measured again and again.

    Attributes:
        who: what was measured: halodb, a peer, a part of a pass.
        on: what it was measured on: an input, a number of keys.
        size: `on` as a number, for the axis of a plot.
        unit: of the values.
        values: raw, in the order of the rounds.
        median: of the values.
        numbers: what else was read off: bytes, counts, shares (from 0 to 1).
        trace: (seconds since the begin, bytes or what else `who` says) of one run.
    """

    model_config = ConfigDict(extra="forbid")

    who: str
    on: str
    size: float | None = None
    unit: str
    values: list[float]
    median: float
    numbers: dict[str, float] = Field(default_factory=dict)
    trace: list[tuple[float, float]] = Field(default_factory=list)


def series(
    who: str, on: str, unit: str, values: Sequence[float], *, size: float | None = None, **numbers: float
) -> Series:
    """A series with its median; values keep six digits."""
    kept = [float(f"{value:.6g}") for value in values]
    return Series(
        who=who, on=on, size=size, unit=unit, values=kept, median=statistics.median(kept), numbers=dict(numbers)
    )


class Machine(BaseModel):
    """Where it ran: no name, no paths. `load` is the load average of the minute before the run, in cores."""

    cores: int
    ram_bytes: int
    os: str
    cpu: str
    load: float


class Result(BaseModel):
    """A run of one benchmark.

    Attributes:
        benchmark: its name, and that of the file.
        date: UTC, to the second.
        command: how to run it again.
        commit: of the checkout, where git can tell; `-dirty` where it was not clean.
        note: what a reader must know: a quick run, a busy machine, a peer that is missing.
        rounds: runs behind each median.
        headline: the ratios that the benchmark is for, by name.
        series: everything measured.
    """

    model_config = ConfigDict(extra="forbid")

    benchmark: str
    date: str
    command: str
    commit: str
    note: str
    rounds: int
    machine: Machine
    versions: dict[str, str]
    headline: dict[str, float]
    series: list[Series]

    def find(self, who: str, on: str) -> Series | None:
        """The series of `who` on `on`, where there is one."""
        return next((one for one in self.series if one.who == who and one.on == on), None)


def begin(benchmark: str, rounds: int, note: str) -> Result:
    """An empty result; to be called before the work, for the load of the machine."""
    machine = _machine()
    notes = [note] if note else []
    if machine.load > _BUSY:
        notes.append(f"other programs ran beside it (load average {machine.load:.1f} on {machine.cores} cores)")
    return Result(
        benchmark=benchmark,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=f"python -m benchmarks {benchmark} {_arguments()}".strip(),
        commit=_git_commit(),
        note="; ".join(notes),
        rounds=rounds,
        machine=machine,
        versions=versions(),
        headline={},
        series=[],
    )


def write(result: Result, directory: Path) -> Path:
    """Write `<benchmark>.json`, whole or not at all."""
    path = directory / f"{result.benchmark}.json"
    result.headline = {name: float(f"{value:.4g}") for name, value in result.headline.items()}
    write_whole(path, result.model_dump_json(indent=1).encode() + b"\n")
    return path


def read(path: Path) -> Result:
    """Read and validate a result."""
    return Result.model_validate_json(path.read_bytes())


def versions() -> dict[str, str]:
    """Versions of what takes part; a peer that is missing is told, never an error."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "sort": _sort_version()}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ABSENT
    return found


def _arguments() -> str:
    """The options given, but for the places of files."""
    kept, skip = [], False
    for argument in sys.argv[2:]:
        name, equals, _ = argument.partition("=")
        hidden = name in {"--results", "--note", "--directory"}
        if not (skip or hidden):
            kept.append(argument)
        skip = hidden and not equals
    return " ".join(kept)


def _machine() -> Machine:
    return Machine(
        cores=os.cpu_count() or 1,
        ram_bytes=total_memory(),
        os=_os_name(),
        cpu=_cpu_model(),
        load=round(psutil.getloadavg()[0], 2),
    )


def _os_name() -> str:
    release = ".".join(platform.release().split(".")[:2])
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, kernel {release}"
    except OSError:
        return f"{platform.system()} {release}"


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def gnu_sort() -> str | None:
    """Path of GNU `sort`; Windows has another program of that name."""
    path = shutil.which("sort")
    if path is None or os.name == "nt":
        return None
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return path if "GNU" in told.stdout else None


def _sort_version() -> str:
    path = gnu_sort()
    if path is None:
        return ABSENT
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    return told.stdout.splitlines()[0].rpartition(" ")[2]


def _git_commit() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    told = subprocess.run(
        [git, "describe", "--always", "--dirty", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return told.stdout.strip()
