"""Limits of memory that Linux sets for groups of processes: containers, Slurm's jobs, systemd's slices and services.

A limit may stand at any level above a process. Which group it is in says /proc/self/cgroup (man cgroups, 7), a line for
each hierarchy: `0::/system.slice/x.service` for version 2, `4:memory:/slurm/uid_1000/job_7` for version 1. In a
container the path may be that of the host, of which only the end is to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_OWN_GROUPS = Path("/proc/self/cgroup")
_ROOT = Path("/sys/fs/cgroup")
_VERSION_2, _VERSION_1 = "memory.max", "memory.limit_in_bytes"


def memory_limits(groups: Path = _OWN_GROUPS, root: Path = _ROOT) -> list[int]:
    """The limits of memory of this process's group and of all groups above it, in bytes; none where there is none.

    Args:
        groups: the file that says which group a process is in.
        root: where the system shows its groups.
    """
    return [limit for file in _files(groups, root) if (limit := _read(file)) is not None]


def _files(groups: Path, root: Path) -> Iterator[Path]:
    try:
        lines = groups.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # another system
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        group = PurePosixPath(path.lstrip("/"))
        if not controllers:
            yield from _above(root, group, _VERSION_2)
            yield from _above(root / "unified", group, _VERSION_2)
        elif "memory" in controllers.split(","):
            yield from _above(root / "memory", group, _VERSION_1)


def _above(root: Path, group: PurePosixPath, name: str) -> Iterator[Path]:
    """The file of a group and of all above it, whatever part of the path is to be seen here."""
    parts = [part for part in group.parts if part != ".."]
    for begin in range(len(parts) + 1):
        for end in range(begin + 1, len(parts) + 1):
            yield root.joinpath(*parts[begin:end], name)
    yield root / name


def _read(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such file, or "max"
        return None
