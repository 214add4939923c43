"""`halodb run`: all jobs are done, and what cannot be done is told and takes nothing else along."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb
from halodb.errors import UsageError
from halodb.jobs import load_manifests
from halodb.pipeline import PipelineReport
from halodb.pipeline.report import read_report
from halodb.workers.listener import Listener
from tests.conftest import Run, make_input, rows_of
from tests.pipeline.runs import JOBS, make_inputs, start, wait_for


def test_all_118_jobs_from_start_to_report(demo: Path) -> None:
    library = demo / "library"
    report = read_json(library)
    assert (report["version"], report["totals"]["jobs"], report["totals"]["done"]) == (1, 118, 118)
    assert report["failures"] == []
    assert [one["rows"] for one in report["passes"]] == sorted(one["rows"] for one in report["passes"])
    assert {one["input"] for one in report["passes"]} == {name.partition("_FG_")[0] for name in rows_of(library)}
    for job in report["jobs"]:
        assert job["unique"] == pq.ParquetFile(library / job["job"] / "products.parquet").metadata.num_rows
        assert job["products"] == job["unique"] + job["duplicates"]
        assert job["parents"] > 0
        assert job["checksum"]
    page = (library / "report.html").read_text(encoding="utf-8")
    assert "polyphenol-2X_FG_PHENOL_OH__OH__TO__OMe" in page
    trace = pq.read_table(library / "memory_trace.parquet")
    assert set(trace.column("role").to_pylist()) == {"main", "worker"}


def test_a_run_makes_what_transform_and_dedup_make(demo: Path, tmp_path: Path) -> None:
    halodb.transform(demo / "inputs" / "polyphenol-1X", tmp_path, workers=2)
    halodb.dedup(tmp_path)
    made = rows_of(tmp_path)
    assert len(made) == 16
    assert made == {job: rows for job, rows in rows_of(demo / "library").items() if job in made}


def test_a_finished_library_is_left_as_it_is(halodb: Run, own_demo: Path) -> None:
    library = own_demo / "library"
    before = {path: path.stat().st_mtime_ns for path in library.glob("*_FG_*/*")}
    report = read_json(library)
    done = halodb("run", library, "--inputs", own_demo / "inputs", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert "118 of 118 jobs done, 0 failed" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in library.glob("*_FG_*/*")} == before
    assert read_json(library)["passes"] == report["passes"]


def read_json(library: Path) -> Any:
    return json.loads((library / "transform_pipeline_report.json").read_text(encoding="utf-8"))


def test_the_documented_schema_is_that_of_the_report() -> None:
    documented = Path(__file__).parents[2] / "docs" / "transform_pipeline_report.schema.json"
    assert json.loads(documented.read_text(encoding="utf-8")) == PipelineReport.model_json_schema(mode="serialization")


@pytest.mark.slow
def test_a_pattern_selects_jobs(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 50), tmp_path / "library"
    report = halodb.run(library, inputs, jobs=["*__TO__OMe", "lipid-1X_*NHMe"], workers=1)
    assert [job.job for job in report.jobs] == [
        "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe",
        "lipid-1X_FG_AMINE_ALIPH__NH2__TO__NHMe",
    ]
    with pytest.raises(UsageError, match="Did you mean lipid-1X_FG_AMINE_ALIPH__NH2__TO__NHMe"):
        halodb.run(library, inputs, jobs=["lipid-1X_FG_AMINE_ALIPH__NH2__TO__NHMo"])


@pytest.mark.slow
def test_an_input_that_cannot_be_read_fails_its_jobs_and_no_other(halodb: Run, tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 100), tmp_path / "library"
    damaged = inputs / "aa_peptide-2X" / "products.parquet"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-20])
    done = halodb("run", library, "-i", inputs, "-w", 1, "-q")
    assert done.returncode == 1
    assert f"{JOBS - 15} of {JOBS} jobs done, 15 failed" in done.stderr
    report = read_report(library)
    assert report is not None
    assert len(report.failures) == 15
    assert all("is cut short" in failure.reason for failure in report.failures)
    damaged.write_bytes(whole)
    assert halodb("run", library, "-i", inputs, "-w", 1, "-q").returncode == 0
    assert len(rows_of(library)) == JOBS


@pytest.mark.slow
def test_damage_inside_an_input_fails_its_jobs_and_no_other(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 5000), tmp_path / "library"
    damaged = inputs / "polyphenol-1X" / "products.parquet"
    content = damaged.read_bytes()
    damaged.write_bytes(content[:4] + b"\xff" * 200 + content[204:])
    report = halodb.run(library, inputs, workers=2)
    assert (report.totals.done, report.totals.failed) == (JOBS - 16, 16)
    assert "is damaged near row" in report.failures[0].reason


def test_what_changed_is_made_anew_and_nothing_else(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 100), tmp_path / "library"
    halodb.run(library, inputs, workers=1)
    before = {manifest.job: manifest for manifest in load_manifests(library)}
    make_input(inputs, ["CCCCCCN", "CCCCCN"], "lipid-1X")
    words: list[str] = []
    report = halodb.run(library, inputs, workers=1, listener=Listener(message=words.append))
    after = {manifest.job: manifest for manifest in load_manifests(library)}
    assert report.complete
    assert {job for job in after if after[job] != before[job]} == {job for job in after if job.startswith("lipid")}
    (word,) = words
    assert word.startswith("lipid-1X_FG_AMINE_ALIPH__NH2__TO__NHMe and 5 more was made from another input")
    assert len(rows_of(library)["lipid-1X_FG_AMINE_ALIPH__NH2__TO__NHMe"]) == 2


@pytest.mark.slow
def test_another_form_of_a_rule_makes_its_jobs_anew(tmp_path: Path) -> None:
    inputs, library, rules = make_inputs(tmp_path / "inputs", 50), tmp_path / "library", tmp_path / "mine.yaml"
    text = (Path(__file__).parents[2] / "configs" / "transforms.yaml").read_text(encoding="utf-8")
    rules.write_text(text, encoding="utf-8")
    halodb.run(library, inputs, workers=1, rule_file=rules)
    rules.write_text(text.replace(">>[C:1](=[O:2])Cl", ">>[C:1](=[O:2])Br"), encoding="utf-8")
    words: list[str] = []
    halodb.run(library, inputs, workers=1, rule_file=rules, listener=Listener(message=words.append))
    assert len(words) == 3
    assert all("COOH__TO__COCl was made from another form of its rule; made anew." in word for word in words)


@pytest.mark.slow
def test_a_manifest_that_cannot_be_read_is_made_anew(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 50), tmp_path / "library"
    halodb.run(library, inputs, workers=1)
    expected = rows_of(library)
    (library / "lipid-1X_FG_CARBOXYL__COOH__TO__COCl" / "manifest.json").write_bytes(b'{"state": ')
    words: list[str] = []
    assert halodb.run(library, inputs, workers=1, listener=Listener(message=words.append)).complete
    assert len(words) == 1
    assert "has a manifest.json that cannot be read" in words[0]
    assert rows_of(library) == expected


@pytest.mark.slow
def test_a_result_of_another_program_is_left_alone_or_set_aside(halodb: Run, tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 50), tmp_path / "library"
    job = library / "lipid-1X_FG_CARBOXYL__COOH__TO__COCl"
    job.mkdir(parents=True)
    theirs = pa.table({"canonical_smiles": ["CCC(=O)Cl"]})
    pq.write_table(theirs, job / "products.parquet")
    done = halodb("run", library, "-i", inputs, "-w", 1, "-q")
    assert done.returncode == 1
    assert "has a products.parquet that halodb did not make" in done.stderr
    assert f"{JOBS - 1} of {JOBS} jobs done, 1 failed" in done.stderr
    assert pq.read_table(job / "products.parquet").equals(theirs)
    assert halodb("run", library, "-i", inputs, "-w", 1, "-q", "--replace").returncode == 0
    assert pq.read_table(job / "products.aside-1.parquet").equals(theirs)
    assert len(rows_of(library)) == JOBS


@pytest.mark.slow
def test_a_second_run_on_a_library_is_refused_with_the_process_of_the_first(halodb: Run, tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs"), tmp_path / "library"
    first = start(library, inputs)
    wait_for((library / "run.json").exists, first)
    second = halodb("run", library, "-i", inputs, "-q")
    assert second.returncode == 1
    assert f"is being written to by process {first.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert first.communicate(timeout=240)[1].startswith(f"{JOBS} of {JOBS} jobs done")


def test_kept_shards_stay(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 50), tmp_path / "library"
    halodb.run(library, inputs, jobs=["polyphenol-*OMe"], workers=1, keep_shards=True)
    assert list(library.glob("*OMe/shards/*.parquet"))


def test_dry_run_touches_nothing(halodb: Run, tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path / "inputs", 50)
    done = halodb("run", tmp_path / "library", "-i", inputs, "--dry-run", "-w", 1)
    assert done.returncode == 0, done.stderr
    assert f"{JOBS} jobs, 0 done already" in done.stdout
    assert not (tmp_path / "library").exists()


def test_no_inputs(halodb: Run, tmp_path: Path) -> None:
    done: subprocess.CompletedProcess[str] = halodb("run", tmp_path / "library", "-i", tmp_path)
    assert done.returncode == 1
    assert "holds no input" in done.stderr
    assert not (tmp_path / "library").exists()
