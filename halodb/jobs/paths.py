"""Paths that are too long for Windows, found before anything is written."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from halodb.errors import UsageError
from halodb.files import TEMPORARY_SUFFIX

_LONGEST_PATH = 259
"""Characters; Windows counts 260 with the zero at the end, where long paths are not switched on."""

_IN_A_JOB = f"shards/.0000000000-0000000000.000.parquet.000000-0000000{TEMPORARY_SUFFIX}"
_IN_A_PASS = f"receipts/.0000000000-0000000000.{'0' * 16}.json.000000-0000000{TEMPORARY_SUFFIX}"
"""The longest names of files that work needs, below a job's directory and below a pass's, with their numbers."""

_UNLIMITED = "\\\\?\\"
_SETTING = r"SYSTEM\CurrentControlSet\Control\FileSystem"


def check_paths(library: Path, jobs: Iterable[str]) -> None:
    """Refuse a library that lies so deep that Windows would refuse names of files in it, and no other system does.

    Raises:
        UsageError: with the longest name and what to do.
    """
    if sys.platform == "win32" and not _long_paths_are_on():
        refuse_long_paths(str(library.absolute()), jobs)


def refuse_long_paths(library: str, jobs: Iterable[str]) -> None:
    r"""The check itself, by the characters alone.

    Args:
        library: the full path. One that begins with `\\?\` has no limit.
        jobs: names of the jobs that will be made.

    Raises:
        UsageError: the longest path would be longer than Windows takes.
    """
    below = [name for job in jobs for name in (f"{job}/{_IN_A_JOB}", f"passes/{job.partition('_')[0]}/{_IN_A_PASS}")]
    # Windows counts UTF-16: a character beyond its first 65,536 is two.
    longest = max(below, key=len, default="")
    length = len(f"{library}/{longest}".encode("utf-16-le")) // 2
    if length > _LONGEST_PATH and not library.startswith(_UNLIMITED):
        raise UsageError(
            f"{library} lies too deep: files in it, as those of {longest.partition('/')[0]}, would have paths of "
            f"{length} characters, and Windows takes {_LONGEST_PATH}.",
            f"Choose a place whose path is at least {length - _LONGEST_PATH} characters shorter, such as C:\\halodb, "
            "or switch long paths on (LongPathsEnabled in the registry) and open a new terminal.",
        )


def _long_paths_are_on() -> bool:
    if sys.platform != "win32":
        return True
    import winreg  # noqa: PLC0415  not on every system

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _SETTING) as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False
