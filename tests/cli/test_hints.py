"""What halodb tells people to type works in cmd.exe, to which a single quote is a letter."""

from __future__ import annotations

import re
from pathlib import Path

import halodb

PACKAGE = Path(halodb.__file__).parent
README = Path(__file__).parents[2] / "README.md"
SINGLE_QUOTED = re.compile(r"(?:halodb [a-z]+|--[a-z-]+|-[a-z]) [^`\n\"]*'[A-Za-z*]")


def test_no_hint_is_in_single_quotes() -> None:
    files = [README, *PACKAGE.rglob("*.py")]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 5000
    assert [line for line in lines if SINGLE_QUOTED.search(line)] == []


def test_the_old_hints_would_be_found() -> None:
    for line in ("halodb sql 'SHOW TABLES'", "`--jobs 'polyphenol-*'`", "halodb sql --library x 'SELECT 1'"):
        assert SINGLE_QUOTED.search(line)
