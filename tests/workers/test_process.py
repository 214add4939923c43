"""What a worker process is and is not."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

import pyarrow as pa

from halodb.workers.process import become_worker


def array_of_texts() -> bool:
    """Make an Arrow array of a list; whether pandas was imported."""
    pa.array(["CCO"])
    return "pandas" in sys.modules


def test_a_worker_does_without_pandas() -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as plain, ProcessPoolExecutor(1, spawn, become_worker) as worker:
        assert (plain.submit(array_of_texts).result(), worker.submit(array_of_texts).result()) == (True, False)
