"""What the tests of clusters share: a scheduler and workers of Dask's own command line, and libraries byte for byte."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

from halodb.files import until_seen
from halodb.jobs.job import REJECTS_FILE

ROOT = Path(__file__).parents[2]


def bytes_of(library: Path) -> dict[str, bytes]:
    """All results of a library."""
    names = ("products.parquet", REJECTS_FILE, "index.parquet")
    return {str(path.relative_to(library)): path.read_bytes() for name in names for path in library.glob(f"*/{name}")}


class OwnCluster:
    """A scheduler and a worker of `dask scheduler` and `dask worker`, each to be killed and started again."""

    def __init__(self, directory: Path, threads: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.file = directory / "scheduler.json"
        self._directory = directory
        self._threads = threads
        self.scheduler = self._start_scheduler()
        self.worker = self._start_worker()
        until_seen(self.file.exists, 60)

    def restart_scheduler(self) -> None:
        """Kill it and start another one at the same address, and the worker, which ends with its scheduler.

        One that was just starting finds the new scheduler and stays.
        """
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = self._start_scheduler()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.worker.wait(30)
            self.worker = self._start_worker()

    def worker_processes(self) -> list[psutil.Process]:
        """The processes of the Dask workers, without their nanny and without those that run units."""
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.worker.pid).children()
            return [each for each in children if "resource_tracker" not in " ".join(each.cmdline())]
        return []

    def close(self) -> None:
        """End all of it."""
        for process in (self.worker, self.scheduler):
            with contextlib.suppress(psutil.NoSuchProcess):
                everyone = psutil.Process(process.pid).children(recursive=True)
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                for each in everyone:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        each.kill()
            process.kill()
            process.wait()

    def _start_scheduler(self) -> subprocess.Popen[bytes]:
        where = ["--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard"]
        return self._start("scheduler", *where, "--scheduler-file", str(self.file))

    def _start_worker(self) -> subprocess.Popen[bytes]:
        how = ["--nworkers", "1", "--nthreads", str(self._threads), "--no-dashboard", "--memory-limit", "2GB"]
        how += ["--local-directory", str(self._directory)]
        return self._start("worker", f"tcp://127.0.0.1:{self._port}", *how)

    def _start(self, command: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._directory / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", command, *arguments],
                stdout=log,
                stderr=log,
                cwd=self._directory,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )


@contextlib.contextmanager
def own_cluster(directory: Path) -> Iterator[OwnCluster]:
    """A cluster of processes of its own while the block lasts."""
    cluster = OwnCluster(directory)
    try:
        yield cluster
    finally:
        cluster.close()
