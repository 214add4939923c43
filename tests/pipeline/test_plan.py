"""`halodb plan` tells what a run would make, and touches nothing."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import halodb
from halodb.chemistry import Enumerator
from halodb.jobs.state import State
from halodb.rules import read_rules
from halodb.transformation.trial import WHOLE
from halodb.workers.progress import Progress
from tests.conftest import Run, arenes, make_input
from tests.pipeline.runs import JOBS, make_inputs


def test_a_plan_lists_jobs_small_inputs_first(halodb: Run, tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path / "inputs", 300)
    done = halodb("plan", tmp_path / "library", "-i", inputs, "-w", 1, "--json")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["jobs"] == JOBS
    assert [(one["input"], one["rows"]) for one in plan["passes"]] == [
        ("lipid-1X", 59),
        ("aa_peptide-2X", 79),
        ("polyphenol-1X", 300),
    ]
    assert plan["absent"]["terpenoid-2X"] == 10
    assert plan["seconds"] > 0
    assert plan["disk_needed"] > 0
    assert not (tmp_path / "library").exists()


@pytest.mark.slow
def test_expected_products_are_those_of_a_small_input(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 300), tmp_path / "library"
    expected = {job.job: job.products for one in halodb.plan(library, inputs, workers=1).passes for job in one.jobs}
    made = {job.job: job.products for job in halodb.run(library, inputs, workers=1).jobs}
    assert expected == made


@pytest.mark.slow
def test_expected_products_of_a_large_input_come_near(tmp_path: Path) -> None:
    make_input(tmp_path / "inputs", arenes(4000), "polyphenol-1X")
    library = tmp_path / "library"
    planned = halodb.plan(library, tmp_path / "inputs", workers=2)
    assert 0 < (planned.passes[0].sampled or 0) < 4000
    made = halodb.run(library, tmp_path / "inputs", workers=2).totals.products
    assert abs(planned.products - made) < 0.15 * made


@pytest.mark.parametrize("order", ["as made", "shuffled"])
def test_expected_times_know_that_halogen_analogues_are_read_off(demo: Path, tmp_path: Path, order: str) -> None:
    """For a pass brings them together where they lie apart."""
    parents = pq.read_table(demo / "inputs" / "polyphenol-2X" / "products.parquet").select(["smiles"])
    assert len(parents) > WHOLE
    rows = parents["smiles"].to_pylist()
    given = rows if order == "as made" else random.Random(1).sample(rows, len(rows))
    source = make_input(tmp_path / "inputs", given, "polyphenol-2X")
    (planned,) = halodb.plan(tmp_path / "library", source.parents[1], workers=1).passes
    enumerator = Enumerator(read_rules().in_scope("polyphenol"))
    began = time.process_time()
    for parent in rows:
        enumerator.enumerate(parent)
    took = time.process_time() - began
    assert 0.5 * took < (planned.core_seconds or 0) < 1.5 * took


def test_a_plan_tells_how_far_it_is(tmp_path: Path) -> None:
    heard: list[Progress] = []
    halodb.plan(
        tmp_path / "library", make_inputs(tmp_path / "inputs", 600), listener=halodb.Listener(progress=heard.append)
    )
    assert (heard[-1].units, heard[-1].all_units, heard[-1].what) == (3, 3, "inputs")
    assert 59 + 79 < heard[-1].parents < 59 + 79 + 600


def test_a_plan_knows_what_is_done_and_what_changed(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 50), tmp_path / "library"
    halodb.run(library, inputs, jobs=["lipid-1X_*"], workers=1)
    planned = halodb.plan(library, inputs, workers=1)
    assert (planned.jobs, planned.jobs_done) == (JOBS, 6)
    make_input(inputs, ["CCN"], "lipid-1X")
    lipid = halodb.plan(library, inputs, workers=1).passes[0]
    assert {job.state for job in lipid.jobs} == {State.STALE}
    assert "was made from another input" in lipid.jobs[0].why


def test_a_plan_of_a_pass_that_was_stopped_is_of_what_is_left(tmp_path: Path) -> None:
    inputs, library = tmp_path / "inputs", tmp_path / "library"
    make_input(inputs, arenes(6000), "polyphenol-1X")
    whole = halodb.plan(library, inputs, workers=1)

    def stop(moment: Progress) -> None:
        if "polyphenol-1X" in moment.title and moment.units >= moment.all_units // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        halodb.run(library, inputs, workers=1, listener=halodb.Listener(progress=stop))
    planned = halodb.plan(library, inputs, workers=1)
    left = planned.passes[0].rows_left or 0
    assert (whole.passes[0].rows_left, 0 < left < 4500) == (6000, True)
    assert (planned.passes[0].core_seconds or 0) < 0.9 * (whole.passes[0].core_seconds or 0)
    assert planned.products > 0.8 * whole.products


def test_an_input_that_cannot_be_read_is_told(halodb: Run, tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path / "inputs", 50)
    (inputs / "lipid-1X" / "products.parquet").write_bytes(b"PAR1 and no end")
    done = halodb("plan", tmp_path / "library", "-i", inputs, "-w", 1)
    assert done.returncode == 0, done.stderr
    assert "lipid-1X: input not usable" in done.stderr
    assert "6 no input" in done.stdout
