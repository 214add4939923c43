"""The report of a library as a page: always written, soon, and with what was lost."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb
from halodb.pipeline.page import write_page
from halodb.pipeline.report import JobSummary, PipelineReport, read_report
from tests.conftest import make_input


@pytest.fixture(scope="module")
def report(demo: Path) -> PipelineReport:
    found = read_report(demo / "library")
    assert found is not None
    return found


def page_of(library: Path) -> str:
    return (library / "report.html").read_text(encoding="utf-8")


def test_the_page_is_soon_there(own_demo: Path, report: PipelineReport) -> None:
    write_page(own_demo / "library", report)
    began = time.process_time()
    write_page(own_demo / "library", report)
    assert time.process_time() - began < 1.5
    assert page_of(own_demo / "library").count("<li>") >= 19


def test_the_page_is_written_whatever_cannot_be_drawn(
    own_demo: Path, report: PipelineReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = own_demo / "library"

    def fails(*_: object) -> None:
        raise MemoryError("no")

    monkeypatch.setattr("halodb.pipeline.page.write.samples_of", fails)
    (library / "memory_trace.parquet").write_bytes(b"PAR1")
    write_page(library, report)
    assert "left out, for they could not be made: molecules, memory" in page_of(library)
    monkeypatch.undo()
    monkeypatch.setattr("halodb.pipeline.page.write._DRAWING_SECONDS", 0.0)
    write_page(library, report)
    assert "19 more rules are not drawn here" in page_of(library)


def test_a_page_of_nothing_and_of_failures(tmp_path: Path, report: PipelineReport) -> None:
    jobs = (JobSummary(job="x<b>", class_name="lipid", k=1, rule="R", label="", state="failed", failure="no & disk"),)
    failures = tuple({"job": f"job-{number}", "reason": "<i>no room</i>. Free some."} for number in range(30))
    empty = report.model_copy(update={"jobs": jobs, "passes": (), "runs": ()})
    empty = PipelineReport.model_validate({**empty.model_dump(by_alias=True), "failures": failures})
    write_page(tmp_path, empty)
    text = page_of(tmp_path)
    assert "&lt;i&gt;no room&lt;/i&gt;. Free some." in text
    assert "30 jobs failed" in text
    assert "x&lt;b&gt;" in text


def test_what_was_lost_is_drawn(tmp_path: Path) -> None:
    make_input(tmp_path / "inputs", ["Oc1ccccc1F", "C1CC", "[2H]Oc1ccc(Cl)cc1", None, "<script>alert(1)</script>"])
    halodb.run(tmp_path / "library", tmp_path / "inputs", jobs=["*OMe"], workers=1)
    text = page_of(tmp_path / "library")
    assert "product is not a molecule" in text
    assert text.split('id="lost"')[1].count("<svg") == 1
    assert "C1CC" in text
    assert "<script>alert" not in text


def test_an_index_brings_distributions(own_demo: Path) -> None:
    library = own_demo / "library"
    for job in library.glob("polyphenol-2X_*"):
        shutil.rmtree(job)
    halodb.index(library, jobs=["lipid-*"], workers=1)
    halodb.rewrite_report(library)
    text = page_of(library)
    assert "products with an index (12 jobs)" in text
    assert text.count("Distribution of") == 9
    rows = sum(pq.ParquetFile(file).metadata.num_rows for file in library.glob("lipid-*/index.parquet"))
    assert f"{rows:,}" in text
    table = pa.concat_tables(
        pq.read_table(file, columns=["mol_weight"]) for file in library.glob("lipid-*/index.parquet")
    )
    assert table.num_rows == rows
