"""Past one machine: the same units on the workers of a Dask cluster that share a file system.

Dask schedules, moves and restarts; halodb asks it to run units, as it asks the local pool. `address` reads where the
cluster is, `executors` opens it, `dask_pool` hands units to it, `unit_runner` is what runs them in each Dask worker,
in processes of its own. Nothing here is imported until somebody asks for a cluster.
"""

from halodb.cluster.address import check_cluster, shared_path
from halodb.cluster.executors import executor_of

__all__ = ["check_cluster", "executor_of", "shared_path"]
