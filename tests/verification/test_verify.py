"""`halodb verify` finds what is wrong with a job, wherever it is, and one job's damage hides no other's."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.engine import connect
from halodb.errors import LibraryError, UsageError
from halodb.jobs import job_directories, read_manifest, write_manifest
from halodb.jobs.state import State
from halodb.verification import verify_job
from halodb.verification.verify import shared_out
from tests.conftest import ACL, NH2, OME, Run, flip, some
from tests.pipeline.runs import tree, wait_for


@pytest.fixture
def library(phenol_library: Path, tmp_path: Path) -> Path:
    """A copy of three finished jobs."""
    return Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))


def rewrite(file: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Write a file again with other rows and the same metadata."""
    table = pq.read_table(file)
    metadata = pq.ParquetFile(file).metadata.metadata
    pq.write_table(change(table).replace_schema_metadata(metadata), file)


def with_first_key(table: pa.Table, smiles: str) -> pa.Table:
    keys = pa.array([smiles, *table["smiles"].to_pylist()[1:]])
    return table.set_column(0, "smiles", keys)


def problems(library: Path, job: str = OME) -> list[str]:
    """What is wrong with a job; with the others nothing may be."""
    report = package.verify(library)
    assert [verdict.job for verdict in report.wrong] in ([], [job])
    return [problem for verdict in report.wrong for problem in verdict.problems]


def test_a_whole_library_is_whole(halodb: Run, library: Path) -> None:
    done = halodb("verify", library, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [(job["job"], job["state"], job["problems"]) for job in report["jobs"]] == [
        (job, "done", []) for job in sorted((OME, NH2, ACL))
    ]
    assert done.stderr.splitlines()[-1].startswith("3 jobs whole, 0 with something wrong, 0 not finished")


def test_the_demo_is_whole_with_every_key_looked_at(demo: Path) -> None:
    assert package.verify(demo / "library", jobs=["terpenoid-*"], sample=10**9).wrong == []
    assert package.verify(demo / "inputs", jobs=["lipid-*"], sample=10**9).wrong == []


@pytest.mark.parametrize("file", ["products.parquet", "rejects.parquet"])
@pytest.mark.parametrize("place", some([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.9999]))
def test_a_flipped_byte_is_found(library: Path, file: str, place: float) -> None:
    path = library / OME / file
    flip(path, place)
    found = problems(library)
    assert found
    assert all(str(path) in problem for problem in found)


@pytest.mark.parametrize("file", ["products.parquet", "rejects.parquet"])
def test_a_file_that_is_cut_short_empty_or_missing_is_found(library: Path, file: str) -> None:
    path = library / OME / file
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    assert problems(library) == [f"{path} is cut short: its Parquet footer is missing"]
    path.write_bytes(b"")
    assert problems(library) == [f"{path} is empty (0 bytes)"]
    path.unlink()
    assert problems(library) == [f"{path} does not exist"]


def test_doubled_rows_are_found_with_their_key(library: Path) -> None:
    path = library / OME / "products.parquet"
    key = pq.read_table(path)["smiles"][2].as_py()
    rewrite(path, lambda table: pa.concat_tables([table, table.slice(2, 1)]))
    rows, doubled = pq.read_metadata(path).num_rows, problems(library)[-1]
    assert "1 keys are there more than once (1 rows too many)" in doubled
    assert f"such as {key} in rows 2 and {rows - 1}" in doubled
    assert f"it has {rows:,} rows, and its manifest says {rows - 1:,}" in problems(library)[0]


def test_a_missing_row_and_another_row_are_found(library: Path) -> None:
    path = library / OME / "products.parquet"
    whole = path.read_bytes()
    rewrite(path, lambda table: table.slice(1))
    (found,) = problems(library)
    assert "rows, and its manifest says" in found
    path.write_bytes(whole)
    rewrite(path, lambda table: with_first_key(table, "CCCCCCO"))
    (found,) = problems(library)
    assert "its rows are not those written: checksum" in found


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("C(O)C", "which is written CCO by RDKit"),
        ("C1CC", "which is not a molecule by RDKit"),
        ("", "1 keys are empty, the first in row 0"),
    ],
)
def test_a_key_that_is_none_is_found(library: Path, key: str, told: str) -> None:
    path = library / OME / "products.parquet"
    rewrite(path, lambda table: with_first_key(table, key))
    assert any(told in problem for problem in problems(library))


def test_wrong_columns_are_found(library: Path) -> None:
    path = library / OME / "products.parquet"
    whole = path.read_bytes()
    rewrite(path, lambda table: table.rename_columns({"smiles": "SMILES"}))
    assert "it has no column smiles (its columns: SMILES, " in problems(library)[-1]
    path.write_bytes(whole)
    rewrite(path, lambda table: table.set_column(1, "parent_row", pc.cast(table["parent_row"], pa.string())))
    assert "its column parent_row holds string, not int64" in problems(library)[-1]


def test_rows_in_another_order_are_the_same_rows(library: Path) -> None:
    path = library / OME / "products.parquet"
    rewrite(path, lambda table: table.take(list(range(len(table)))[::-1]))
    assert problems(library) == []


def test_a_manifest_that_tells_something_else_is_found(library: Path) -> None:
    manifest = read_manifest(library / OME)
    assert manifest is not None
    counts = manifest.counts
    for changes, told in (
        ({"counts": counts.model_copy(update={"unique": 7})}, "its manifest says 7"),
        ({"counts": counts.model_copy(update={"rejects": {"empty SMILES": 1}})}, "says 1 rejects (1 empty SMILES)"),
        ({"fingerprint": "0123"}, "it is of another run: its fingerprint is"),
        ({"checksum": "0"}, "its rows are not those written"),
        ({"job": NH2}, f"is of the job {NH2}"),
    ):
        write_manifest(library / OME, manifest.model_copy(update=changes))
        assert any(told in problem for problem in problems(library)), told


def test_every_job_is_told_whatever_is_wrong_with_the_others(halodb: Run, library: Path) -> None:
    (library / ACL / "manifest.json").write_text("{", encoding="utf-8")
    (library / OME / "manifest.json").unlink()
    flip(library / NH2 / "products.parquet", 0.3)
    done = halodb("verify", library)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert "manifest.json is damaged" in next(line for line in lines if line.startswith(ACL))
    assert "no manifest.json, so no query sees it" in next(line for line in lines if line.startswith(OME))
    assert "products.parquet" in next(line for line in lines if line.startswith(NH2))
    assert lines[-1].startswith("0 jobs whole, 3 with something wrong")


@pytest.mark.slow
def test_the_report_does_not_depend_on_the_workers(halodb: Run, own_demo: Path) -> None:
    """With so many keys to look at that there are two, and damage in the first job and in the last."""
    jobs = sorted(path.parent.name for path in (own_demo / "library").glob("terpenoid-*/products.parquet"))
    (own_demo / "library" / jobs[0] / "manifest.json").unlink()
    flip(own_demo / "library" / jobs[-1] / "products.parquet", 0.5)
    told = []
    for workers in (1, 2):
        done = halodb(
            "verify", own_demo / "library", "--jobs", "terpenoid-*", "--sample", 10**6, "-w", workers, "--json"
        )
        assert done.returncode == 1
        report = json.loads(done.stdout)
        del report["seconds"]
        told.append((report, done.stderr.splitlines()[:-1]))
    assert told[0] == told[1]
    assert [job["job"] for job in told[0][0]["jobs"]] == jobs
    assert len(told[0][1]) >= 2


def test_the_keys_that_are_looked_at_are_few_however_many_jobs_there_are(demo: Path) -> None:
    """The demo's 118 jobs take 10 keys each at the least, and share 2,000 by their rows."""
    jobs = job_directories(demo / "library")
    cases = shared_out(jobs, 2000)
    assert sum(min(case.sample, case.rows) for case in cases) <= 2000 + 11 * 118
    assert all(case.sample >= 10 for case in cases)
    assert max(cases, key=lambda case: case.sample).rows == max(case.rows for case in cases)
    assert {case.sample for case in shared_out(jobs, 0)} == {0}


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
def test_ctrl_c_ends_it_in_one_line(demo: Path) -> None:
    command = [sys.executable, "-m", "halodb", "verify", demo / "library", "--sample", "1000000", "-w", "2"]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(tree(process.pid)) > 2, process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors.splitlines() == [errors.strip()]
    assert errors.startswith("halodb: stopped.")


@pytest.mark.slow
def test_a_worker_that_is_killed_takes_no_verdict_along(own_demo: Path) -> None:
    command = [sys.executable, "-m", "halodb", "verify", own_demo / "library", "--sample", "1000000", "-w", "2", "-q"]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(tree(process.pid)) > 2, process)
    time.sleep(2)  # workers have begun
    for worker in tree(process.pid)[1:2]:
        worker.kill()
    _, errors = process.communicate(timeout=200)
    assert errors.splitlines()[-1].startswith("118 jobs whole"), errors


def test_unfinished_jobs_are_told_and_not_wrong(halodb: Run, library: Path) -> None:
    manifest = read_manifest(library / OME)
    assert manifest is not None
    write_manifest(library / OME, manifest.moved(State.TRANSFORMING))
    done = halodb("verify", library)
    assert done.returncode == 0
    assert f"{OME}: not finished (transforming)" in done.stderr


def test_jobs_by_name_and_pattern(library: Path) -> None:
    flip(library / OME / "products.parquet", 0.3)
    assert [job.job for job in package.verify(library, jobs=[f"*{NH2[-10:]}"]).jobs] == [NH2]
    assert package.verify(library, jobs=["*CARBOXYL*", NH2]).wrong == []
    with pytest.raises(UsageError, match="has no job NOPE"):
        package.verify(library, jobs=["NOPE"])
    with pytest.raises(LibraryError, match="holds no job"):
        package.verify(library / OME)


def test_what_dedup_has_just_read_is_not_read_again(library: Path) -> None:
    manifest = read_manifest(library / OME)
    assert manifest is not None
    with connect(library, 10**9) as connection:
        assert verify_job(manifest, library, connection) == []
        changed = manifest.model_copy(update={"checksum": "0"})
        assert verify_job(changed, library, connection, sample=10) == []
        assert len(verify_job(changed, library, connection, sample=10, reread=True)) == 1
        assert verify_job(manifest.moved(State.TRANSFORMED), library, connection) == []


def test_the_place_of_a_library_is_no_part_of_its_content(library: Path, tmp_path: Path) -> None:
    shutil.copytree(library, tmp_path / "k=2" / "a[1]")
    assert package.verify(tmp_path / "k=2" / "a[1]").wrong == []


def test_a_little_memory_is_enough(tmp_path: Path, library: Path) -> None:
    """Two million keys, one of them twice, under the smallest budget."""
    path = library / OME / "products.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'C' || (range % 1999999) AS smiles, range AS parent_row, 0::INTEGER AS site, "
            "1::INTEGER AS sources, 'polyphenol' AS class, 1::TINYINT AS k, 'r' AS rule, 'f' AS family, 'l' AS label "
            f"FROM range(2000000)) TO '{path}' (FORMAT parquet)"
        )
    (verdict,) = package.verify(library, jobs=[OME], memory="320MiB", sample=0).wrong
    assert "such as C0 in rows 0 and 1999999" in verdict.problems[-1]
