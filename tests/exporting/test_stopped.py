"""A stopped or killed export, or one on a full disk, leaves no file that looks whole, and the next one is as if new."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import halodb as package
from tests.exporting.conftest import files_of
from tests.pipeline.runs import small_disk, wait_for

WHERE = "class = 'polyphenol' AND label = 'OH->OMe'"
OPTIONS: dict[str, list[str]] = {"one": [], "set": ["--split", "50"]}
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process that is asked to stop")


def begin(library: Path, output: Path, *options: str) -> subprocess.Popen[str]:
    """An export of some minutes, which has begun to write."""
    command = [sys.executable, "-m", "halodb", "export", str(library), "-o", str(output), "--3d", "--where", WHERE]
    process = subprocess.Popen([*command, *options, "-w", "2", "-q"], stderr=subprocess.PIPE, text=True)
    wait_for(lambda: any(path.stat().st_size for path in output.parent.rglob("*") if path.is_file()), process)
    return process


def visible(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if not path.name.startswith(".")]


@posix
@pytest.mark.slow
@pytest.mark.parametrize("kind", OPTIONS)
def test_ctrl_c(demo: Path, tmp_path: Path, kind: str) -> None:
    process = begin(demo / "library", tmp_path / "hits.sdf", *OPTIONS[kind])
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told.partition(".")[0]) == (130, "halodb: stopped")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::halodb.errors.HalodbWarning")
@pytest.mark.parametrize("kind", ["one", "set"])
def test_kill(demo: Path, tmp_path: Path, kind: str) -> None:
    process = begin(demo / "library", tmp_path / "hits.sdf", *OPTIONS[kind])
    process.kill()
    process.communicate()
    assert visible(tmp_path) == []
    package.export(demo / "library", tmp_path / "hits.sdf", where="k = 3", split=50 if kind == "set" else None)
    assert len(list(tmp_path.iterdir())) == 1  # what the killed one left is gone


@posix
@pytest.mark.parametrize(
    ("name", "options"), [("a.smi", {}), ("a.csv.gz", {}), ("a.parquet", {}), ("a.smi", {"split": 500})]
)
def test_full_disk(demo: Path, tmp_path: Path, name: str, options: dict[str, int]) -> None:
    with small_disk(tmp_path / "disk", "200k"):
        with pytest.raises(package.HalodbError, match="no room left"):
            package.export(demo / "library", tmp_path / "disk" / name, **options)  # type: ignore[arg-type]
        assert files_of(tmp_path / "disk") == {}
