"""A pass gives the same library with any number of workers, and whatever dies on the way."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
import rdkit

import halodb
from halodb.errors import HalodbError, LibraryError, UsageError
from halodb.inputs import open_input
from halodb.jobs import Job, load_manifests
from halodb.jobs.job import transform_jobs
from halodb.jobs.state import State
from halodb.memory import MemoryMeter
from halodb.rules import HALOGENATION, read_rules
from halodb.transformation import Limits, run_pass
from halodb.units import load_made
from halodb.workers.governor import size_pool
from halodb.workers.listener import Listener
from tests.conftest import Rows, arenes, make_input, rows_of

GIB = 1024**3
RULE = "FG_PHENOL_OH__OH__TO__OMe"


def build(source: Path, library: Path, workers: int) -> Rows:
    halodb.transform(source, library, workers=workers)
    halodb.dedup(library)
    return rows_of(library)


def test_the_library_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    source = make_input(tmp_path, arenes(2000))
    one = build(source, tmp_path / "one", 1)
    assert len(one) == 16
    assert sum(map(len, one.values())) > 500
    assert build(source, tmp_path / "two", 2) == one
    assert build(source, tmp_path / "sixteen", 16) == one


def test_sources_and_first_origin(tmp_path: Path) -> None:
    source = make_input(tmp_path, ["Oc1ccccc1", "Cc1ccc(O)cc1", "Oc1ccccc1", "COc1ccccc1O"])
    rows = build(source, tmp_path / "library", 1)["polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe"]
    assert [row[:4] for row in rows] == [
        ("COc1ccc(C)cc1", 1, 4, 1),
        ("COc1ccccc1", 0, 1, 2),
        ("COc1ccccc1OC", 3, 7, 1),
    ]
    assert {row[4:] for row in rows} == {("polyphenol", 1, "FG_PHENOL_OH__OH__TO__OMe", "phenol", "OH->OMe")}


def test_rejects_are_kept_with_row_and_reason(tmp_path: Path) -> None:
    source = make_input(tmp_path, ["Oc1ccccc1", "C1CC", None, "C" * 1001])
    build(source, tmp_path / "library", 1)
    with halodb.open(tmp_path / "library") as library:
        rows = library.sql(
            "SELECT parent_row, left(parent_smiles, 4), site, reason FROM rejects WHERE job LIKE '%_OH__TO__OMe' ORDER BY ALL"
        ).fetchall()
    assert rows == [
        (1, "C1CC", None, "SMILES does not parse"),
        (2, None, None, "empty SMILES"),
        (3, "CCCC", None, "more than 1000 heavy atoms"),
    ]


def test_finished_jobs_and_units_are_not_done_again(tmp_path: Path) -> None:
    source, library = make_input(tmp_path, arenes(600)), tmp_path / "library"
    first = halodb.transform(source, library, rules=["FG_PHENOL_OH__OH__TO__OMe"], workers=1)
    again = halodb.transform(source, library, rules=["FG_PHENOL_OH__OH__TO__OMe"], workers=1)
    assert (first.parents, again.parents) == (600, 0)
    assert halodb.transform(source, library, workers=1).already == (first.jobs[0].job,)


@pytest.mark.slow
def test_a_tiny_budget_makes_more_shards_and_the_same_rows(tmp_path: Path) -> None:
    source = make_input(tmp_path, arenes(600))
    halodb.transform(source, tmp_path / "tiny", workers=1, limits=Limits(shard_bytes=2000))
    assert len(list((tmp_path / "tiny").glob("*/shards/*.parquet"))) > 40
    halodb.dedup(tmp_path / "tiny")
    assert rows_of(tmp_path / "tiny") == build(source, tmp_path / "usual", 1)


def is_worker(child: psutil.Process) -> bool:
    """Whether a child is a worker that is at work: the pool's, alive, and past its start."""
    try:
        return child.cpu_times().user > 0.5 and "spawn_main" in " ".join(child.cmdline())
    except psutil.NoSuchProcess:  # a zombie too
        return False


@pytest.mark.slow
def test_a_killed_worker_takes_nothing_along(tmp_path: Path) -> None:
    source = make_input(tmp_path, arenes(3000))
    expected = build(source, tmp_path / "calm", 2)
    killed: list[int] = []

    def kill_one(_: object) -> None:
        workers = [child for child in psutil.Process().children() if is_worker(child)]
        if workers and len(killed) < 2:
            killed.append(workers[0].pid)
            workers[0].kill()

    halodb.transform(source, tmp_path / "stormy", workers=2, listener=Listener(progress=kill_one))
    assert killed
    halodb.dedup(tmp_path / "stormy")
    assert rows_of(tmp_path / "stormy") == expected


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it is the allocator of Linux")
def test_the_allocator_of_workers_is_tuned_unless_the_user_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_input(tmp_path, arenes(4000))
    tunables, seen = "GLIBC_TUNABLES", set()

    def look(_: object) -> None:
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.Error):
                if is_worker(child):
                    seen.add(child.environ().get(tunables))

    monkeypatch.delenv(tunables, raising=False)
    before = dict(os.environ)
    halodb.transform(source, tmp_path / "tuned", workers=2, listener=Listener(progress=look))
    assert seen == {"glibc.malloc.tcache_count=512"}
    assert dict(os.environ) == before
    seen.clear()
    monkeypatch.setenv(tunables, "glibc.malloc.tcache_count=7")
    halodb.transform(source, tmp_path / "the user's", workers=2, listener=Listener(progress=look))
    assert seen == {"glibc.malloc.tcache_count=7"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
def test_ctrl_c_stops_and_says_how_to_go_on(tmp_path: Path) -> None:
    source, library = make_input(tmp_path, arenes(4000)), tmp_path / "library"
    command = [sys.executable, "-m", "halodb", "transform", str(source), "-l", str(library), "-w", "2", "-q"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_for_receipts(library)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.startswith("halodb: stopped. Run the same command again to go on")
    assert len(told.splitlines()) == 1
    assert halodb.transform(source, library, workers=2).parents < 4000


def wait_for_receipts(library: Path) -> None:
    """Wait until three units are done."""
    receipts = library / "passes" / "polyphenol-1X" / "receipts"
    deadline = time.monotonic() + 240
    while len(list(receipts.glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.mark.slow
def test_a_killed_run_goes_on_and_gives_the_same_library(tmp_path: Path) -> None:
    source, library = make_input(tmp_path, arenes(4000)), tmp_path / "killed"
    command = [sys.executable, "-m", "halodb", "transform", str(source), "-l", str(library), "-w", "2", "-q"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for_receipts(library)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    assert psutil.wait_procs(workers, timeout=20)[1] == [], "workers must end with their parent"
    assert {manifest.state for manifest in load_manifests(library)} == {State.TRANSFORMING}
    assert halodb.dedup(library).jobs[0].state is State.TRANSFORMING
    report = halodb.transform(source, library, workers=2)
    assert report.parents < 4000
    halodb.dedup(library)
    assert rows_of(library) == build(source, tmp_path / "calm", 2)


def hanging_parent(atoms: int = 80) -> str:
    """Eighty atoms, each bound to all others: RDKit looks for rings in it for minutes."""
    bonds: dict[int, list[int]] = {atom: [] for atom in range(atoms)}
    pairs = ((first, last) for first in range(atoms) for last in range(first + 2, atoms))
    for number, (first, last) in enumerate(pairs, 1):
        bonds[first].append(number)
        bonds[last].append(number)
    return "".join("*" + "".join(f"%({number})" for number in numbers) for numbers in bonds.values())


@pytest.mark.slow
@pytest.mark.skipif(rdkit.__version__ < "2026", reason="an older RDKit refuses this parent at once")
def test_a_parent_that_hangs_is_condemned_and_the_rest_goes_on(tmp_path: Path) -> None:
    source = make_input(tmp_path, ["Oc1ccccc1", hanging_parent(), "Cc1ccccc1O"])
    limits = Limits(parent_seconds=1)
    (job,) = halodb.transform(source, tmp_path / "library", rules=[RULE], workers=2, limits=limits).jobs
    assert job.state is State.TRANSFORMED
    assert (job.counts.products, job.counts.rejects) == (2, {"worker stopped on this parent": 1})
    halodb.dedup(tmp_path / "library")
    with halodb.open(tmp_path / "library") as library:
        assert library.sql("SELECT parent_row FROM rejects").fetchall() == [(1,)]


@pytest.mark.slow
def test_a_lost_or_changed_shard_is_found_and_made_again(tmp_path: Path) -> None:
    source, library = make_input(tmp_path, arenes(600)), tmp_path / "library"
    expected = build(source, tmp_path / "calm", 1)
    halodb.transform(source, library, workers=1)
    shard = next(iter(sorted(library.glob("*OMe/shards/*.parquet"))))
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    with pytest.raises(LibraryError, match="missing or damaged"):
        halodb.dedup(library)
    assert halodb.transform(source, library, workers=1).parents > 0
    halodb.dedup(library)
    assert rows_of(library) == expected


@pytest.mark.slow
def test_a_library_of_another_input_is_left_alone(tmp_path: Path) -> None:
    library = tmp_path / "library"
    build(make_input(tmp_path, ["Oc1ccccc1"]), library, 1)
    before = rows_of(library)
    other = make_input(tmp_path / "other", ["Cc1ccccc1O"])
    with pytest.raises(LibraryError, match="was made from another input"):
        halodb.transform(other, library, workers=1)
    assert rows_of(library) == before
    halodb.transform(other, library, workers=1, replace=True)
    halodb.dedup(library)
    assert rows_of(library) != before


def test_one_giant_row_group_is_read_in_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("halodb.inputs.regroup._LARGEST_ROW_GROUP", 500)
    source = make_input(tmp_path, arenes(900), row_group=1_000_000)
    library = tmp_path / "library"
    report = halodb.transform(source, library, workers=1)
    assert pq.ParquetFile(next(library.glob("passes/*/parents.*.parquet"))).metadata.num_rows == 900
    assert report.parents == 900


def test_rules_out_of_scope_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    source = make_input(tmp_path, ["CCN"], "lipid-1X")
    for rule in ("FG_PHENOL_OH__OH__TO__OMe", "NO_SUCH_RULE"):
        with pytest.raises(UsageError):
            halodb.transform(source, tmp_path / "library", rules=[rule])
    assert not (tmp_path / "library").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="a small disk wants mount and root")
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    source, disk = make_input(tmp_path, arenes(4000)), tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no permission to mount")
    try:
        with pytest.raises(HalodbError, match="no room left"):
            build(source, disk / "library", 2)
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        assert build(source, disk / "library", 2) == build(source, tmp_path / "calm", 2)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_shards_are_in_the_order_that_their_receipts_promise(tmp_path: Path) -> None:
    """Dedup reads such shards one after the other instead of sorting them."""
    source = open_input(make_input(tmp_path, [f"{'C' * (row % 7)}Oc1ccc(O)c(O)c1C(=O)O" for row in range(60)]))
    of_one_rule = transform_jobs(tmp_path, source, read_rules().in_scope("polyphenol"))
    rules = read_rules(shipped=HALOGENATION).in_scope("polyphenol")
    pooled = Job(name="polyphenol-2X", directory=tmp_path / "polyphenol-2X", input=source, rules=rules, pooled=True)
    with MemoryMeter() as meter:
        for jobs in (of_one_rule, [pooled]):
            run_pass(jobs, tmp_path, budget=size_pool(meter, 1, GIB), limits=Limits(shard_bytes=2000))
    shards = {job.fingerprint(1000, 1): job.shards for job in (*of_one_rule, pooled)}
    seen = 0
    for receipt, made in load_made(tmp_path / "passes" / "polyphenol-1X" / "receipts", shards):
        assert receipt.in_row_order
        rows: list[tuple[object, ...]] = []
        for shard in made.shards:
            columns = pq.read_table(shards[made.fingerprint] / shard.file).to_pydict()
            by = ["parent_row", "site", *(["rule"] if "rule" in columns else []), "smiles"]
            rows += zip(*(columns[name] for name in by), strict=True)
        assert rows == sorted(rows)
        seen += len(rows)
    assert seen > 1000
