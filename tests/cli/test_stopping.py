"""A command is stopped by Ctrl-C, by `halodb stop`, by SIGTERM and by the end of its terminal, and all do the same."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import halodb as package
from halodb.errors import LibraryError
from halodb.jobs.state import State
from tests.conftest import Run, some
from tests.pipeline.runs import make_inputs, start, tree, wait_for, wait_for_state

JOB = "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe"
STOPPED = "halodb: stopped. Run the same command again to go on: what is finished stays finished.\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process that is asked to stop")


def start_and_wait(tmp_path: Path) -> tuple[Path, Path, subprocess.Popen[str]]:
    inputs, library = make_inputs(tmp_path / "inputs", 40_000), tmp_path / "library"
    process = start(library, inputs, "--jobs", JOB)
    wait_for_state(library, "polyphenol-1X", State.TRANSFORMING, process)
    wait_for(lambda: "handed out" in (library / "halodb.log").read_text(encoding="utf-8"), process)
    return inputs, library, process


@pytest.mark.parametrize("name", some(["SIGTERM", "SIGHUP"]))
def test_signals_are_as_ctrl_c(tmp_path: Path, name: str) -> None:
    """Also where each process of the group gets it, as at the end of a terminal."""
    _, library, process = start_and_wait(tmp_path)
    workers = tree(process.pid)[1:]
    for each in (process, *(workers if name == "SIGHUP" else ())):
        each.send_signal(getattr(signal, name))
    _, told = process.communicate(timeout=120)
    assert (process.returncode, told) == (130, STOPPED)
    assert package.read_status(library).writer is None
    assert not any(worker.is_running() for worker in workers)


def test_stop_from_another_terminal(tmp_path: Path, halodb: Run) -> None:
    _, library, process = start_and_wait(tmp_path)
    done = halodb("stop", library)
    assert (done.returncode, f"process {process.pid} has stopped" in done.stderr) == (0, True), done.stderr
    assert (process.wait(30), process.communicate()[1]) == (130, STOPPED)
    with pytest.raises(LibraryError, match="no process writes to"):
        package.stop(library)
