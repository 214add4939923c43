"""The rehearsal at a tiny size: killed on the way it makes the same result; started again it does nothing twice."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from benchmarks.result import read
from tests.benchmarks.test_benchmarks import run


@pytest.mark.slow
def test_the_rehearsal_ends_and_goes_on_where_it_was(tmp_path: Path) -> None:
    options = ["--rows", 3000, "--workers", 2, "--memory", "2GB", "--directory", tmp_path, "--results", tmp_path]
    run("rehearsal", *options, "--note", "a test", "--index")
    result = read(tmp_path / "rehearsal-3000.json")
    assert result.headline["rows"] == 3000
    assert result.headline["disturbed result is the same"] == 1
    assert str(tmp_path) not in result.model_dump_json()
    if importlib.util.find_spec("matplotlib"):
        assert (tmp_path / "rehearsal-3000.svg").exists()
    record = tmp_path / "3000" / "record.json"
    before = record.read_bytes()
    assert json.loads(before)["transform, disturbed"]["kills"] > 0
    run("rehearsal", *options, "--note", "a test")
    assert record.read_bytes() == before
