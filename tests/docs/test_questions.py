"""The 25 questions of a chemist, in docs/questions.md: each is one line of SQL and has an answer in the demo's library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import halodb
from halodb.functions.signatures import BY_NAME, MACROS
from tests.conftest import some

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


def test_there_are_25_of_a_line_each() -> None:
    assert len(QUESTIONS) == 25
    assert all(question.count("\n") == 1 for question in QUESTIONS)


@pytest.fixture(scope="module")
def library(demo: Path) -> halodb.Library:
    return halodb.open(demo / "library")


@pytest.mark.parametrize("question", some(QUESTIONS, 8))
def test_each_has_an_answer(
    library: halodb.Library, question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("activities.csv").write_text("smiles,pic50\nCOC1=C(OC)C(Cl)=CC(C=O)=C1,6.2\nCCO,4.0\n", encoding="utf-8")
    assert len(library.sql(question).fetchall()) > 0


def test_every_function_is_named_there() -> None:
    assert {name for name in (*BY_NAME, *MACROS) if name not in PAGE} == {"stereo_centers"}
