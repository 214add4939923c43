"""The executor of a command: the local pool, or a cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from halodb.cluster.address import check_cluster
from halodb.memory import MemoryMeter
from halodb.workers.executor import Executor, LocalPool
from halodb.workers.governor import size_pool
from halodb.workers.listener import SILENT, Listener


@contextlib.contextmanager
def executor_of(
    cluster: str | None,
    meter: MemoryMeter,
    workers: int | None,
    memory: int,
    library: Path,
    listener: Listener = SILENT,
) -> Iterator[Executor]:
    """Who runs the units of a command, while the block lasts. The caller holds the library.

    Args:
        cluster: `local`, the address of a scheduler or its file; None for worker processes of this machine.
        meter: running.
        workers: processes of this machine; None for one a core.
        memory: bytes that the process tree of this process may hold.
        library: directory of the library, which all workers must see.
        listener: told of workers that come, go or are refused.

    Raises:
        UsageError: the cluster cannot be meant, or the budget does not carry a worker.
        ClusterError: no scheduler answers.
    """
    check_cluster(cluster, workers)
    if cluster is None:
        yield LocalPool(size_pool(meter, workers, memory))
        return
    from halodb.cluster.dask_pool import open_pool  # noqa: PLC0415  Dask takes half a second to import

    with open_pool(cluster, meter, workers, memory, library, listener) as pool:
        yield pool
