"""Files as DuckDB's readers take them: each path is one file, and no directory's name becomes a column.

DuckDB takes a path for a pattern (`lib[1]` matches `lib1`) and reads `key=value` out of directory names. Whatever reads
a file goes through this module: statements by `engine.run_statement`, which binds what `read_...($name)` reads with
`bound`, relations by `read_parquet`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection, DuckDBPyRelation

from halodb.errors import UsageError

_SPECIAL = re.compile(r"[\[*?]")
_READ = re.compile(r"\bread_(?:parquet|csv|json)\w*\(\s*\$(\w+)")


def literal(path: Path) -> str:
    """A path that DuckDB takes for this one file: absolute, each special character in brackets.

    Raises:
        UsageError: DuckDB has no way to name this file: it splits a pattern at a backslash, on every system.

    Example:
        >>> literal(Path("/data/lib[1]/q?.parquet"))
        '/data/lib[[]1]/q[?].parquet'
    """
    text = str(path.absolute())
    if os.sep == "/" and "\\" in text and _SPECIAL.search(text):
        raise UsageError(f"{path} has a backslash and one of [ * ? in its name.", "Rename it: DuckDB cannot read it.")
    return _SPECIAL.sub(lambda found: f"[{found[0]}]", text)


def bound(text: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a statement as they are bound: paths as texts, those of files that it reads as literal ones.

    Raises:
        TypeError: a statement reads a file that was not given as a `Path`, or as a list of them.
    """
    return {
        name: _read(name, value) if name in _READ.findall(text) else _plain(value) for name, value in parameters.items()
    }


def read_parquet(connection: DuckDBPyConnection, *files: Path, row_numbers: bool = False) -> DuckDBPyRelation:
    """The rows of Parquet files with the same columns; with `row_numbers` also `file_row_number`, from 0."""
    paths = [literal(file) for file in files]
    return connection.read_parquet(paths, file_row_number=row_numbers, hive_partitioning=False)


def _read(name: str, value: Path | Sequence[Path]) -> str | list[str]:
    if isinstance(value, Path):
        return literal(value)
    if isinstance(value, str) or not all(isinstance(each, Path) for each in value):
        raise TypeError(f"${name} is read as a file: bind a Path, not a text")
    return [literal(each) for each in value]


def _plain(value: Any) -> Any:
    return str(value.absolute()) if isinstance(value, Path) else value
