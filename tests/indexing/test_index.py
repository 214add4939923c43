"""Indexes beside results: whole or absent, the same bytes however they were made, and only used for what they are of."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.errors import HalodbWarning
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import read_manifest
from halodb.jobs.indexed import index_tag
from tests.chemistry.test_facts import told_by_rdkit
from tests.conftest import ACL, NH2, OME, Run, flip

JOBS = (ACL, NH2, OME)
INDEX = "index.parquet"


@pytest.fixture
def library(phenol_library: Path, tmp_path: Path) -> Path:
    """A finished library of three jobs, of one's own."""
    return (
        Path(shutil.copytree(phenol_library, tmp_path / "phenols", ignore=shutil.ignore_patterns(".halodb*")))
        / "library"
    )


def small_parts(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Many parts of few rows, in this process; workers are told what to do by their units."""
    monkeypatch.setattr("halodb.indexing.parts.PART_ROWS", rows)


def bytes_of(library: Path) -> list[bytes]:
    return [(library / job / INDEX).read_bytes() for job in JOBS]


def test_an_index_has_the_rows_of_the_result_and_what_rdkit_says_of_them(library: Path) -> None:
    report = package.index(library, workers=1)
    assert sorted(manifest.job for manifest in report.indexed) == sorted(JOBS)
    for job in JOBS:
        result, index = (pq.ParquetFile(library / job / name).read() for name in (PRODUCTS_FILE, INDEX))
        assert index.select(result.column_names).equals(result.cast(index.select(result.column_names).schema))
        for row in index.to_pylist()[::40]:
            told = told_by_rdkit(row["smiles"])
            assert told is not None
            assert {name: row[name] for name in told._fields[2:]} == dict(zip(told._fields[2:], told[2:], strict=True))
            words = [row[f"screen_{word}"] for word in range(8)], [row[f"morgan_{word:02}"] for word in range(16)]
            assert [b"".join(each.to_bytes(8, "little") for each in part) for part in words] == [*told[:2]]
    left = library / OME / "index" / "0000000000.0123456789ab.parquet"  # as of a kill after the manifest was written
    left.parent.mkdir()
    left.touch()
    again = package.index(library)
    assert (again.indexed, again.rows, sorted(again.already)) == ((), 0, sorted(JOBS))
    assert not left.parent.exists()


@pytest.mark.slow
def test_bytes_do_not_depend_on_workers_or_parts_or_a_kill(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, killed = (
        Path(shutil.copytree(library.parent, library.parents[1] / name)) / "library" for name in ("b", "c")
    )
    package.index(library, workers=1)
    small_parts(monkeypatch, 37)
    package.index(other, workers=2)
    assert bytes_of(other) == bytes_of(library)
    code = "import sys, halodb.indexing.parts as parts, halodb; parts.PART_ROWS = 5\nif __name__ == '__main__': halodb.index(sys.argv[1], workers=2)"
    (killed.parent / "run.py").write_text(code, encoding="utf-8")
    for enough in (3, 30, 60):
        process = subprocess.Popen(
            [sys.executable, str(killed.parent / "run.py"), str(killed)], cwd=Path(__file__).parents[2]
        )
        while process.poll() is None and len(list(killed.glob("*/index/*.parquet"))) < enough:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        process.wait()
        assert all(len(pq.ParquetFile(file).read()) for file in killed.glob("*/index.parquet"))
    small_parts(monkeypatch, 5)
    report = package.index(killed, workers=1)
    rows = sum(pq.read_metadata(killed / job / PRODUCTS_FILE).num_rows for job in JOBS)
    assert report.rows < rows - 100
    assert bytes_of(killed) == bytes_of(library)
    assert not list(killed.glob("*/index"))


def test_an_index_of_another_result_is_told_and_not_used(library: Path) -> None:
    package.index(library, workers=1)
    manifest = library / OME / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["index"]["tag"] = "0" * 12  # as of another result, or of another RDKit
    manifest.write_text(json.dumps(content), encoding="utf-8")
    query = "SELECT count(*) FROM products WHERE substructure(smiles, 'c[OX2H]')"
    with pytest.warns(HalodbWarning, match=f"the index of {OME} is of another result, RDKit or halodb"):
        opened = package.open(library)
    with opened:
        assert opened.sql("SELECT count(*) FROM internal.indexed_rows WHERE screen_0 IS NULL").fetchall()[0][0] > 0
        first = opened.sql(query).fetchall()
    assert [manifest.job for manifest in package.index(library, workers=1).indexed] == [OME]
    with package.open(library) as opened:
        assert opened.sql(query).fetchall() == first


def test_a_result_made_anew_loses_its_index(library: Path) -> None:
    package.index(library, workers=1)
    source = library.parent / "inputs" / "polyphenol-1X"
    rule = OME.partition("_")[2]
    limits = package.Limits(max_heavy_atoms=15)
    package.transform(source, library, rules=[rule], workers=1, replace=True, limits=limits)
    package.dedup(library)
    with pytest.warns(HalodbWarning, match=f"the index of {OME} is of another result"), package.open(library) as opened:
        opened.sql("SELECT 1").fetchall()
    (found,) = [waste for waste in package.find_leftovers(library).waste if waste.kind == "index files without use"]
    assert found.path == library / OME / INDEX
    package.clean(library)
    assert not (library / OME / INDEX).exists()
    assert (library / NH2 / INDEX).exists()


def test_verify_finds_a_flipped_bit_and_a_lost_index(library: Path) -> None:
    package.index(library, workers=1)
    assert package.verify(library).wrong == []
    flip(library / OME / INDEX, 0.4)
    (library / NH2 / INDEX).unlink()
    told = {verdict.job: verdict.problems for verdict in package.verify(library).wrong}
    assert told == {
        OME: (f"{library / OME / INDEX}: its bytes are not those that were written",),
        NH2: (f"{library / NH2 / INDEX}: it is gone, or is not the one that was written",),
    }


def test_parts_of_other_indexes_are_cleaned_and_those_it_goes_on_with_are_kept(library: Path) -> None:
    package.index(library, jobs=[NH2], workers=1)
    manifest = read_manifest(library / OME)
    assert manifest is not None
    useful = library / OME / "index" / f"0000000000.{index_tag(manifest)}.parquet"
    stray = [library / job / "index" / f"0000000000.{'0' * 12}.parquet" for job in (OME, NH2)]
    for file in (useful, *stray):
        file.parent.mkdir(exist_ok=True)
        shutil.copyfile(library / NH2 / INDEX, file)
    assert sum(waste.file_count for waste in package.clean(library).waste) == 2
    assert [file.exists() for file in (useful, *stray, library / NH2 / INDEX)] == [True, False, False, True]
    assert package.verify(library).wrong == []


@pytest.mark.slow
def test_inchikeys_are_noted_where_asked_for_and_found_without_computing(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package.index(library, workers=1)
    assert len(package.index(library, workers=1, inchikeys=True).indexed) == 3
    monkeypatch.setattr("halodb.finding.inchikeys._MOST_COMPUTED", 0)
    with package.open(library) as opened:
        rows = opened.sql("SELECT id, inchikey(smiles) FROM products USING SAMPLE 5 ROWS (reservoir, 1)").fetchall()
    report = package.find(library, [key for _, key in rows])
    assert all(made in {hit.id for hit in answer.hits} for (made, _), answer in zip(rows, report.answers, strict=True))


@pytest.mark.slow
def test_the_command_and_the_status(halodb: Run, library: Path) -> None:
    done = halodb("index", library, "--workers", 1, "--jobs", "*OMe")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 jobs indexed, 0 already" in done.stderr
    assert json.loads(halodb("status", library, "--json").stdout)["indexed"] == 1
    assert halodb("index", library, "--jobs", "none").returncode == 2
    assert halodb("index", library / "nowhere").returncode == 1
