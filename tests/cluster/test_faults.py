"""20 kills of workers, 5 of the scheduler, 5 of the main process: the library is that of an undisturbed run each time."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

import halodb
from tests.cluster.clusters import bytes_of, own_cluster
from tests.pipeline.runs import make_inputs, start

KILLS = {"worker": 20, "scheduler": 5, "main": 5}


@pytest.mark.slow
def test_kills(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path / "inputs")
    assert halodb.run(tmp_path / "calm", inputs, workers=2).complete
    calm = bytes_of(tmp_path / "calm")
    chance = random.Random(20261126)
    left, kills = [each for each, count in KILLS.items() for _ in range(count)], Counter[str]()
    chance.shuffle(left)
    with own_cluster(tmp_path) as cluster:
        number = 0
        while left:
            library = tmp_path / f"library{number}"
            process = start_on(cluster.file, library, inputs)
            while left and process.poll() is None:
                time.sleep(chance.uniform(1, 4))
                if process.poll() is not None:
                    break
                victim = left.pop()
                kills[victim] += 1
                if victim == "worker":
                    with contextlib.suppress(IndexError, psutil.NoSuchProcess):
                        chance.choice(cluster.worker_processes()).kill()
                elif victim == "scheduler":
                    cluster.restart_scheduler()
                else:
                    process.kill()
                    process.communicate()
                    process = start_on(cluster.file, library, inputs)
            _, told = process.communicate(timeout=300)
            assert process.returncode == 0, told
            assert bytes_of(library) == calm
            shutil.rmtree(library)
            number += 1
    assert kills == KILLS


def start_on(scheduler: Path, library: Path, inputs: Path) -> subprocess.Popen[str]:
    return start(library, inputs, "--cluster", scheduler, "--retry", 20, workers=None)
