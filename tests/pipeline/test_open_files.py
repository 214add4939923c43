"""A run ends well while somebody, as a virus scanner or a backup does, has files of the library open all the time."""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import time
import warnings
from collections import Counter
from pathlib import Path

import pytest

import halodb
from halodb.errors import HalodbWarning
from halodb.pipeline.record import read_record
from tests.conftest import rows_of
from tests.pipeline.runs import JOBS, make_inputs

HELD_SECONDS = 0.3

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a reader stops nobody")


class Reader(threading.Thread):
    """Opens files of a directory at random, as Python does: on Windows nobody can replace or remove them meanwhile."""

    def __init__(self, directory: Path, seed: int, pattern: str = "*") -> None:
        super().__init__(daemon=True)
        self.held: Counter[str] = Counter()
        self._directory = directory
        self._chance = random.Random(seed)
        self._pattern = pattern
        self._ended = threading.Event()

    def __enter__(self) -> Reader:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.wait(0.01):
            with contextlib.suppress(OSError, IndexError):  # gone meanwhile, or there is none yet
                path = self._chance.choice([path for path in self._directory.rglob(self._pattern) if path.is_file()])
                with path.open("rb") as file:
                    file.read(1)
                    self._ended.wait(self._chance.uniform(0, HELD_SECONDS))
                self.held[path.suffix] += 1


def test_a_run_ends_well_whatever_others_have_open(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 300), tmp_path / "library"
    halodb.run(tmp_path / "calm", inputs, workers=2)
    readers = [Reader(library, seed) for seed in range(6)]
    with contextlib.ExitStack() as stack, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for reader in readers:
            stack.enter_context(reader)
        report = halodb.run(library, inputs, workers=2)
    held = sum((reader.held for reader in readers), Counter[str]())
    assert {".json", ".parquet"} <= set(held)
    assert (report.totals.done, report.failures) == (JOBS, ())
    assert [str(one.message) for one in told if issubclass(one.category, HalodbWarning)] == []
    assert rows_of(library) == rows_of(tmp_path / "calm")
    # Nothing that could not be removed is left.
    assert [path for path in library.rglob("*") if ".tmp" in path.name or path.parent.name == "shards"] == []
    record = read_record(library)
    assert record is not None
    assert record.ended


def test_files_that_tell_of_a_run_may_be_held_all_the_time(tmp_path: Path) -> None:
    inputs, library = make_inputs(tmp_path / "inputs", 60), tmp_path / "library"
    library.mkdir()
    halodb.run(library, inputs, jobs=["lipid*"], workers=1)
    held = [(library / name).open("rb") for name in ("run.json", "report.html", "memory_trace.parquet")]
    started = time.monotonic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert not halodb.run(library, inputs, jobs=["aa_peptide*"], workers=1).failures
    finally:
        for file in held:
            file.close()
    assert time.monotonic() - started < 90
