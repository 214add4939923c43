"""Each benchmark runs at a tiny size and writes a result that validates; the page is drawn of them. No time is judged."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.data import aminophenolic_acids, cheap_parents
from benchmarks.profile import part_of
from benchmarks.result import Result, read
from halodb.chemistry import Enumerator
from halodb.rules import read_rules

CHECKOUT = Path(__file__).parents[2]

TINY = {
    "enumeration": "--parents 20 --rows 5 --rounds 2",
    "dedup": "--rows 5003 --rows 20000 --parents 3 --rounds 2",
    "across-jobs": "--products 20000 --products 60000 --rounds 2",
    "opening": "--jobs 20 --rounds 2",
    "export": "--products 2000 --products 5000 --conformers 5 --parents 60 --indexed",
    "memory": "--products 400 --products 2000 --workers 2",
    "scaling": "--workers 1 --workers 2 --parents 3 --rows 20 --growth 200 --growth 1000 --rounds 1",
    "profile": "--parents 4 --rows 20 --sampled-rows 20 --rounds 1",
}


def run(*arguments: object) -> None:
    command = [sys.executable, "-m", "benchmarks", *map(str, arguments)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("results")
    for name, arguments in TINY.items():
        run(name, *arguments.split(), "--results", directory, "--note", "a test")
    return directory


@pytest.mark.slow
@pytest.mark.parametrize("name", TINY)
def test_result_validates(name: str, results: Path) -> None:
    result = read(results / f"{name}.json")
    assert Result.model_validate_json(result.model_dump_json()) == result
    assert result.benchmark == name
    assert result.note.startswith("a test")
    assert result.headline
    assert all(one.values and one.median > 0 for one in result.series if one.unit != "share")
    assert str(results) not in result.model_dump_json()


@pytest.mark.slow
def test_halodb_makes_what_rdkit_makes(results: Path) -> None:
    ours = read(results / "enumeration.json").find("halodb", "all classes")
    assert ours is not None
    assert ours.numbers["differing"] == ours.numbers["missing"] == ours.numbers["failed_parents"] == 0


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="the extra `bench` is not installed")
def test_page_is_drawn(results: Path) -> None:
    run("plots", "--results", results)
    assert (results / "report.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.slow
def test_synthetic_parents_make_the_products_they_promise() -> None:
    enumerator = Enumerator(read_rules().in_scope("polyphenol"))
    phenols, cheap = aminophenolic_acids(), cheap_parents()
    parents = [next(phenols) for _ in range(50)]
    assert len(set(parents)) == 50
    assert {len(enumerator.enumerate(parent).products) for parent in parents} == {20}
    assert [len(enumerator.enumerate(next(cheap)).products) for _ in range(4)] == [4, 0, 0, 0]


@pytest.mark.parametrize(
    ("stack", "part"),
    [
        ("main (pool.py:1);run_unit (halodb/transformation/worker.py:71)", "Python"),
        ("run_unit (worker.py:71);products (reaction.py:28);f (rdkit/Chem/rdchem.so)", "RDKit"),
        ("run_unit (worker.py:71);products (reaction.py:28);x (libboost_python311.so);malloc (libc.so.6)", "RDKit"),
        ("run_unit (worker.py:71);f (reaction.py:28);<lambda> (rdkit/Chem/__init__.py:103)", "Python"),
        ("run_unit (worker.py:80);finish (halodb/shards/writer.py:55);write (libarrow.so)", "writing"),
        ("run_unit (worker.py:60);slices (halodb/inputs/slices.py:9);read (libparquet.so)", "reading"),
        ("run_units (pool.py:67);wait (threading.py:3)", None),
        ("run_unit (worker.py:71);_find (<frozen importlib._bootstrap_external>:729)", None),
    ],
)
def test_parts_of_a_pass(stack: str, part: str | None) -> None:
    assert part_of(stack.split(";")) == part
