"""What the tests share: a real command line in a real process, inputs, and the demo's library, built once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def halodb() -> Run:
    """Run the command line: `halodb("sql", "SELECT 1", "-l", path)`."""

    def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "halodb", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=280,
            check=False,
            cwd=cwd,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )

    return run


@pytest.fixture(scope="session")
def demo(halodb: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a finished demo."""
    directory = tmp_path_factory.mktemp("demo")
    done = halodb("demo", directory, "--workers", 2)
    assert done.returncode == 0, done.stderr
    return directory


def make_input(directory: Path, smiles: list[str | None], name: str = "polyphenol-1X", row_group: int = 1000) -> Path:
    """Write `<name>/products.parquet` and return it."""
    path = directory / name / "products.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"smiles": pa.array(smiles, pa.string())}), path, row_group_size=row_group)
    return path


def sorted_rows(path: Path) -> list[tuple[object, ...]]:
    """All rows of a Parquet file, sorted."""
    columns = pq.read_table(path).to_pydict().values()
    return sorted(zip(*columns, strict=True), key=repr)
