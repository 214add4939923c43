"""Hold halodb against Windows: `python -m tests.windows [STEP...] [-- OPTIONS OF PYTEST]`; see README.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.windows.libraries import WORKERS, contents, differences, write_parents
from tests.windows.outcomes import read_outcomes
from tests.windows.wine import CHECKOUT, Wine

_PARENTS = 200
_KILLED_AFTER_RECEIPTS = 3
_PATIENCE_SECONDS = 600


def demo(wine: Wine, _: list[str]) -> None:
    """The demo runs and prints its tables."""
    shutil.rmtree(wine.work / "halodb-demo", ignore_errors=True)
    told = wine.run("-m", "halodb", "demo", "--quiet")
    assert "How many products does each class give" in told
    assert "┌" in told
    assert "natural products" in told


def same(wine: Wine, _: list[str]) -> None:
    """A library is the same as on Linux to the last byte, and so is one whose run was killed and went on."""
    place = wine.work / "same"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    parents = place / "parents.csv"
    write_parents(CHECKOUT, parents, _PARENTS)
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        halodb = [sys.executable, "-m", "halodb"]
        for command in (_halogenate(parents, here), _run(here, here / "inputs")):
            subprocess.run([*halodb, *map(str, command)], check=True, cwd=CHECKOUT)
        expected_inputs, expected = contents(here / "inputs"), contents(here / "library")
    wine.run("-m", "halodb", *_halogenate(Path("parents.csv"), Path()), cwd=place)
    _compare("inputs", contents(place / "inputs"), expected_inputs)
    wine.run("-m", "halodb", *_run(Path(), Path("inputs")), cwd=place)
    _compare("library", contents(place / "library"), expected)
    (place / "killed").mkdir()
    _kill_one(wine, place)
    wine.run("-m", "halodb", *_run(Path("killed"), Path("inputs")), cwd=place)
    _compare("library after a kill", contents(place / "killed" / "library"), expected)


def tests(wine: Wine, options: list[str]) -> None:
    """All tests that can run there, with the list of those that were skipped and why."""
    report = wine.root / "junit.xml"
    shown = wine.work / "junit.xml"
    shown.unlink(missing_ok=True)
    command = ["-m", "pytest", "-p", "tests.windows.not_here", "-p", "no:cacheprovider", "--junitxml", "../junit.xml"]
    process = wine.start(*command, *options, cwd=wine.work / "checkout")
    assert process.stdout is not None
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
    code = process.wait()
    shutil.copy(shown, report)
    outcomes = read_outcomes(report)
    sys.stdout.write(outcomes.text())
    (wine.root / "tests.txt").write_text(outcomes.text(every=True), encoding="utf-8")
    sys.stdout.write(f"all of them with their times: {wine.root / 'tests.txt'}\n")
    assert code == 0, "a test failed"


def _halogenate(parents: Path, place: Path) -> list[object]:
    return ["halogenate", parents, "--output", place / "inputs", "--workers", WORKERS, "--quiet"]


def _run(place: Path, inputs: Path) -> list[object]:
    return ["run", place / "library", "--inputs", inputs, "--workers", WORKERS, "--quiet"]


def _compare(what: str, found: dict[str, str], expected: dict[str, str]) -> None:
    differing = differences(found, expected)
    assert expected, f"{what}: nothing to compare"
    assert not differing, f"{what}: {len(differing)} of {len(expected)} files differ, the first is {differing[0]}"
    sys.stdout.write(f"  {what}: {len(expected)} files are the same as on Linux\n")


def _kill_one(wine: Wine, place: Path) -> None:
    """Begin a run and kill it in the midst of a pass."""
    process = wine.start("-m", "halodb", *_run(Path("killed"), Path("inputs")), cwd=place)
    until = time.monotonic() + _PATIENCE_SECONDS
    library = place / "killed" / "library"
    while len(list(library.glob("passes/*/receipts/*.json"))) < _KILLED_AFTER_RECEIPTS:
        assert process.poll() is None, f"the run ended before it was killed: {process.communicate()[0]}"
        assert time.monotonic() < until, "the run does not get on"
        time.sleep(0.005)
    process.kill()
    process.communicate()
    done = len(list(library.glob("*/products.parquet")))
    sys.stdout.write(f"  killed in the midst of a pass, with {done} jobs done\n")


STEPS: dict[str, Callable[[Wine, list[str]], None]] = {"demo": demo, "same": same, "tests": tests}


def main(arguments: list[str]) -> int:
    """Run the steps that were named, or all."""
    names, _, options = arguments, None, []
    if "--" in arguments:
        names, options = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    wine = Wine(Path(os.environ.get("HALODB_WINE", cache / "halodb-wine")).absolute())
    failed = []
    wine.build()
    wine.install()
    for name in names or STEPS:
        began = time.monotonic()
        sys.stdout.write(f"{name}: {(STEPS[name].__doc__ or '').strip()}\n")
        sys.stdout.flush()
        try:
            STEPS[name](wine, options)
        except AssertionError as error:
            failed.append(name)
            sys.stdout.write(f"{error}\n")
        outcome = "failed" if name in failed else "well"
        sys.stdout.write(f"{name}: {outcome}, {time.monotonic() - began:.0f} s\n\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
