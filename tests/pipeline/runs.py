"""What the tests of the pipeline share: inputs, runs in processes of their own, small disks."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from halodb.jobs.state import State
from halodb.pipeline.record import RunRecord, read_record
from tests.conftest import arenes, make_input


def make_inputs(directory: Path, polyphenols: int = 1500) -> Path:
    """Three inputs: 37 jobs."""
    make_input(directory, arenes(polyphenols), "polyphenol-1X")
    make_input(directory, [f"{'C' * number}N" for number in range(1, 60)], "lipid-1X")
    make_input(directory, [f"{'C' * number}C(=O)O" for number in range(1, 80)], "aa_peptide-2X")
    return directory


JOBS = 16 + 6 + 15


def start(
    library: Path, inputs: Path, *options: object, python_path: Path | None = None, workers: int | None = 2
) -> subprocess.Popen[str]:
    """`halodb run` in a process of its own."""
    count = ["-w", str(workers)] if workers else []
    return subprocess.Popen(
        [sys.executable, "-m", "halodb", "run", str(library), "-i", str(inputs), "-q", *count, *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(python_path)} if python_path else None,
    )


def wait_for(condition: Callable[[], object], process: subprocess.Popen[str], seconds: float = 240) -> None:
    """Wait until something is so, while a process goes on."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"it ended first: {process.communicate()[1]}"
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


def wait_for_state(library: Path, name: str, state: State, process: subprocess.Popen[str]) -> None:
    """Wait until a pass of a run is in a state."""

    def reached() -> bool:
        record: RunRecord | None = read_record(library)
        return record is not None and record.process == process.pid and record.passes.get(name) is state

    wait_for(reached, process)


def tree(process: int) -> list[psutil.Process]:
    """A process and its descendants, without the helper that tracks shared resources."""
    with contextlib.suppress(psutil.NoSuchProcess):
        first = psutil.Process(process)
        return [
            first,
            *(child for child in first.children(recursive=True) if "resource_tracker" not in " ".join(_line(child))),
        ]
    return []


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return ["resource_tracker"]


@contextlib.contextmanager
def small_disk(directory: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of some size at a directory, while the block lasts; yields a function that changes its size."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a small disk wants Linux, mount and root")
    directory.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory)], check=False).returncode:
        pytest.skip("no permission to mount")

    def resize(size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(directory)], check=True)

    try:
        yield resize
    finally:
        subprocess.run(["umount", str(directory)], check=False)
