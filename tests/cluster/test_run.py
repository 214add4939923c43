"""A run on a cluster makes the library that a run here makes, to the byte, and each goes on where the other stopped."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest
import rdkit

import halodb
from halodb.cluster import dask_pool, sameness
from halodb.cluster.sameness import Sameness, versions_here
from halodb.deduplication.partitioned import PartPlan, Step, parts_of
from halodb.deduplication.repeats import Rows, parts_of_hashes
from halodb.engine import connect
from halodb.errors import ClusterError, HalodbError, OutputError, UsageError
from halodb.jobs import writing
from halodb.memory import SMALLEST_BUDGET
from halodb.transformation import Progress
from halodb.workers.listener import Listener
from tests.cluster.clusters import bytes_of
from tests.cluster.conftest import Cluster
from tests.conftest import Run, arenes, make_input

JOBS = ("polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe", "lipid-1X_*NHMe")


class EnoughError(Exception):
    """Raised by a listener in the middle of a pass."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("inputs")
    make_input(directory, arenes(1500), "polyphenol-1X")
    make_input(directory, [f"{'C' * number}N" for number in range(1, 60)], "lipid-1X")
    return directory


@pytest.fixture(scope="module")
def calm(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of an undisturbed run of this machine alone."""
    library = tmp_path_factory.mktemp("calm") / "library"
    assert halodb.run(library, inputs, workers=2, jobs=JOBS).complete
    return bytes_of(library)


def stop_after(units: int) -> Listener:
    """A listener that ends a run in the middle of its largest pass."""

    def look(progress: Progress) -> None:
        if "polyphenol" in progress.title and progress.units >= units:
            raise EnoughError

    return Listener(progress=look)


def test_the_same_bytes_and_each_goes_on_with_what_the_other_began(
    inputs: Path, calm: dict[str, bytes], cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # relative paths mean the same to workers elsewhere
    library = Path("library")
    for how in (None, cluster.address):
        with pytest.raises(EnoughError):
            halodb.run(library, inputs, jobs=JOBS, cluster=how, listener=stop_after(1))
    assert len(list(library.glob("passes/polyphenol-1X/receipts/*.json"))) >= 2
    report = halodb.run(library, inputs, jobs=JOBS, workers=1)
    assert any(one.resumed for one in report.passes)
    assert bytes_of(library) == calm
    assert not [path for path in library.rglob("*") if path.suffix == ".tmp" or path.name.startswith(".halodb-spill")]


@pytest.mark.slow
def test_a_worker_that_is_killed_in_mid_pass(
    inputs: Path, calm: dict[str, bytes], cluster: Cluster, tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if "polyphenol" in progress.title and progress.units and not killed:
            process = next(iter(cluster.dask.workers.values())).process.process
            killed.append(process.pid)
            psutil.Process(process.pid).kill()

    library = tmp_path / "library"
    assert halodb.run(library, inputs, jobs=JOBS, cluster=cluster.address, listener=Listener(progress=kill)).complete
    assert killed
    assert bytes_of(library) == calm


@pytest.mark.slow
@pytest.mark.parametrize("large", [1000, 10**9])
def test_dedup_and_index_by_many(
    inputs: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    """Small jobs side by side, a large one in parts; all jobs together in parts; parts of an index."""
    monkeypatch.setattr(sys.modules["halodb.deduplication.dedup"], "SMALL_JOBS", 0)
    monkeypatch.setattr(sys.modules["halodb.deduplication.dedup"], "LARGE_JOB", large)
    libraries = {tmp_path / "here": None, tmp_path / "there": cluster.address}
    made = []
    for library, how in libraries.items():
        assert halodb.run(library, inputs, jobs=["polyphenol-1X_FG_PHENOL*", "lipid-*"], cluster=how).complete
        halodb.index(library, jobs=["lipid-*"], cluster=how)
        made.append(halodb.dedup_across_jobs(library, cluster=how))
    here, there = map(bytes_of, libraries)
    assert here == there
    assert made[0].products == made[1].products > 1000
    assert made[0].path.read_bytes() == made[1].path.read_bytes()


def test_parts_that_memory_does_not_hold_are_parted_again_without_loss(tmp_path: Path) -> None:
    plan = PartPlan(Step.REPEATED, Rows((), ()), 3, 10**9, (), "", tmp_path, None, 0.0)
    with connect(tmp_path, SMALLEST_BUDGET) as connection:
        smaller = parts_of_hashes(plan.found // plan.parts, connection)
    parts = [each for number in range(3) for each in parts_of(plan, number, smaller)]
    assert smaller > 10
    assert sorted(parts) == [(part, 3 * smaller) for part in range(3 * smaller)]


def test_workers_of_another_version_are_refused(
    inputs: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = rdkit.__version__
    monkeypatch.setattr(rdkit, "__version__", "2020.03.1")
    heard: list[str] = []
    with pytest.raises(ClusterError, match="no worker can do the units") as told:
        halodb.transform(
            inputs / "lipid-1X", tmp_path / "library", cluster=cluster.address, listener=Listener(message=heard.append)
        )
    assert f"it has RDKit {there} and not 2020.03.1" in str(told.value)
    assert heard
    assert all("is left out" in line for line in heard)


def test_a_worker_that_sees_another_library_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sameness, "SEEN_SECONDS", 0.1)
    mine, elsewhere = tmp_path / "mine", tmp_path / "elsewhere"
    with writing(mine):
        said = Sameness.of(mine)
        said.check()
    with pytest.raises(ClusterError, match="does not see"):
        Sameness("node1", versions_here(), elsewhere, said.token).check()
    with writing(elsewhere), pytest.raises(ClusterError, match="does not see"):
        Sameness("node1", versions_here(), elsewhere, said.token).check()
    with pytest.raises(OutputError, match="may not write"):
        Sameness("node1", versions_here(), tmp_path / "none", "").check()


def test_a_cluster_that_cannot_be_meant(
    inputs: Path, halodb_command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_pool, "_CONNECT_SECONDS", 0.5)
    library = tmp_path / "library"
    damaged = tmp_path / "scheduler.json"
    damaged.write_text("{}", encoding="utf-8")
    for cluster in ("node7", "http://node7:80", str(damaged), str(tmp_path / "none.json")):
        with pytest.raises(UsageError):
            halodb.run(library, inputs, cluster=cluster)
    with pytest.raises(UsageError, match="--workers is for this machine"):
        halodb.run(library, inputs, workers=2, cluster="tcp://127.0.0.1:9")
    assert not library.exists()
    with pytest.raises(HalodbError, match="no scheduler answers at tcp://"):
        halodb.run(library, inputs, cluster="tcp://127.0.0.1:9")
    told = halodb_command("run", library, "-i", inputs, "--cluster", "node7")
    assert (told.returncode, len(told.stderr.splitlines())) == (2, 1)


@pytest.fixture
def halodb_command(request: pytest.FixtureRequest) -> Run:
    """The command line, under a name that leaves `halodb` to the package."""
    command: Run = request.getfixturevalue("halodb")
    return command


@pytest.mark.slow
def test_local_from_the_command_line(inputs: Path, calm: dict[str, bytes], halodb_command: Run, tmp_path: Path) -> None:
    how = ("-w", 1, "--cluster", "local", "-q", "--jobs", JOBS[1])
    told = halodb_command("run", tmp_path / "library", "-i", inputs, *how)
    assert told.returncode == 0, told.stderr
    assert len(told.stderr.splitlines()) <= 2, told.stderr  # nothing of Dask's
    assert "1 of 1 jobs done, 0 failed" in told.stderr
    made = bytes_of(tmp_path / "library")
    assert made == {name: content for name, content in calm.items() if name in made}
    assert made
