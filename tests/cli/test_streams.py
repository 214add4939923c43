"""No code page stops a command: what is no terminal gets UTF-8, a terminal what it can show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from halodb.cli.streams import set_up_streams
from tests.conftest import OME

TEXT = "Ξένος 分子"
CODE_PAGES = ["cp1252", "gbk"]


def run(code_page: str, *arguments: object) -> tuple[int, str, str]:
    """A command of a system with a code page of its own; exit code, standard output, standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "halodb", *map(str, arguments)],
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": code_page, "PYTHONUTF8": "0"},
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_tables_and_json_through_a_pipe_are_utf_8(phenol_library: Path, code_page: str) -> None:
    library = phenol_library / "library"
    code, out, told = run(code_page, "sql", f"SELECT '{TEXT}' AS greeting", "-l", library)
    assert (code, told) == (0, "")
    assert TEXT in out
    assert "┌" in out
    code, out, told = run(code_page, "sql", f"SELECT '{TEXT}' AS greeting", "-l", library, "--format", "json")
    assert (code, told) == (0, "")
    assert json.loads(out) == [{"greeting": TEXT}]


def test_names_of_files_are_told(tmp_path: Path) -> None:
    place = tmp_path / TEXT
    code, _, told = run("cp1252", "status", place)
    assert (code, TEXT in told) == (1, True)
    code, out, _ = run("cp1252", "rules", "--explain", OME.partition("_")[2])
    assert (code, "OH" in out) == (0, True)


def test_a_terminal_gets_what_it_can_show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "terminal"
    with path.open("w", encoding="cp1252") as terminal:
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", None)  # as under pythonw.exe
        set_up_streams()
        terminal.write("café ┌ 分")
    assert path.read_bytes() == "café ? ?".encode("cp1252")


def test_a_name_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    with path.open("w", encoding="ascii") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        set_up_streams()
        pipe.write("分 \udce9 \ud800")
    assert path.read_text(encoding="utf-8") == "分 \\udce9 \\ud800"
