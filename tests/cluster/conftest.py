"""One cluster of this machine for all tests of a module: two Dask workers, each a process with a nanny."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pytest

collect_ignore_glob = [] if find_spec("distributed") else ["test_*.py"]


@dataclass(frozen=True)
class Cluster:
    """The address of a scheduler, and Dask's own object for it."""

    address: str
    dask: Any


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster of two workers with a core each."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit="2GB", silence_logs=50
    ) as local:
        yield Cluster(local.scheduler_address, local)
