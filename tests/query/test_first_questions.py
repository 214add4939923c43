"""What a chemist meets first: the library in the line, standard input, tables, data frames, names that occur nowhere."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

import halodb as package
from halodb.errors import HalodbWarning
from halodb.query.table import fitting
from tests.conftest import Run

pty = pytest.importorskip("pty", reason="Windows has no pseudoterminals")


def asked(arguments: list[object], text: str | None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "halodb", "sql", *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=100, check=False)


def test_the_library_stands_first_or_in_its_option_or_in_the_environment(
    halodb: Run, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query, library = "SELECT count(*) AS n FROM jobs", demo / "library"
    monkeypatch.delenv("HALODB_LIBRARY", raising=False)
    for arguments in ([library, query], ["-l", library, query], [query, "-l", library]):
        done = halodb("sql", *arguments, "--format", "csv")
        assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["n", "118"], "")
    assert "name the directory of the library" in halodb("sql", query).stderr
    assert "does not exist" in halodb("sql", "nowhere", query).stderr
    assert halodb("sql", library, query, "more").returncode == 2
    monkeypatch.setenv("HALODB_LIBRARY", str(library))
    assert halodb("sql", library, query, "--format", "csv").stdout == halodb("sql", query, "--format", "csv").stdout


def test_a_script_sends_the_query_through_standard_input(demo: Path) -> None:
    done = asked([demo / "library", "--format", "csv"], "SELECT count(*) AS n\nFROM jobs;\n")
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["n", "118"], "")
    assert asked([demo / "library"], " \n").returncode == 2


def test_a_value_that_occurs_nowhere_is_told(halodb: Run, demo: Path) -> None:
    for condition, told in {
        "rule = 'FG_PHENOL_OH__OH__TO__OME'": "has rule 'FG_PHENOL_OH__OH__TO__OME'; did you mean 'FG_PHENOL_OH__OH__TO__OMe'?",
        "class IN ('Lipid')": "has class 'Lipid'; did you mean 'lipid'?",
        "k = 3": "has k '3'; there are 1, 2.",
        "name = 'quercetine'": "has name 'quercetine'; did you mean 'quercetin'?",
    }.items():
        query = f"SELECT smiles FROM products JOIN origins USING (class, k, parent_row) WHERE {condition}"
        for form in ("table", "csv"):
            if form == "table" or "OME" in condition:
                done = halodb("sql", demo / "library", query, "--format", form)
                assert (done.returncode, done.stderr) == (0, f"halodb: note: nothing in this library {told}\n")
    nothing_wrong = "SELECT smiles FROM products WHERE class = 'lipid' AND label = 'OH->OMe'"
    assert halodb("sql", demo / "library", nothing_wrong).stderr == ""


def test_it_is_told_in_a_notebook_too(demo: Path) -> None:
    with package.open(demo / "library") as library:
        for fetch in ("fetchall", "df", "pl", "to_arrow_table"):
            with pytest.warns(HalodbWarning, match="did you mean 'OH->OMe'"):
                assert len(getattr(library.sql("FROM products WHERE label = 'OH->OME'"), fetch)()) == 0


def test_an_answer_becomes_any_frame(demo: Path) -> None:
    with package.open(demo / "library") as library:
        answer = library.sql("SELECT smiles, rings(smiles) AS rings FROM products ORDER BY smiles, rule, k LIMIT 5")
        rows = answer.fetchall()
        assert rows == answer.pl().rows() == list(answer.df().itertuples(index=False, name=None))
        assert rows == pl.DataFrame(answer).rows() == [tuple(row.values()) for row in pa.table(answer).to_pylist()]
        assert answer.filter("rings > 0").limit(1).fetchall() == rows[:1]
        assert (len(answer), answer.columns) == (5, ["smiles", "rings"])
        assert rows[0][0] in repr(answer)


def test_a_frame_without_its_package_says_what_to_install(demo: Path) -> None:
    code = (
        "import sys; sys.modules.update(pandas=None, polars=None)\n"
        "import halodb\n"
        f"answer = halodb.open({str(demo / 'library')!r}).sql('SELECT 1')\n"
        "for fetch in (answer.df, answer.pl):\n"
        "    try: fetch()\n"
        "    except halodb.HalodbError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [line.partition("Install it: ")[2] for line in done.stdout.splitlines()] == [
        "python -m pip install pandas",
        "python -m pip install polars",
    ]


def test_smiles_are_shown_before_other_columns() -> None:
    names = ["class", "k", "rule", "family", "label", "smiles", "parent_row", "site", "sources"]
    widths = [10, 4, 30, 16, 9, 44, 10, 5, 7]
    shown = [names[place] for place in fitting(names, widths, 80)]
    assert shown == ["class", "k", "label", "smiles"]
    assert fitting(names, widths, 200) == list(range(9))
    assert fitting(["a", "b"], [100, 100], 80) == [0, 1]


def test_what_goes_to_a_pipe_is_cut_nowhere(halodb: Run, demo: Path) -> None:
    query = "SELECT * FROM derivations ORDER BY length(smiles) DESC, smiles LIMIT 3"
    with package.open(demo / "library") as library:
        rows = library.sql(query).fetchall()
    table = halodb("sql", demo / "library", query).stdout
    assert all(str(value) in table for row in rows for value in row)


def in_a_terminal(arguments: list[str], lines: list[bytes], home: Path) -> tuple[int, str]:
    """Type lines at the prompt of a command in a pseudoterminal, each when the last was answered."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(HOME=str(home), TERM="xterm", COLUMNS="100", LINES="40", PROMPT_TOOLKIT_NO_CPR="1")
        os.execv(sys.executable, [sys.executable, "-m", "halodb", *arguments])
    seen = b""

    def read(seconds: float, until: bytes | None) -> None:
        nonlocal seen
        begin, end = len(seen), time.monotonic() + seconds
        while time.monotonic() < end and (until is None or until not in seen[begin:]):
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    seen += os.read(terminal, 1 << 16)
                except OSError:  # it is gone
                    return

    read(30, b"halodb>")
    for line in lines:
        typed, tab, rest = line.partition(b"\t")
        os.write(terminal, typed + tab)
        if tab:
            read(20, b"ey")  # what it completes
            os.write(terminal, rest)
        read(20, b"\x1b[?2004h")  # the prompt waits again
    read(10, None)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), seen.decode(errors="replace")


def test_without_a_query_a_terminal_asks_for_one_after_the_other(demo: Path, tmp_path: Path) -> None:
    lines = [
        b"SELECT count(*) AS how_many FROM jobs;\r",
        b"SELECT formula('c1ccccc1') AS benzene,\r1 AS one;\r",
        b"FROM nowhere;\r",
        b"SELECT inchik\t('C') AS methane;\r",
        b"exit\r",
    ]
    code, seen = in_a_terminal(["sql", str(demo / "library")], lines, tmp_path)
    assert code == 0
    for expected in ("118", "C6H6", "nowhere does not exist", "VNWKTOKETHGBQD-UHFFFAOYSA-N"):
        assert expected in seen
    assert "Traceback" not in seen
    history = (tmp_path / ".halodb_history").read_text(encoding="utf-8")
    assert "+SELECT count(*) AS how_many FROM jobs;" in history
