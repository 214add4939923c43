"""What people see of a long command: before it begins, while it goes on, when it ends; and how they are called then."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

import halodb as package
from halodb.cli.display import bar_line, time_left, what_is_done
from halodb.cli.main import _COMMANDS
from halodb.workers.progress import Progress
from tests.conftest import PHENOLS, Run, arenes, make_input
from tests.pipeline.runs import make_inputs, small_disk, start, wait_for

JOB = "polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe"
NOW = Progress(
    "terpenoid-2X, 10 rules", 1_234, 4_321, 10**7, 98_765_432, 4_000.0, 12 * 10**9, "units", 16 * 10**9, "13 of 14", 7e4
)


def test_before_it_begins_a_run_says_what_it_will_do(halodb: Run, tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path / "inputs", 60)
    make_input(tmp_path / "inputs", ["Oc1ccccc1"] * 40, "other-1X")
    told = halodb("run", tmp_path / "library", "-i", inputs, "-w", 16, "--memory", "600MB").stderr.splitlines()
    assert told[0] == "37 jobs of 3 inputs"
    assert re.fullmatch(r"2 workers and 600\.0 MB of memory", told[1])
    assert "of disk free" in told[2]
    assert "2 workers instead of 16: a budget of 600.0 MB carries no more. Give more with --memory." in told
    assert any(line.startswith("No rule is in scope for other-1X: 40 rows, 17% of all, are not used.") for line in told)
    log = (tmp_path / "library" / "halodb.log").read_text(encoding="utf-8")
    assert "37 jobs of 3 inputs" in log
    planned = halodb("plan", tmp_path / "none", "-i", inputs, "-w", 16, "--memory", "600MB")
    assert "No rule is in scope for other-1X" in planned.stderr
    assert "2 workers instead of 16" in planned.stderr


def test_too_small_a_disk_is_told_and_with_strict_nothing_begins(halodb: Run, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    make_input(inputs, arenes(20_000), "polyphenol-1X")
    with small_disk(tmp_path / "disk", "60k"):
        library = tmp_path / "disk" / "library"
        done = halodb("run", library, "-i", inputs, "-w", 2, "-q", "--strict")
        assert done.returncode == 1
        warned, refused = done.stderr.splitlines()
        assert warned.startswith("The disk may be too small: about ")
        assert "Nothing was begun." in refused
        assert not list(library.glob("passes/*/receipts/*"))


@pytest.mark.slow
def test_a_run_in_a_narrow_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="pseudo terminals are of Unix")
    inputs = make_inputs(tmp_path / "inputs", 6000)
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "halodb", "run", tmp_path / "library", "-i", inputs, "-w", "2"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"},
    )
    os.close(terminal)
    shown = b""
    with os.fdopen(screen, "rb", 0) as reading:
        while True:
            try:
                shown += reading.read(65_536)
            except OSError:  # the other side is closed
                break
    assert process.wait(60) == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "\n", re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()))
    frames = [line for line in re.split(r"[\r\n]+", plain) if "%" in line and " of " in line and "━" in line]
    assert frames
    assert all(len(line) <= 80 for line in frames)
    assert re.search(r"3 of 3: polyphenol-1X, 16 rules: \d+ of \d+ units", plain)
    assert "Next: halodb sql " in plain


def test_one_display_fits_80_columns_at_the_largest_figures() -> None:
    console = Console(width=80, legacy_windows=False)
    with console.capture() as captured:
        console.print(bar_line(NOW))
    (line,) = captured.get().splitlines()
    assert len(line.rstrip()) <= 80
    assert "12.0 GB of 16.0 GB" in line
    assert time_left(NOW) == "2:46:46 left, 22:13:26 in all"
    assert what_is_done(NOW).startswith("13 of 14: terpenoid-2X, 10 rules: 1,234 of 4,321 units, 98,765,432 products, ")


@pytest.fixture(scope="module")
def rejecting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs in which one parent cannot be read."""
    directory = tmp_path_factory.mktemp("rejecting")
    make_input(directory / "inputs", list(PHENOLS), "polyphenol-1X")
    return directory


def test_the_end_names_rejects_report_and_what_comes_next(halodb: Run, rejecting: Path) -> None:
    library = rejecting / "library"
    told = halodb("run", library, "-i", rejecting / "inputs", "-w", 1, "--jobs", JOB).stderr
    assert "2 parents or sites were rejected, each with its reason in rejects.parquet of its job" in told
    assert re.search(r"1 of 1 jobs done, 0 failed, \d+ unique products; the report is \S+report\.html", told)
    (next_one,) = re.findall(r"Next: halodb sql (\S+) \"(.*)\"", told)
    assert halodb("sql", *next_one).returncode == 0


def test_on_end_is_told_how_it_ended(halodb: Run, rejecting: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    names = ("HALODB_OUTCOME", "HALODB_EXIT_CODE", "HALODB_LIBRARY")
    code = f"import os; open({str(note)!r}, 'w').write(' '.join(os.environ[n] for n in {names!r}))"
    (tmp_path / "hook.py").write_text(code, encoding="utf-8")
    hook = f'"{sys.executable}" "{tmp_path / "hook.py"}"'
    library = tmp_path / "library"
    asked = ("-i", rejecting / "inputs", "-q", "--jobs", JOB, "--on-end", hook)
    assert halodb("run", library, *asked).returncode == 0
    assert note.read_text(encoding="utf-8") == f"complete 0 {library}"
    assert halodb("run", library, "-i", tmp_path / "none", "--on-end", hook).returncode == 1
    assert note.read_text(encoding="utf-8") == f"failed 1 {library}"
    broken = halodb("run", library, *asked[:-1], "exit 3")
    assert (broken.returncode, "note: --on-end ended with code 3" in broken.stderr) == (0, True)


@pytest.mark.slow
def test_on_end_of_a_run_that_is_stopped(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Ctrl-C of one process alone")
    note, library = tmp_path / "note.txt", tmp_path / "library"
    process = start(library, make_inputs(tmp_path / "inputs", 20_000), "--on-end", f"echo $HALODB_OUTCOME > {note}")
    wait_for((library / "run.json").exists, process)
    process.send_signal(2)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert note.read_text(encoding="utf-8").strip() == "stopped"


def test_every_help_has_an_example_that_names_the_command() -> None:
    for name, (_, example) in _COMMANDS.items():
        assert example.startswith(f"halodb {name}")


def test_commands_answer_programs_in_json(halodb: Run, rejecting: Path, tmp_path: Path) -> None:
    library, source = tmp_path / "library", rejecting / "inputs" / "polyphenol-1X"
    done = halodb("transform", source, "-l", library, "--rule", JOB.partition("_")[2], "-w", 1, "-q", "--json")
    assert json.loads(done.stdout)["products"] > 0
    done = halodb("dedup", library, "--across-jobs", "-q", "--json")
    told = json.loads(done.stdout)
    assert (told["dedup"]["jobs"][0]["job"], told["across_jobs"]["jobs"]) == (JOB, 1)
    for command in (
        ("run", library, "-i", source.parent, "--jobs", JOB, "-q"),
        ("catalog", library),
        ("index", library),
    ):
        assert json.loads(halodb(*command, "--json").stdout)


@pytest.mark.slow
def test_a_directory_of_inputs_is_no_library(halodb: Run, tmp_path: Path) -> None:
    parents = tmp_path / "parents.smi"
    parents.write_text("Oc1ccc(O)cc1C=C polyphenol\n", encoding="utf-8")
    package.halogenate(parents, tmp_path / "inputs", depth=1, workers=1)
    for command in (("sql", "SELECT 1", "-l"), ("status",), ("find", "-f", parents), ("index",), ("catalog",)):
        done = halodb(*command, tmp_path / "inputs")
        assert done.returncode == 1, command
        assert "and is no library. Give the directory that `halodb run LIBRARY -i " in done.stderr
    assert halodb("verify", tmp_path / "inputs").returncode == 0


def test_names_of_rules_stay_whole_in_80_columns(halodb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = halodb("rules").stdout
    assert all(rule.name in listed for rule in package.read_rules().rules)
