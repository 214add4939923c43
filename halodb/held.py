"""How much memory processes hold, by what the system tells of them, in bytes.

Any call of psutil may fail, on any system: a process ends, may not be looked at, or its files say what nobody expected.
Then another figure counts, or none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import psutil

_NEWBORN_SECONDS = 0.2

Figure = Callable[[psutil.Process], int]


def tree_of(root: int | None = None) -> list[psutil.Process]:
    """A process (this one by default) and all its descendants; none where the system does not tell.

    A child that was just started is left out: on Linux it is, until it has begun its own program, a second name for the
    memory of its parent (vfork, 2), which would count twice.
    """
    try:
        first = psutil.Process(root)
        return [first, *(child for child in first.children(recursive=True) if not _is_newborn(child))]
    except Exception:
        return []


def _is_newborn(process: psutil.Process) -> bool:
    try:
        return 0 <= time.time() - process.create_time() < _NEWBORN_SECONDS
    except Exception:
        return False


def measured(processes: Sequence[psutil.Process]) -> dict[int, int]:
    """PSS by process id, which counts shared pages once over all, or USS where there is no PSS; RSS where both fail.

    It costs milliseconds a process, since the system looks at each of its pages. What ends while we look is left out.
    """
    return _figures(processes, _proportional, resident_bytes)


def resident(processes: Sequence[psutil.Process]) -> dict[int, int]:
    """RSS by process id, which counts shared pages once for each process, and costs next to nothing."""
    return _figures(processes, resident_bytes)


def resident_bytes(process: psutil.Process) -> int:
    """RSS of a process."""
    return int(process.memory_info().rss)


def _proportional(process: psutil.Process) -> int:
    usage = process.memory_full_info()
    return int(getattr(usage, "pss", usage.uss))


def _figures(processes: Sequence[psutil.Process], *figures: Figure) -> dict[int, int]:
    found: dict[int, int] = {}
    for process in processes:
        held = _first(process, figures)
        if held is not None:
            found[process.pid] = held
    return found


def _first(process: psutil.Process, figures: Sequence[Figure]) -> int | None:
    for figure in figures:
        try:
            return figure(process)
        except psutil.NoSuchProcess:
            return None
        except Exception:  # noqa: S112  the next figure is what there is to say of it
            continue
    return None
