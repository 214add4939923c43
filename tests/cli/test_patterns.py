"""A pattern in quotes is a pattern for jobs, whatever files there are."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
import typer.core

from halodb.cli.main import run_line
from tests.conftest import OME


class Windows:
    """The module `os` as the command line library sees it there: it asks for its name, and expands patterns."""

    name = "nt"

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def test_a_pattern_is_not_expanded_to_files(
    phenol_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = shutil.copytree(phenol_library / "library", tmp_path / "library")
    (tmp_path / "polyphenol-1X_of_mine").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["halodb", "verify", str(library), "--jobs", "polyphenol-1X_*", "--json"])
    monkeypatch.setattr(typer.core, "os", Windows())
    assert run_line() == 0
    assert OME in capsys.readouterr().out
