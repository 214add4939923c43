"""`halodb clean` removes what no run would use, tells it before, and touches nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.cleaning import Kind, LeftoversFound
from halodb.errors import LibraryError
from halodb.jobs import read_manifest, write_manifest, writing
from halodb.jobs.state import State
from tests.conftest import NH2, OME, Run, make_input, sorted_rows

RULES = [job.partition("_")[2] for job in (OME, NH2)]


def gone() -> int:
    """The number of a process that has ended."""
    return int(
        subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True).stdout
    )


@pytest.fixture
def library(phenol_library: Path, tmp_path: Path) -> Path:
    """A copy of three finished jobs."""
    return Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))


def begun(phenol_library: Path, library: Path) -> Path:
    """Two jobs under way, whose last two units have written their shards and not their receipts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("halodb.units.unit._LEAST_COST", 20_000.0)
        package.transform(phenol_library / "inputs" / "polyphenol-1X", library, rules=RULES, workers=1)
    receipts = sorted((library / "passes" / "polyphenol-1X" / "receipts").iterdir())
    assert len(receipts) > 3
    for receipt in receipts[-2:]:
        receipt.unlink()
    for job in (OME, NH2):
        unfinish(library, job)
    return library


def unfinish(library: Path, job: str) -> None:
    manifest = read_manifest(library / job)
    assert manifest is not None
    write_manifest(library / job, manifest.moved(State.TRANSFORMING))


def tree(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name not in {".halodb.lock", ".halodb.owner.json"}
    }


def litter(library: Path) -> set[str]:
    """Put what stopped processes leave everywhere, and files that are nobody's business."""
    process = gone()
    waste = {
        f".distinct_products.parquet.{process}.tmp",
        f"{OME}/.products.parquet.{process}.tmp",
        f"{OME}/shards/.0000000000-0000000100.0.parquet.{process}.tmp",
        f"passes/polyphenol-1X/receipts/.0000000000-0000000100.0a.json.{process}.tmp",
        f".halodb-spill-{process}-0/duckdb_temp_storage_DEFAULT-0.tmp",
        "passes/polyphenol-1X/working/0000000000-0000000100.row",
        "passes/polyphenol-1X/working/pressure",
        "passes/polyphenol-1X/working/patterns.0123456789abcdef.parquet",
        "passes/parents/shards/0000000000-0000000100.parquet",
        "passes/parents/parents.parquet",
    }
    foreign = {
        "notes.tmp",
        f"mine/.a.{process}.tmp",
        f"{OME}/products.parquet.tmp",
        f"{OME}/products.csv",
        f"{OME}/shards/mine.parquet",
        "passes/polyphenol-1X/working/mine",
        f".halodb-spill-{os.getpid()}-0/duckdb_temp_storage_DEFAULT-0.tmp",
        f".distinct_products.parquet.{os.getpid()}.tmp",
    }
    for name in waste | foreign:
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345678")
    return waste


def test_a_clean_library_has_nothing_to_clean(halodb: Run, library: Path) -> None:
    before = tree(library)
    done = halodb("clean", library)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{library}: nothing to clean\n"
    assert tree(library) == before


def test_what_is_nobodys_goes_and_all_else_stays(halodb: Run, library: Path) -> None:
    before = tree(library)
    waste = litter(library)
    littered = tree(library)

    told = halodb("clean", library, "--dry-run", "--json")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert sum(one["file_count"] for one in found["waste"]) == len(waste)
    assert sum(one["bytes"] for one in found["waste"]) == 8 * len(waste)
    assert not found["removed"]
    assert tree(library) == littered

    refused = halodb("clean", library)
    assert refused.returncode == 2
    assert "nobody is there to be asked. Give --yes" in refused.stderr
    assert "temporary files" in refused.stderr
    assert tree(library) == littered

    done = halodb("clean", library, "--yes")
    assert done.returncode == 0, done.stderr
    assert "removed 80 B" in done.stderr
    after = tree(library)
    assert set(littered) - set(after) == waste
    assert {name: after[name] for name in before} == before
    assert not (library / "passes" / "parents").exists()
    assert "nothing to clean" in halodb("clean", library, "--yes").stderr


def test_who_says_no_keeps_all(library: Path) -> None:
    litter(library)
    before = tree(library)
    asked: list[LeftoversFound] = []

    def no(found: LeftoversFound) -> bool:
        asked.append(found)
        return False

    report = package.clean(library, confirm=no)
    assert (len(asked), report.removed, tree(library)) == (1, False, before)
    assert package.find_leftovers(library).waste == report.waste


def test_a_job_under_way_is_kept_and_goes_on(phenol_library: Path, tmp_path: Path) -> None:
    library = begun(phenol_library, tmp_path / "begun")
    litter(library)
    report = package.clean(library)
    assert {waste.kind for waste in report.offered} == {Kind.UNFINISHED}
    stray = [waste for waste in report.waste if waste.kind is Kind.STRAY_SHARDS]
    assert len(stray) == 2, "the shards of the units without a receipt"
    again = package.transform(phenol_library / "inputs" / "polyphenol-1X", library, rules=RULES, workers=1)
    assert 0 < again.parents < 480
    package.dedup(library)
    for job in (OME, NH2):
        expected = sorted_rows(phenol_library / "library" / job / "products.parquet")
        assert sorted_rows(library / job / "products.parquet") == expected
    assert package.verify(library).wrong == []


def test_unfinished_jobs_go_when_asked_for_and_leave_no_trace(
    halodb: Run, phenol_library: Path, tmp_path: Path
) -> None:
    library = begun(phenol_library, tmp_path / "begun")
    (library / OME / "notes.txt").write_text("mine", encoding="utf-8")
    kept = halodb("clean", library, "--yes")
    assert f"kept: unfinished jobs, {library / OME}" in kept.stderr
    done = halodb("clean", library, "--unfinished", "--yes")
    assert done.returncode == 0, done.stderr
    assert list(tree(library)) == [f"{OME}/notes.txt"]
    assert [path.name for path in library.iterdir() if path.is_dir()] == [OME]
    report = package.transform(phenol_library / "inputs" / "polyphenol-1X", library, rules=RULES, workers=1)
    assert report.parents == 480


def test_an_unfinished_job_takes_no_other_jobs_receipts_along(phenol_library: Path, tmp_path: Path) -> None:
    library = begun(phenol_library, tmp_path / "begun")
    (library / NH2 / "manifest.json").write_text("{", encoding="utf-8")
    receipts = len(list(library.glob("passes/*/receipts/*.json")))
    package.clean(library)
    assert len(list(library.glob("passes/*/receipts/*.json"))) == receipts
    assert len(list((library / NH2 / "shards").iterdir())) > 0
    pq.write_table(pa.table({"smiles": ["C"]}), library / NH2 / "products.parquet")
    package.clean(library, unfinished=True)
    assert not (library / OME).exists()
    assert (library / NH2 / "products.parquet").exists()
    assert (library / NH2 / "manifest.json").exists()
    (library / NH2 / "products.parquet").unlink()
    package.clean(library, unfinished=True)
    assert tree(library) == {}


def test_the_former_result_of_an_unfinished_job_goes_and_a_foreign_one_stays(library: Path) -> None:
    for job in (OME, NH2):
        unfinish(library, job)
    pq.write_table(pa.table({"smiles": ["mine"]}), library / NH2 / "products.parquet")
    package.clean(library, unfinished=True)
    assert not (library / OME).exists()
    assert pq.read_table(library / NH2 / "products.parquet")["smiles"].to_pylist() == ["mine"]
    assert not (library / NH2 / "manifest.json").exists()


def test_shards_of_done_jobs_go_when_asked_for(phenol_library: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    package.transform(phenol_library / "inputs" / "polyphenol-1X", library, rules=RULES, workers=1)
    package.dedup(library, keep_shards=True)
    report = package.clean(library)
    assert {waste.kind for waste in report.waste} == {Kind.RECEIPTS}
    assert {waste.kind for waste in report.offered} == {Kind.DONE_SHARDS}
    assert len(list(library.glob("*/shards/*.parquet"))) > 2
    results = tree(library / OME).keys() - {name for name in tree(library / OME) if name.startswith("shards/")}
    package.clean(library, shards=True)
    assert list(library.glob("*/shards")) == []
    assert set(tree(library / OME)) == results
    assert package.verify(library).wrong == []


def test_shards_without_a_manifest_are_stray(phenol_library: Path, tmp_path: Path) -> None:
    library = begun(phenol_library, tmp_path / "begun")
    (library / OME / "manifest.json").unlink()
    package.clean(library)
    assert not (library / OME).exists()
    assert (library / NH2 / "shards").exists()


def test_spill_files_elsewhere(library: Path, tmp_path: Path) -> None:
    spill = tmp_path / "fast-disk" / f".halodb-spill-{gone()}-3"
    spill.mkdir(parents=True)
    assert package.clean(library).waste == ()
    (waste,) = package.clean(library, temp_directory=spill.parent).waste
    assert waste.kind is Kind.SPILL
    assert list(spill.parent.iterdir()) == []


def test_it_waits_for_no_writer_and_wants_a_library(halodb: Run, library: Path, tmp_path: Path) -> None:
    litter(library)
    before = tree(library)
    with writing(library, sweeping=False):
        done = halodb("clean", library, "--yes")
        assert done.returncode == 1
        assert f"is being written to by process {os.getpid()}" in done.stderr
        with pytest.raises(LibraryError, match="is being written to"):
            package.find_leftovers(library)
    assert tree(library) == before
    assert "does not exist" in halodb("clean", tmp_path / "none").stderr
    make_input(tmp_path / "mine", ["C"], "my-compounds")
    with pytest.raises(LibraryError, match="holds nothing of halodb's"):
        package.clean(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["my-compounds"]


def test_on_a_terminal_it_asks(library: Path) -> None:
    pty = pytest.importorskip("pty")
    litter(library)
    for answer, left in ((b"n\n", True), (b"y\n", False)):
        leader, follower = pty.openpty()
        os.write(leader, answer)
        command = [sys.executable, "-m", "halodb", "clean", str(library)]
        done = subprocess.run(command, stdin=follower, capture_output=True, text=True, check=True, timeout=60)
        assert "Remove 80 B?" in done.stderr
        assert (library / "passes" / "parents").exists() is left
        os.close(leader)
        os.close(follower)
