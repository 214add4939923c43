"""`halodb status` tells how a library stands, from a second terminal while a run goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import halodb
import halodb as package
from halodb.jobs.state import State
from tests.conftest import Run
from tests.pipeline.runs import JOBS, make_inputs, start, wait_for, wait_for_state


def test_while_a_run_goes_on_and_after_it(halodb: Run, tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 7000), tmp_path / "library"
    process = start(library, inputs)
    wait_for_state(library, "polyphenol-1X", State.TRANSFORMING, process)
    wait_for(lambda: len(list(library.glob("passes/polyphenol-1X/receipts/*.json"))) > 2, process)
    status = package.read_status(library).model_dump(mode="json")  # the command may start too late to see it
    status["memory"] = {str(one): held for one, held in status["memory"].items()}
    assert status["writer"] == process.pid
    assert status["jobs"] == {"done": JOBS - 16, "transforming": 16}
    assert status["products"] > status["unique"] > 0
    assert str(process.pid) in status["memory"]
    assert len(status["memory"]) >= 3
    assert 0 < sum(status["memory"].values()) < status["memory_budget"]
    assert status["current"]["input"] == "polyphenol-1X"
    assert status["disk"]["shards"] > 0
    assert process.communicate(timeout=240)[1]
    after = json.loads(halodb("status", library, "--json").stdout)
    assert (after["writer"], after["jobs"], after["current"]) == (None, {"done": JOBS}, None)
    assert (after["disk"]["shards"], after["disk"]["spill"]) == (0, 0)
    assert "37 done" in halodb("status", library).stdout


@pytest.mark.slow
def test_watch_follows_a_run_to_its_end(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs"), tmp_path / "library"
    process = start(library, inputs)
    wait_for((library / "run.json").exists, process)
    watch = subprocess.run(
        [sys.executable, "-m", "halodb", "status", str(library), "--watch", "--every", "0.2", "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    process.communicate(timeout=120)
    looks = [json.loads(line) for line in watch.stdout.splitlines()]
    assert len(looks) > 2
    done = [look["jobs"].get("done", 0) for look in looks]
    assert done == sorted(done)
    products = [look["products"] for look in looks]
    assert products == sorted(products), "products so far never go back"
    assert looks[-1]["jobs"] == {"done": JOBS}


def test_a_library_that_is_not_there(halodb: Run, tmp_path: Path) -> None:
    told = halodb("status", tmp_path / "none")
    assert told.returncode == 1
    assert "does not exist" in told.stderr


def test_the_note_of_a_killed_writer_and_a_strangers_process_id_do_not_count(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 50), tmp_path / "library"
    halodb.run(library, inputs, jobs=["lipid*"], workers=1)
    note = library / ".halodb.owner.json"
    note.write_text(json.dumps({"pid": 2**22 + 1}), encoding="utf-8")
    assert halodb.read_status(library).writer is None
    note.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
    os.utime(note, (1_000_000_000, 1_000_000_000))  # older than this process
    assert halodb.read_status(library).writer is None
