"""A unit that two workers do at once, as when one was given up that was only slow: their files replace each other's."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Timer

import pytest

import halodb
from halodb.engine import connect
from halodb.errors import LibraryError
from halodb.files import host_tag, process_tag
from halodb.inputs import open_input
from halodb.jobs import Manifest, State, transform_jobs, writing
from halodb.jobs.job import pass_directory
from halodb.memory import MemoryMeter
from halodb.rules import read_rules
from halodb.rules.choose import choose_rules
from halodb.temporary import temporary_files
from halodb.transformation.claim import claim_pending
from halodb.transformation.finish import finish_pass
from halodb.transformation.pass_plan import Limits
from halodb.transformation.run_pass import work_of
from halodb.transformation.scans import Scan, plan_scans
from halodb.workers.executor import LocalPool
from halodb.workers.governor import size_pool
from tests.conftest import arenes, make_input, rows_of

RULE = "FG_PHENOL_OH__OH__TO__OMe"


def _units(directory: Path) -> tuple[Scan, dict[str, Manifest]]:
    """A pass of which two workers have done each unit, at once."""
    source = open_input(make_input(directory, arenes(800)), None)
    library, limits = directory / "library", Limits(shard_bytes=20_000)
    jobs = transform_jobs(library, source, choose_rules(read_rules(None), source.name.class_name, [RULE]))
    with writing(library), MemoryMeter() as meter, connect(library, 10**9) as connection:
        manifests, pending = claim_pending(jobs, library, limits, 1, replace=False)
        wanted = {manifests[job.name].fingerprint: job for job in pending}
        (scan,) = plan_scans(connection, wanted, pass_directory(library, source.name), 1, limits)
        twice = [task for task in scan.tasks for _ in range(2)]
        done = [one for one in LocalPool(size_pool(meter, 2, 2 * 10**9)).run(work_of(scan.plan), twice) if one]
    assert len(done) == len(twice)
    return scan, manifests


def test_two_workers_do_the_same_units_at_once(tmp_path: Path) -> None:
    scan, manifests = _units(tmp_path)
    finish_pass(scan.plan, manifests, 1.0, 0)
    library = tmp_path / "library"
    halodb.dedup(library)
    halodb.transform(scan.plan.source, tmp_path / "once", rules=[RULE], workers=1)
    halodb.dedup(tmp_path / "once")
    assert rows_of(library) == rows_of(tmp_path / "once")
    assert halodb.verify(library, sample=0, workers=1).wrong == []


@pytest.mark.slow
def test_receipts_that_are_seen_late(tmp_path: Path) -> None:
    """As on a shared file system, which remembers for a while what a directory held."""
    scan, manifests = _units(tmp_path)
    receipts, hidden = scan.plan.receipts, tmp_path / "hidden"
    receipts.rename(hidden)
    with pytest.raises(LibraryError, match="have vanished"):
        finish_pass(scan.plan, manifests, 1.0, 0, patience=0.05)
    Timer(0.4, lambda: hidden.rename(receipts)).start()
    finish_pass(scan.plan, manifests, 1.0, 0, patience=30)
    assert {manifest.state for manifest in manifests.values()} == {State.TRANSFORMED}


def test_a_temporary_file_of_another_machine_is_not_taken_for_left_over(tmp_path: Path) -> None:
    """A number of a process there says nothing here; what has not changed for a day is left over, wherever it is of."""
    host, _, process = process_tag().partition("-")
    assert host == host_tag()
    gone, far = 4_000_000, "0a0a0a" if host != "0a0a0a" else "0b0b0b"
    names = [f".a.{far}-{gone}.tmp", f".b.{host}-{gone}.tmp", f".c.{host}-{process}.tmp", f".d.{gone}.tmp"]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in temporary_files(tmp_path)] == [names[1], names[3]]
    os.utime(tmp_path / names[0], (1e9, 1e9))
    assert [path.name for path in temporary_files(tmp_path)] == [names[0], names[1], names[3]]
