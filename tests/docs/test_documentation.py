"""What the documentation shows runs: the tutorial, the examples of docstrings, and every name that is called stable."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

import halodb

ROOT = Path(__file__).parents[2]
MODULES = [module.name for module in pkgutil.walk_packages(halodb.__path__, "halodb.") if "__main__" not in module.name]


@pytest.mark.slow
def test_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((ROOT / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), "tutorial", "exec"), names)
    assert names["report"].totals.unique > 50  # type: ignore[attr-defined]


def test_the_examples_of_docstrings_are_true() -> None:
    failed = attempted = 0
    for name in MODULES:
        found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
        failed, attempted = failed + found.failed, attempted + found.attempted
    assert failed == 0
    assert attempted > 5


def test_every_name_that_is_offered_is_there() -> None:
    for name in halodb.__all__:
        assert getattr(halodb, name).__doc__, name


def test_the_reference_names_what_is_there() -> None:
    for name in re.findall(r"^::: (\S+)$", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE):
        module, _, attribute = name.rpartition(".")
        if name == "halodb.errors":
            continue
        assert hasattr(importlib.import_module(module), attribute), name


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)
