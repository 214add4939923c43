"""Runs do not replace each other in the report: each keeps its record, and what a pass took is the sum of its parts."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest

import halodb
from halodb.jobs.state import State
from halodb.pipeline.record import read_record
from tests.conftest import Run
from tests.pipeline.runs import make_inputs, start, wait_for, wait_for_state


@pytest.fixture
def halodb_command(request: pytest.FixtureRequest) -> Run:
    command: Run = request.getfixturevalue("halodb")
    return command


JOB = "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe"


def test_a_run_that_finds_all_done_leaves_the_history_be(halodb_command: Run, tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 60), tmp_path / "library"
    first = halodb.run(library, inputs, workers=1, jobs=[JOB])
    second = halodb.run(library, inputs, workers=1, jobs=[JOB])
    assert [run.outcome for run in second.runs] == ["complete", "complete"]
    assert second.runs[0] == first.run
    assert (second.run, second.run.passes, second.passes) == (second.runs[1], (), first.passes)
    assert "2 runs, the newest of" in halodb_command("status", library).stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "outcome"),
    [(signal.SIGKILL, "killed"), (signal.SIGINT, "stopped")],
)
def test_parts_of_a_pass_add_up(tmp_path: Path, number: signal.Signals, outcome: str) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 30_000), tmp_path / "library"
    process = start(library, inputs, "--jobs", JOB)
    wait_for_state(library, "polyphenol-1X", State.TRANSFORMING, process)

    def has_products() -> bool:
        record = read_record(library)
        return record is not None and record.progress is not None and record.progress.products > 0

    wait_for(has_products, process)
    process.send_signal(number)
    process.wait(60)
    newest = halodb.read_status(library).run
    assert newest is not None
    assert newest.outcome == outcome
    last_words = halodb.read_status(library).last_words
    assert bool(last_words) is (outcome == "killed")
    assert all(re.match(r"\d{4}-\d\d-\d\d .*Z (INFO|WARNING) ", line) for line in last_words)
    time.sleep(0.1)
    report = halodb.run(library, inputs, workers=2, jobs=[JOB])
    assert [run.outcome for run in report.runs] == [outcome, "complete"]
    (first,), (second,), (both,) = (*(run.passes for run in report.runs), report.passes)
    assert (first.finished, second.finished, second.resumed) == (False, True, True)
    assert both.products == first.products + second.products
    assert both.transform_seconds == pytest.approx(first.transform_seconds + second.transform_seconds, abs=0.01)
    # What was done between the last word of the killed run and its end is in nobody's figures.
    assert 0.5 * report.totals.products <= both.products <= report.totals.products
