"""Limits of the system are noticed: memory of groups of processes, places that cannot be written, threads, Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from halodb.cgroups import memory_limits
from halodb.errors import UsageError
from halodb.memory import parse_budget, total_memory
from tests.conftest import arenes, make_input

MB = 1_000_000
LINUX_ROOT = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="wants Linux and root")

GROUPS = {
    "version 2": ("0::/slurm/job_7/step_0\n", {"slurm/memory.max": "900", "slurm/job_7/memory.max": "500", "memory.max": "max"}, 500),
    "version 1": ("9:pids:/x\n4:cpu,memory:/a/b\n", {"memory/a/memory.limit_in_bytes": "700", "memory/memory.limit_in_bytes": "9999"}, 700),
    "both at once": ("4:memory:/\n0::/a\n", {"unified/a/memory.max": "600", "memory/memory.limit_in_bytes": "9223372036854771712"}, 600),
    "a container's view of the host's path": ("0::/docker/0123/job\n", {"memory.max": "max", "job/memory.max": "400"}, 400),
    "a group outside of the view": ("0::/../../a\n", {"memory.max": "300"}, 300),
    "no limit": ("0::/a\n", {"a/memory.max": "max"}, None),
    "nonsense": ("\x00:::\n\nabc\n4:memory\n", {"memory.max": "x", "memory/memory.limit_in_bytes": ""}, None),
}  # fmt: skip


@pytest.mark.parametrize("kind", GROUPS)
def test_limits_of_groups(tmp_path: Path, kind: str) -> None:
    own, files, expected = GROUPS[kind]
    (tmp_path / "cgroup").write_text(own, encoding="utf-8")
    for name, content in files.items():
        (tmp_path / "fs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "fs" / name).write_text(content, encoding="utf-8")
    assert min(memory_limits(tmp_path / "cgroup", tmp_path / "fs"), default=None) == expected


def test_another_system_has_no_groups(tmp_path: Path) -> None:
    assert memory_limits(tmp_path / "none", tmp_path) == []


@contextlib.contextmanager
def group(hierarchy: str, file: str, value: int) -> Iterator[Path]:
    """A group of processes with a limit, two levels below this process's own."""
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    own = next((line.split(":", 2)[2] for line in lines if line.split(":")[1] == hierarchy), None)
    place = Path(f"/sys/fs/cgroup/{hierarchy}{own}/halodb-test-{os.getpid()}")
    try:
        (place / "below").mkdir(parents=True)
        (place / file).write_text(str(value), encoding="ascii")
    except OSError:
        pytest.skip(f"no group of processes ({hierarchy}, version 1) can be made here")
    try:
        yield place / "below"
    finally:
        for directory in (place / "below", place):
            for _ in range(100):  # processes leave a group some time after they have ended
                with contextlib.suppress(OSError):
                    directory.rmdir()
                    break
                time.sleep(0.05)


def in_group(place: Path, *command: str) -> subprocess.CompletedProcess[str]:
    script = f'echo $$ > {place}/cgroup.procs && exec "$@"'
    return subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, *command], capture_output=True, text=True, check=False, timeout=200
    )


@LINUX_ROOT
def test_a_run_in_a_small_group_keeps_to_it(tmp_path: Path) -> None:
    """Half of a limit that stands above the group is the budget; too little is said at once, not met by a kill."""
    make_input(tmp_path / "inputs", arenes(2000))
    command = ("-m", "halodb", "run", str(tmp_path / "library"), "-i", str(tmp_path / "inputs"), "-w", "8", "-q")
    with group("memory", "memory.limit_in_bytes", 600 * MB) as place:
        refused = in_group(place, *command)
        assert refused.returncode == 2
        assert "budget of 50% is too small" in refused.stderr
        assert "more than the" in in_group(place, *command, "--memory", "700MB").stderr
        done = in_group(place, *command, "--memory", "90%")
        assert done.returncode == 0, done.stderr


@LINUX_ROOT
def test_no_more_threads(tmp_path: Path) -> None:
    make_input(tmp_path / "inputs", arenes(100))
    with group("pids", "pids.max", 8) as place:
        command = ("-m", "halodb", "run", str(tmp_path / "library"), "-i", str(tmp_path / "inputs"), "-w", "8", "-q")
        done = in_group(place, *command)
    assert done.returncode == 1
    assert "halodb has a fault" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "threads" in done.stderr


@LINUX_ROOT
@pytest.mark.parametrize("options", ["ro", "size=4k"])
def test_shared_memory_that_cannot_be_written(tmp_path: Path, options: str) -> None:
    make_input(tmp_path / "inputs", arenes(100))
    script = f'mount -t tmpfs -o {options} tmpfs /dev/shm && {{ head -c 4096 /dev/zero > /dev/shm/full; exec "$@"; }}'
    command = [
        sys.executable,
        "-m",
        "halodb",
        "run",
        str(tmp_path / "library"),
        "-i",
        str(tmp_path / "inputs"),
        "-w",
        "2",
        "-q",
    ]
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *command], capture_output=True, text=True, check=False, timeout=200
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("no permission to mount")
    assert done.returncode == 1
    assert "no worker can be started" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "text", ["300%", "101%", "99999GB", "0%", "1MB", "", "50", "5 0%", "-50%", "1e9", "nan%", "9" * 500 + "GB"]
)
def test_budgets_that_cannot_be(text: str) -> None:
    with pytest.raises(UsageError):
        parse_budget(text)


def test_budgets() -> None:
    total = total_memory()
    assert parse_budget("50%") == total // 2
    assert parse_budget(" 1 gib ") == 1024**3
    assert parse_budget("1.5GB") == 1500 * MB
    assert parse_budget(str(400 * MB)) == 400 * MB


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.parametrize("moment", ["as the workers start", "a little later"])
def test_ctrl_c_while_workers_start(tmp_path: Path, moment: str) -> None:
    """As a terminal sends it: to all processes of the group, those too that have not begun to ignore it."""
    make_input(tmp_path / "inputs", arenes(2000))
    command = [
        sys.executable,
        "-m",
        "halodb",
        "run",
        str(tmp_path / "library"),
        "-i",
        str(tmp_path / "inputs"),
        "-w",
        "8",
        "-q",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(psutil.Process(process.pid).children()) < 3:  # the tracker of shared memory, and workers
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0 if moment == "as the workers start" else 0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told.splitlines() == [
        "halodb: stopped. Run the same command again to go on: what is finished stays finished."
    ]
