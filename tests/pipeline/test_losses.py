"""What vanishes or is damaged is found, told and made again; a job is done only if every row is accounted for."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import halodb
from halodb.errors import LibraryError
from halodb.jobs import read_manifest, write_manifest
from halodb.jobs.state import State
from halodb.transformation import Progress
from halodb.workers.listener import Listener
from tests.conftest import OME, Rows, arenes, flip, make_input, rows_of, some

JOB = OME
SHARDS = f"{JOB}/shards"
RECEIPTS = "passes/polyphenol-1X/receipts"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("inputs")
    make_input(directory, arenes(3000), "polyphenol-1X")
    return directory


@pytest.fixture(scope="module")
def finished(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("finished") / "library"
    assert halodb.run(library, inputs, workers=1, jobs=[JOB, "*COCl"]).complete
    return library


@pytest.fixture(scope="module")
def calm(finished: Path) -> Rows:
    return rows_of(finished)


def units_done(library: Path) -> list[Path]:
    return sorted((library / RECEIPTS).glob("*.json"))


LOSSES: dict[str, Callable[[Path], object]] = {
    "a shard": lambda library: sorted((library / SHARDS).glob("*.0.parquet"))[0].unlink(),
    "a shard is cut short": lambda library: sorted((library / SHARDS).glob("*.0.parquet"))[0].write_bytes(b"PAR1"),
    "the reject shard": lambda library: sorted((library / SHARDS).glob("*.rejects.parquet"))[0].unlink(),
    "all shards": lambda library: shutil.rmtree(library / SHARDS),
    "a receipt": lambda library: units_done(library)[0].unlink(),
    "a receipt is cut short": lambda library: units_done(library)[0].write_bytes(
        units_done(library)[0].read_bytes()[:-9]
    ),
    "a receipt is zeroed": lambda library: units_done(library)[0].write_bytes(bytes(300)),
    "all receipts": lambda library: shutil.rmtree(library / RECEIPTS),
}


@pytest.mark.parametrize("loss", some(LOSSES, 8))
def test_what_vanishes_in_mid_pass_is_made_again(inputs: Path, calm: Rows, tmp_path: Path, loss: str) -> None:
    library, lost = tmp_path / "library", False

    def lose(moment: Progress) -> None:
        nonlocal lost
        if not lost and moment.units == 1:
            LOSSES[loss](library)
            lost = True

    words: list[str] = []
    report = halodb.run(
        library, inputs, workers=1, jobs=[JOB, "*COCl"], listener=Listener(progress=lose, message=words.append), retry=1
    )
    assert lost
    assert report.complete
    assert ["have vanished or are damaged" in word for word in words] == [True]
    assert rows_of(library) == calm
    assert halodb.verify(library).wrong == []


@pytest.mark.slow
def test_without_another_try_the_job_fails_and_the_next_run_mends_it(inputs: Path, calm: Rows, tmp_path: Path) -> None:
    library = tmp_path / "library"

    def lose(moment: Progress) -> None:
        if moment.units == moment.all_units:
            for shard in (library / SHARDS).glob("*.0.parquet"):
                shard.unlink()

    report = halodb.run(library, inputs, workers=1, jobs=[JOB, "*COCl"], listener=Listener(progress=lose), retry=0)
    assert not report.complete
    assert report.totals.done == 0
    assert halodb.run(library, inputs, workers=1, jobs=[JOB, "*COCl"]).complete
    assert rows_of(library) == calm


@pytest.mark.parametrize("loss", some(LOSSES, 8))
def test_what_vanishes_before_dedup(inputs: Path, calm: Rows, tmp_path: Path, loss: str) -> None:
    library = tmp_path / "library"
    rules = [JOB.partition("_")[2], "FG_CARBOXYL__COOH__TO__COCl"]
    halodb.transform(inputs / "polyphenol-1X", library, rules=rules, workers=1)
    LOSSES[loss](library)
    assert [one.job for one in halodb.verify(library).wrong if one.job == JOB] == [JOB]
    with pytest.raises(LibraryError, match="missing or damaged"):
        halodb.dedup(library)
    halodb.transform(inputs / "polyphenol-1X", library, rules=rules, workers=1)
    halodb.dedup(library)
    assert rows_of(library) == calm


@pytest.mark.skipif(sys.platform == "win32", reason="a directory in the place of a file is refused in other words")
@pytest.mark.parametrize("place", some([RECEIPTS, SHARDS]))
def test_what_cannot_be_read_is_no_loss_to_be_passed_over(inputs: Path, tmp_path: Path, place: str) -> None:
    """An error of the system on a receipt or shard is told: it may be well again in a minute."""
    library = tmp_path / "library"
    halodb.transform(inputs / "polyphenol-1X", library, rules=[JOB.partition("_")[2]], workers=1)
    file = sorted((library / place).iterdir())[0]
    file.unlink()
    file.symlink_to(file)  # a loop: ELOOP, as EIO and EACCES are
    with pytest.raises(LibraryError, match=f"{file.name} cannot be read"):
        halodb.dedup(library)
    with pytest.raises(LibraryError, match=f"{file.name} cannot be read"):
        halodb.transform(inputs / "polyphenol-1X", library, rules=[JOB.partition("_")[2]], workers=1)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def zero(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def fewer_rows(file: Path) -> None:
    footer = pq.read_metadata(file).metadata
    pq.write_table(pq.read_table(file).slice(1).replace_schema_metadata(footer), file)


def of_another_job(file: Path) -> None:
    table = pq.read_table(file)
    pq.write_table(table.replace_schema_metadata({"halodb.fingerprint": "other"}), file)


DAMAGES = [empty, zero, cut, fewer_rows, Path.unlink]


@pytest.mark.parametrize("name", ["products.parquet", "rejects.parquet"])
@pytest.mark.parametrize("damage", some([*DAMAGES, of_another_job], 6), ids=lambda damage: damage.__name__)
def test_a_damaged_result_is_not_done(
    inputs: Path, finished: Path, calm: Rows, tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    if (damage, name) == (of_another_job, "rejects.parquet"):
        pytest.skip("rejects do not say whose they are")
    library = Path(shutil.copytree(finished, tmp_path / "library"))
    damage(library / JOB / name)
    words: list[str] = []
    assert halodb.run(library, inputs, workers=1, jobs=[JOB, "*COCl"], listener=Listener(message=words.append)).complete
    assert [word.startswith(JOB) and "made anew" in word for word in words] == [True]
    assert rows_of(library) == calm


def test_a_result_that_fails_its_check_is_never_done(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by trying again, not by the next run, not by `dedup`; a run in which the check is content makes it."""
    library = tmp_path / "library"
    with monkeypatch.context() as patch:
        patch.setattr("halodb.pipeline.attempt.verify_job", lambda *_, **__: ["it is wrong"])
        for retry in (0, 2):
            report = halodb.run(library, inputs, workers=1, jobs=[JOB], retry=retry)
            assert (report.totals.done, report.totals.failed) == (0, 1)
            assert "it is wrong" in report.failures[0].reason
            assert halodb.dedup(library).unfinished == (JOB,)
            with halodb.open(library) as opened:
                assert opened.sql("SELECT count(*) FROM products").fetchall() == [(0,)]
    assert halodb.run(library, inputs, workers=1, jobs=[JOB]).complete


ALTERNATING = [
    "OC(=O)CC[C@@H](C)[C@H]1CC[C@H]2[C@H]3[C@H](CC[C@@]21C)[C@@]1(C)CC[C@]2(C[C@H]1C[C@H]3OC(C)=O)OOC1(CC[C@@H](C)CC1)OO2",
    "O=C(O)[C@H]1CC2(C1)C[C@@](F)(C(=O)O)C2",
]


def test_keys_that_rdkit_writes_in_two_ways_in_turn_are_right(tmp_path: Path) -> None:
    make_input(tmp_path / "inputs", list(ALTERNATING), "terpenoid-1X")
    report = halodb.run(tmp_path / "library", tmp_path / "inputs", workers=1, jobs=["*CARBOXYL*"], retry=0)
    assert report.failures == ()
    assert halodb.verify(tmp_path / "library").wrong == []


def test_a_dedup_that_memory_cannot_hold_is_done_part_by_part(inputs: Path, calm: Rows, tmp_path: Path) -> None:
    library = tmp_path / "library"
    rules = [JOB.partition("_")[2], "FG_CARBOXYL__COOH__TO__COCl"]
    halodb.transform(inputs / "polyphenol-1X", library, rules=rules, workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("halodb.deduplication.repeats._BYTES_A_HASH", 10**6)
        patch.setattr("halodb.deduplication.repeats._BYTES_A_KEY", 10**8)
        halodb.dedup(library, memory="320MiB")
    assert rows_of(library) == calm


def test_counts_that_are_not_all_rows_are_found(finished: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(finished, tmp_path / "library"))
    manifest = read_manifest(library / JOB)
    assert manifest is not None
    assert manifest.counts.parents == manifest.parents_expected == 3000
    fewer = manifest.counts.model_copy(update={"parents": 2999})
    write_manifest(library / JOB, manifest.model_copy(update={"counts": fewer}))
    (verdict,) = halodb.verify(library).wrong
    assert "2,999 parents were read, and its input has 3,000" in verdict.problems[0]


@pytest.mark.slow
def test_a_flipped_bit_of_a_manifest_is_no_traceback(finished: Path, inputs: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(finished, tmp_path / "library"))
    file = library / JOB / "manifest.json"
    whole = file.read_bytes()
    for place in range(0, 100, 7):
        file.write_bytes(whole)
        flip(file, place / 100)
        halodb.verify(library, sample=0)
    file.write_text(json.dumps({"version": "x"}), encoding="utf-8")
    assert halodb.run(library, inputs, workers=1, jobs=[JOB, "*COCl"]).complete
    assert read_manifest(library / JOB).state is State.DONE  # type: ignore[union-attr]


def test_temporary_files_of_the_gone_go_with_the_next_run(finished: Path, inputs: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(finished, tmp_path / "library"))
    number = 4_000_000  # above the highest number of a process
    left = [library / f".a.{number}.tmp", library / JOB / f".b.{number}.tmp", library / "mine" / f".c.{number}.tmp"]
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"")
    assert halodb.run(library, inputs, workers=1, jobs=[JOB, "*COCl"]).complete
    assert [file.exists() for file in left] == [False, False, True]


def test_a_sampled_input_says_so(tmp_path: Path) -> None:
    parents = tmp_path / "parents.smi"
    parents.write_text("\n".join(f"{'C' * n}c1ccccc1O" for n in range(20)), encoding="utf-8")
    halodb.halogenate(parents, tmp_path / "inputs", sample_2x=10, workers=1)
    for path in (tmp_path / "inputs").glob("*-2X"):
        manifest = read_manifest(path)
        assert manifest is not None
        assert (manifest.stride or 0) > 1
        assert manifest.counts.parents == manifest.parents_expected
    assert halodb.verify(tmp_path / "inputs").wrong == []
