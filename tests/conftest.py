"""What the tests share: a real command line in a real process, inputs, and the demo's library, built once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

import halodb as package

Run = Callable[..., subprocess.CompletedProcess[str]]
Rows = dict[str, list[tuple[object, ...]]]

ARENES = ["Oc1ccccc1", "Oc1ccc(O)cc1", "Nc1ccccc1", "OC(=O)c1ccccc1O", "CCc1ccc(O)c(N)c1"]


def pytest_configure(config: pytest.Config) -> None:
    """Set up what the processes of tests inherit.

    They take Ctrl-C, even where what started the tests ignores it, as jobs in the background do. They compile halodb
    once, and not 2,000 times, where the environment wants no compiled files beside the source.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(config.rootpath / ".pytest_cache" / "compiled"))
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def some(cases: Iterable[object], of: int = 4) -> list[object]:
    """Every fourth case each time, or of so many one, and the others with the long tests: all of them take minutes."""
    return [
        case if number % of == 0 else pytest.param(case, marks=pytest.mark.slow) for number, case in enumerate(cases)
    ]


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
def demo(halodb: Run, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The directory of a finished demo, built once for all processes of a test run."""
    own = tmp_path_factory.getbasetemp()
    directory = (own if worker_id == "master" else own.parent) / "demo"
    with FileLock(f"{directory}.lock"):
        if not directory.exists():
            done = halodb("demo", directory, "--workers", 2)
            assert done.returncode == 0, done.stderr
    return directory


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of the finished demo, for a test that writes to it: others read the demo meanwhile."""
    return Path(shutil.copytree(demo, tmp_path / "demo", ignore=shutil.ignore_patterns(".halodb*")))


def make_input(directory: Path, smiles: list[str | None], name: str = "polyphenol-1X", row_group: int = 1000) -> Path:
    """Write `<name>/products.parquet` and return it."""
    path = directory / name / "products.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"smiles": pa.array(smiles, pa.string())}), path, row_group_size=row_group)
    return path


def sorted_rows(path: Path) -> list[tuple[object, ...]]:
    """All rows of a Parquet file, sorted."""
    columns = pq.ParquetFile(path).read().to_pydict().values()
    return sorted(zip(*columns, strict=True), key=repr)


def arenes(count: int) -> list[str | None]:
    """Distinct parents that match several rules; now and then a bad one, an empty one and a duplicate."""
    made: list[str | None] = [f"{'C' * (number % 97)}{ARENES[number % 5]}" for number in range(count)]
    made[3], made[5], made[7] = "C1CC", None, ""
    return made


def rows_of(library: Path) -> Rows:
    """The rows of all results, by job."""
    return {path.parent.name: sorted_rows(path) for path in sorted(library.glob("*/products.parquet"))}


PHENOLS = ["Oc1ccccc1", "Cc1ccc(O)cc1", "Oc1ccc(O)cc1", "COc1ccccc1O", "C1CC", None, "OC(=O)c1ccccc1O", "Nc1ccccc1O"]
"""Parents that match several rules, and two rejects."""

OME = "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe"
NH2 = "polyphenol-1X_FG_PHENOL_OH__OH__TO__NH2"
ACL = "polyphenol-1X_FG_CARBOXYL__COOH__TO__COCl"


@pytest.fixture(scope="session")
def phenol_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`inputs/polyphenol-1X` of 480 parents and the finished `library` of three jobs, built once: copy it."""
    directory = tmp_path_factory.mktemp("phenols")
    source = make_input(
        directory / "inputs", [f"{'C' * (row // 8)}{one}" if one else one for row, one in enumerate(PHENOLS * 60)]
    )
    rules = [job.partition("_")[2] for job in (OME, NH2, ACL)]
    package.transform(source, directory / "library", rules=rules, workers=1)
    package.dedup(directory / "library")
    return directory


def flip(file: Path, place: float) -> None:
    """Flip a bit of a file; `place` is a part of its length."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 1
    file.write_bytes(content)
