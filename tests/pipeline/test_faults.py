"""Whatever happens to a run, after it is run again the library is row for row that of an undisturbed one."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb
from halodb.deduplication.repeats import Rows as ShardRows
from halodb.deduplication.result import write_unique
from halodb.engine import connect
from halodb.errors import DiskFullError
from halodb.files import whole_file
from halodb.jobs.state import State
from halodb.pipeline.record import read_record
from halodb.pipeline.report import read_report
from halodb.transformation import Progress
from halodb.workers.listener import Listener
from tests.conftest import Rows, Run, arenes, make_input, rows_of, some
from tests.deduplication.manifests import manifest_of
from tests.pipeline.runs import make_inputs, small_disk, start, tree, wait_for, wait_for_state


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="module")
def calm(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The rows of an undisturbed run."""
    library = tmp_path_factory.mktemp("calm") / "library"
    assert halodb.run(library, inputs, workers=2).complete
    return rows_of(library)


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9 (TerminateProcess on Windows), and wait until the workers have ended too: they must, by themselves."""
    everyone = tree(process.pid)
    process.kill()
    process.communicate()
    assert psutil.wait_procs(everyone, timeout=20)[1] == []


@pytest.fixture
def halodb_command(request: pytest.FixtureRequest) -> Run:
    """The command line, under a name that leaves `halodb` to the package."""
    command: Run = request.getfixturevalue("halodb")
    return command


@pytest.mark.parametrize("state", some([State.TRANSFORMING, State.DEDUPLICATING]))
def test_kill_9_of_the_main_process(inputs: Path, calm: Rows, tmp_path: Path, state: State) -> None:
    library = tmp_path / "library"
    process = start(library, inputs)
    wait_for_state(library, "polyphenol-1X", state, process)
    if state is State.TRANSFORMING:
        wait_for(lambda: len(list(library.glob("passes/polyphenol-1X/receipts/*.json"))) > 1, process)
    kill(process)
    assert not halodb.read_status(library).jobs.get("failed")
    assert halodb.run(library, inputs, workers=2).complete
    assert rows_of(library) == calm


@pytest.mark.slow
def test_50_kills_at_random_moments(inputs: Path, calm: Rows, tmp_path: Path) -> None:
    """Of the main process, of a worker, and in dedup; the library is compared each time that it is finished."""
    chance = random.Random(20261124)
    kills: Counter[str] = Counter()
    library = tmp_path / "library"
    while kills.total() < 50:
        victim = ("main", "worker", "main in dedup")[kills.total() % 3]
        process = start(library, inputs, "--retry", 20)
        moment = time.monotonic() + chance.uniform(0.5, 6)
        while process.poll() is None and not _is_the_moment(victim, moment, library, process):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.3) if victim == "main in dedup" else 0)
        workers = tree(process.pid)[1:]
        if process.poll() is None and (victim != "worker" or workers):
            kills[victim] += 1
            if victim == "worker":
                with contextlib.suppress(psutil.NoSuchProcess):
                    chance.choice(workers).kill()
                process.wait(timeout=120)
            else:
                kill(process)
        if process.wait() == 0:
            assert rows_of(library) == calm
            shutil.rmtree(library)
        process.communicate()
    assert halodb.run(library, inputs, workers=2).complete
    assert rows_of(library) == calm


def _is_the_moment(victim: str, moment: float, library: Path, process: subprocess.Popen[str]) -> bool:
    record = read_record(library)
    if victim == "main in dedup":
        return record is not None and State.DEDUPLICATING in record.passes.values()
    return time.monotonic() >= moment and (victim == "main" or len(tree(process.pid)) > 1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(inputs: Path, calm: Rows, tmp_path: Path) -> None:
    library = tmp_path / "library"
    process = start(library, inputs)
    wait_for_state(library, "polyphenol-1X", State.TRANSFORMING, process)
    workers = tree(process.pid)[1:]
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.startswith("halodb: stopped. Run the same command again to go on")
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    assert (library / "transform_pipeline_report.json").exists()
    assert halodb.read_status(library).writer is None
    assert halodb.run(library, inputs, workers=2).complete
    assert rows_of(library) == calm


@pytest.mark.parametrize("damage", some(["a flipped byte", "cut short", "gone"]))
def test_a_damaged_shard_is_found_and_made_again_by_itself(
    inputs: Path, calm: Rows, tmp_path: Path, damage: str
) -> None:
    library = tmp_path / "library"
    halodb.transform(inputs / "polyphenol-1X", library, workers=2)
    shard = sorted(library.glob("polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe/shards/*.parquet"))[0]
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.unlink()
    if damage != "gone":
        shard.write_bytes(content if damage == "a flipped byte" else content[: len(content) // 2])
    words: list[str] = []
    report = halodb.run(library, inputs, workers=2, listener=Listener(message=words.append))
    assert report.complete
    assert len(words) == 1
    assert "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe" in words[0]
    assert ("missing or damaged" if damage == "a flipped byte" else "has lost receipts or shards") in words[0]
    assert rows_of(library) == calm


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody replace a file that is being read")
def test_an_input_that_is_replaced_in_mid_run(inputs: Path, tmp_path: Path) -> None:
    """No product of the former file is in the library, and none of the new one is missing."""
    mine, library = tmp_path / "inputs", tmp_path / "library"
    shutil.copytree(inputs, mine)
    replaced = False

    def replace_it(moment: Progress) -> None:
        nonlocal replaced
        if not replaced and "polyphenol-1X" in moment.title and moment.units:  # at the latest before the pass is done
            new = make_input(tmp_path / "new", arenes(700)[::-1], "polyphenol-1X")
            new.replace(mine / "polyphenol-1X" / "products.parquet")
            replaced = True

    words: list[str] = []
    assert halodb.run(library, mine, workers=2, listener=Listener(progress=replace_it, message=words.append)).complete
    assert replaced
    assert any("was replaced or written to while it was being read" in word for word in words), words
    assert halodb.run(tmp_path / "fresh", mine, workers=2).complete
    assert rows_of(library) == rows_of(tmp_path / "fresh")


CLOCK = """
import random, time
_now, _chance = time.time, random.Random(1)
time.time = lambda: _now() + _chance.choice((-86400, 0, 86400))
"""


@pytest.mark.slow
def test_a_clock_that_jumps_a_day_back_and_forth(inputs: Path, calm: Rows, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    library = tmp_path / "library"
    process = start(library, inputs, python_path=tmp_path / "site")
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    report = read_report(library)
    assert report is not None
    assert 0 < report.run.seconds < 120
    assert all(0 <= one.idle_share < 1 for one in report.passes)
    assert rows_of(library) == calm


def test_a_full_disk_in_shards_or_results_is_one_line_and_loses_nothing(
    halodb_command: Run, inputs: Path, calm: Rows, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "100k") as resize:
        library = tmp_path / "disk" / "library"
        for size in ("100k", "180k", "260k"):
            resize(size)
            done = halodb_command("run", library, "-i", inputs, "-w", 2, "-q")
            assert done.returncode == 1
            assert "disk full: no room left to write" in done.stderr
            assert len(done.stderr.splitlines()) == 1, done.stderr
        resize("100m")
        assert halodb_command("run", library, "-i", inputs, "-w", 2, "-q").returncode == 0
        assert rows_of(library) == calm


KEYS = 3_000_000


@pytest.fixture(scope="module")
def many_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shard of more keys than the smallest budget holds."""
    path = tmp_path_factory.mktemp("shards") / "shard.parquet"
    chance = random.Random(1)
    columns = {
        "smiles": [f"{chance.getrandbits(256):064x}" for _ in range(KEYS)],
        "parent_row": pa.array(range(KEYS), pa.int64()),
        "site": pa.array([0] * KEYS, pa.int32()),
    }
    pq.write_table(pa.table(columns), path, compression="zstd", use_dictionary=False)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("full", ["spill", "result"])
def test_a_full_disk_in_dedup(many_keys: Path, tmp_path: Path, full: str) -> None:
    roomy = tmp_path / "roomy"
    roomy.mkdir()
    rows, manifest = ShardRows((many_keys,), (KEYS,)), manifest_of(roomy)
    with small_disk(tmp_path / "disk", "20m"):
        spill = tmp_path / "disk" if full == "spill" else roomy
        output = (roomy if full == "spill" else tmp_path / "disk") / "products.parquet"
        with (
            connect(roomy, 320 * 2**20, spill) as connection,
            pytest.raises(DiskFullError, match="no room left"),
            whole_file(output) as temporary,
        ):
            write_unique(connection, rows, temporary, manifest, in_order=True)
    with connect(roomy, 320 * 2**20) as connection:
        assert write_unique(connection, rows, roomy / "products.parquet", manifest, in_order=True) == KEYS
