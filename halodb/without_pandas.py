"""Processes of halodb's own do without pandas, which pyarrow imports with the first list that it makes an array of."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

_NAME = "pandas"


class _Absent(MetaPathFinder):
    """Finds no pandas, as where it is not installed."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == _NAME:
            raise ModuleNotFoundError("a process of halodb's own does without pandas", name=_NAME)


def leave_pandas_out() -> None:
    """Let pandas count as not installed in this process: 51 MB and 0.2 s of each worker, where it is (conda brings it).

    For workers and the command line, not for notebooks and scripts. What was imported before stays.

    Example:
        >>> leave_pandas_out()  # doctest: +SKIP
    """
    if not any(isinstance(finder, _Absent) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Absent())
