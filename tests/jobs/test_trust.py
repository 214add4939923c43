"""A library may come from somebody else: names in it do not lead out of it, links are not followed, copies do not count."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import halodb as package
from halodb.errors import HalodbWarning, LibraryError, NewerVersionError
from halodb.halogenation.parents import RECORD_FILE as PARENTS_FILE
from halodb.pipeline.record import RECORD_FILE
from halodb.pipeline.report import REPORT_FILE
from tests.conftest import ACL, NH2, OME, Run, make_input, rows_of, some

RULES = [job.partition("_")[2] for job in (OME, NH2, ACL)]


@pytest.fixture
def library(phenol_library: Path, tmp_path: Path) -> Path:
    """A copy of three finished jobs."""
    return Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))


@pytest.fixture
def transformed(phenol_library: Path, tmp_path: Path) -> Path:
    """Three jobs that wait for dedup, beside files of somebody's."""
    library = tmp_path / "transformed"
    package.transform(phenol_library / "inputs" / "polyphenol-1X", library, rules=RULES, workers=1)
    return library


def precious(place: Path) -> Path:
    """A directory outside of the library, with files of the names that halodb writes and removes."""
    for name in ("precious.txt", "products.parquet", "shards/0000000000-0000000480.0.parquet", "receipts/x.json"):
        path = place / "precious" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("precious", encoding="utf-8")
    return place / "precious"


def untouched(place: Path) -> bool:
    files = [path for path in place.rglob("*") if path.is_file()]
    return len(files) == 4 and all(path.read_text(encoding="utf-8") == "precious" for path in files)


def edit(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


OUT = ["../precious", "..", "/etc", "..\\precious", "C:precious", "a/b", "", "."]


@pytest.mark.parametrize("name", some(OUT))
def test_a_manifest_that_names_another_place(transformed: Path, name: str) -> None:
    """Neither dedup nor clean goes there; the other jobs are done."""
    outside = precious(transformed.parent)
    edit(transformed / OME / "manifest.json", lambda manifest: manifest.update(job=name))
    with pytest.raises(LibraryError, match="is damaged"):
        package.dedup(transformed)
    package.dedup(transformed, jobs=[NH2])
    package.clean(transformed, unfinished=True, shards=True)
    assert untouched(outside)
    assert sorted(rows_of(transformed)) == [NH2]


@pytest.mark.parametrize("field", ["class", "rules", "files"])
def test_other_fields_that_would_lead_out(library: Path, field: str) -> None:
    outside = precious(library.parent)
    wrong = {"class": "../../precious", "rules": [], "files": [{"file": "../p", "rows": 1, "bytes": 1, "digest": ""}]}
    edit(library / OME / "manifest.json", lambda manifest: manifest.update({field: wrong[field]}))
    verdict = package.verify(library).wrong
    assert [(one.job, "is damaged" in one.problems[0]) for one in verdict] == [(OME, True)]
    package.clean(library, unfinished=True, shards=True)
    assert untouched(outside)


def test_a_receipt_that_names_a_file_outside(transformed: Path, phenol_library: Path) -> None:
    """It is as good as none: its unit is made again, and what it names is left alone."""
    outside = precious(transformed.parent)
    (receipt,) = (transformed / "passes" / "polyphenol-1X" / "receipts").glob("*.json")
    text = receipt.read_text(encoding="utf-8")
    receipt.write_text(
        text.replace("0000000000-0000000480.0.parquet", "../../../precious/precious.txt"), encoding="utf-8"
    )
    with pytest.raises(LibraryError, match="missing or damaged"):
        package.dedup(transformed)
    package.transform(phenol_library / "inputs" / "polyphenol-1X", transformed, rules=RULES, workers=1)
    package.dedup(transformed)
    assert untouched(outside)
    assert rows_of(transformed) == rows_of(phenol_library / "library")


LINKS = [
    OME,
    f"{OME}/shards",
    "passes",
    "passes/polyphenol-1X",
    "passes/polyphenol-1X/receipts",
    "passes/polyphenol-1X/working",
]


@pytest.mark.skipif(sys.platform == "win32", reason="to make a link wants a privilege on Windows")
@pytest.mark.parametrize("link", some(LINKS, 3))
def test_links_out_of_a_library_are_not_written_through(transformed: Path, phenol_library: Path, link: str) -> None:
    outside = precious(transformed.parent)
    place = transformed / link
    shutil.rmtree(place, ignore_errors=True)
    place.symlink_to(outside, target_is_directory=True)
    source = phenol_library / "inputs" / "polyphenol-1X"
    for attempt in (
        lambda: package.dedup(transformed),
        lambda: package.clean(transformed, unfinished=True, shards=True),
        lambda: package.transform(source, transformed, rules=RULES, workers=1, replace=True),
        lambda: package.run(transformed, phenol_library / "inputs", workers=1, replace=True),
    ):
        with pytest.raises(LibraryError, match="is a link to"):
            attempt()
    assert untouched(outside)
    place.unlink()
    package.transform(source, transformed, rules=RULES, workers=1, replace=True)
    package.dedup(transformed)
    assert rows_of(transformed) == rows_of(phenol_library / "library")


@pytest.mark.skipif(sys.platform == "win32", reason="to make a link wants a privilege on Windows")
def test_what_lies_in_a_spill_directory_is_removed_and_not_what_it_leads_to(library: Path) -> None:
    outside = precious(library.parent)
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    spill = library / f".halodb-spill-{int(gone.stdout)}-0"
    (spill / "deep" / "empty").mkdir(parents=True)
    (spill / "deep" / "file.tmp").write_bytes(b"12345")
    (spill / "away").symlink_to(outside, target_is_directory=True)
    (spill / "dangling").symlink_to(outside / "none")
    (spill / "to a file").symlink_to(outside / "precious.txt")
    assert package.clean(library).removed
    assert not spill.exists()
    assert untouched(outside)
    assert package.clean(library).waste == ()


def test_a_copied_job_counts_once_and_is_told(halodb: Run, library: Path) -> None:
    with package.open(library) as opened:
        before = opened.sql("SELECT count(*) FROM products").fetchall()
    shutil.copytree(library / OME, library / f"{OME}.bak")
    shutil.copytree(library / OME, library / "old")
    with pytest.warns(HalodbWarning, match="of the job"):
        opened = package.open(library)
    with opened:
        assert opened.sql("SELECT count(*) FROM products").fetchall() == before
        assert opened.sql("SELECT count(*) FROM jobs").fetchall() == [(3,)]
    done = halodb("sql", "SELECT count(*) AS n FROM products", "-l", library, "--format", "csv")
    assert done.stdout.split() == ["n", str(before[0][0])]
    assert done.stderr.count("It is left out.") == 2
    assert {one.job for one in package.verify(library).wrong} == {f"{OME}.bak", "old"}


def test_a_job_copied_over_another_is_not_taken_for_it(library: Path, phenol_library: Path) -> None:
    shutil.rmtree(library / NH2)
    shutil.copytree(library / OME, library / NH2)
    source = phenol_library / "inputs" / "polyphenol-1X"
    with pytest.raises(LibraryError, match=r"has a manifest\.json of another job"):
        package.transform(source, library, rules=RULES, workers=1)
    package.transform(source, library, rules=RULES, workers=1, replace=True)
    package.dedup(library)
    assert rows_of(library) == rows_of(phenol_library / "library")


@pytest.mark.parametrize("file", [f"{OME}/manifest.json", RECORD_FILE, REPORT_FILE])
def test_what_a_newer_halodb_wrote_is_left_alone(tmp_path: Path, phenol_library: Path, file: str) -> None:
    library, inputs = tmp_path / "library", phenol_library / "inputs"
    package.run(library, inputs, workers=1, jobs=[OME])
    edit(library / file, lambda document: document.update(version=99, job=["of", "another", "form"]))
    before = (library / file).read_bytes()
    with pytest.raises(NewerVersionError, match="was written by a newer halodb"):
        package.run(library, inputs, workers=1, jobs=[OME], replace=True)
    if file != REPORT_FILE:
        with pytest.raises(NewerVersionError, match="was written by a newer halodb"):
            package.read_status(library)
    if "manifest" in file:
        with pytest.raises(NewerVersionError):
            package.clean(library, unfinished=True)
        with pytest.raises(NewerVersionError):
            package.open(library)
        with pytest.raises(NewerVersionError):
            package.transform(inputs / "polyphenol-1X", library, rules=RULES, workers=1, replace=True)
    assert (library / file).read_bytes() == before


def test_a_receipt_of_a_newer_halodb_is_left_alone(transformed: Path, phenol_library: Path) -> None:
    (receipt,) = (transformed / "passes" / "polyphenol-1X" / "receipts").glob("*.json")
    edit(receipt, lambda document: document.update(version=3))
    before = receipt.read_bytes()
    for attempt in (lambda: package.dedup(transformed), lambda: package.clean(transformed)):
        with pytest.raises(NewerVersionError):
            attempt()
    assert receipt.read_bytes() == before


def test_parents_of_a_newer_halodb_are_left_alone(tmp_path: Path) -> None:
    parents, output = tmp_path / "parents.smi", tmp_path / "inputs"
    parents.write_text("Oc1ccccc1\n", encoding="utf-8")
    package.halogenate(parents, output, depth=1, workers=1)
    edit(output / PARENTS_FILE, lambda document: document.update(version=2))
    with pytest.raises(NewerVersionError):
        package.halogenate(parents, output, depth=1, workers=1, replace=True)


def test_an_input_that_lost_its_manifest_still_answers(tmp_path: Path) -> None:
    """Nothing tells where its rows come from, which is said."""
    source = make_input(tmp_path / "inputs", ["Oc1ccccc1F"])
    package.transform(source, tmp_path / "library", rules=RULES[:1], workers=1)
    package.dedup(tmp_path / "library")
    (source.parent / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.warns(HalodbWarning, match="Nothing tells what"):
        opened = package.open(tmp_path / "library")
    with opened:
        assert opened.sql("SELECT parent_smiles FROM derivations").fetchall() == [("Oc1ccccc1F",)]
