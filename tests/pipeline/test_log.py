"""What happened can be read back: `halodb.log` in the library tells each run, with what went wrong in it."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import time
from pathlib import Path

import psutil

import halodb as package
from halodb.jobs.state import State
from halodb.log import log_to
from tests.conftest import Run
from tests.pipeline.runs import make_inputs, start, tree, wait_for, wait_for_state

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ (INFO|WARNING|ERROR) \S.*")
JOB = "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe"


def lines(library: Path) -> list[str]:
    return (library / "halodb.log").read_text(encoding="utf-8").splitlines()


def test_a_run_is_told_from_its_begin_to_its_end(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 60), tmp_path / "library"
    assert package.run(library, inputs, workers=2, jobs=[JOB]).complete
    told = lines(library)
    assert all(LINE.fullmatch(line) for line in told), told
    begin, *between, end = told
    assert re.search(r"process \d+ begins: .*; halodb .*, RDKit .*, DuckDB .*, Python ", begin)
    for event in (
        "2 workers, memory budget ",
        "polyphenol-1X: 1 of 1 jobs to do",
        "rows 0 to 60 handed out",
        "rows 0 to 60 done in ",
        "polyphenol-1X: 60 parents, ",
        f"{JOB}: ",
        "1 of 1 jobs done, 0 failed",
    ):
        assert any(event in line for line in between), event
    assert re.search(r"process \d+ ended well after ", end)
    assert package.run(library, inputs, workers=2, jobs=[JOB]).complete
    assert lines(library)[: len(told)] == told


def test_a_worker_that_dies_is_told(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 20_000), tmp_path / "library"
    process = start(library, inputs, "--jobs", JOB)
    wait_for_state(library, "polyphenol-1X", State.TRANSFORMING, process)
    wait_for(
        lambda: "handed out" in (library / "halodb.log").read_text(encoding="utf-8") and tree(process.pid), process
    )
    time.sleep(2)  # the worker has a unit by now
    with contextlib.suppress(psutil.NoSuchProcess):
        tree(process.pid)[-1].kill()
    assert process.wait(250) == 0
    assert any("WARNING" in line and "a worker died in rows" in line for line in lines(library))


def test_a_log_for_programs_beside_the_one_for_people(tmp_path: Path, halodb: Run) -> None:
    inputs, library, log = make_inputs(tmp_path / "inputs", 20), tmp_path / "library", tmp_path / "log.jsonl"
    done = halodb("run", library, "-i", inputs, "--jobs", JOB, "-w", 1, "-q", "--log", log, "--log-format", "json")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {frozenset(record) for record in records} == {frozenset(("time", "level", "logger", "message"))}
    assert [record["message"] for record in records] == [line.split(" ", 3)[3] for line in lines(library)]


def test_a_line_that_a_full_disk_cut_short_is_ended(tmp_path: Path) -> None:
    log = tmp_path / "halodb.log"
    log.write_text("2026-11-26 08:23:40Z ERROR process 20036 failed: disk fu", encoding="utf-8")
    for _ in range(2):
        with log_to(log):
            logging.getLogger("halodb").info("begun again")
    first, *others = log.read_text(encoding="utf-8").splitlines()
    assert first.endswith("disk fu")
    assert [line.partition("Z ")[2] for line in others] == ["INFO begun again"] * 2


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, halodb: Run) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 20), tmp_path / "library"
    (library / "halodb.log").mkdir(parents=True)
    done = halodb("run", library, "-i", inputs, "--jobs", JOB, "-w", 1, "-q")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
