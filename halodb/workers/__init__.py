"""Workers: processes that do units, under one budget of memory, whatever becomes of any of them.

Passes, the preparation of parents, and all that works through the rows of a file use this room: it knows nothing of
chemistry. `executor` is the seam between what is done and who does it. `pool` hands out units and survives the death of
workers, `queue` knows the units in which one died, `governor` keeps the tree of processes within its memory, `position`
tells at which row a worker died, `pressure` asks workers to hold less, `process` makes a process a worker and `place`
tells it where it is, `interrupts` keeps Ctrl-C from those that start, `progress` says how far all are.
"""

from halodb.workers.executor import Executor, LocalPool
from halodb.workers.governor import Governor, WorkerBudget, size_pool
from halodb.workers.listener import SILENT, Listener
from halodb.workers.pool import Work, run_units
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask

__all__ = [
    "SILENT",
    "Executor",
    "Governor",
    "Listener",
    "LocalPool",
    "Progress",
    "UnitTask",
    "Work",
    "WorkerBudget",
    "run_units",
    "size_pool",
]
