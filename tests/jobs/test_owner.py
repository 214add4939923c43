"""One writer a library, also where several machines share it and where the file system knows no locks."""

from __future__ import annotations

import errno
import os
import platform
import time
from pathlib import Path

import pytest

import halodb
from halodb.errors import HalodbWarning, LibraryError
from halodb.jobs import lock, owner, writing
from halodb.jobs.owner import OWNER_FILE, Owner, ask_to_stop, owner_of, token_of
from tests.conftest import Run

FAR = Owner(pid=4711, host="node7", boot="0", token="t")


def note_of(library: Path, writer: Owner, silent: float = 0.0) -> None:
    """The note of a writer that gave its last sign of life some seconds ago."""
    library.mkdir(exist_ok=True)
    note = library / OWNER_FILE
    note.write_text(writer.model_dump_json(), encoding="utf-8")
    then = time.time() - silent
    os.utime(note, (then, then))


class NoLock:
    """The lock of a file system that knows none."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def acquire(self) -> None:
        raise self._error


@pytest.fixture(params=["locks", "ENOSYS", "ENOLCK", "filelock says so"])
def _locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems with and without locks."""
    if request.param != "locks":
        number = getattr(errno, request.param, None)
        error = OSError(number, "no") if number else NotImplementedError("flock")
        monkeypatch.setattr(lock, "_lock", lambda _: NoLock(error))


@pytest.mark.usefixtures("_locks")
def test_a_second_writer_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    with writing(tmp_path):
        me = owner_of(tmp_path)
        assert (me and me.pid, me and me.host) == (os.getpid(), platform.node())
        with (
            pytest.raises(LibraryError, match=f"is being written to by process {os.getpid()}") as told,
            writing(tmp_path),
        ):
            pass
        assert "unlock" not in str(told.value)
    assert owner_of(tmp_path) is None
    with writing(tmp_path):
        pass


@pytest.mark.usefixtures("_locks")
@pytest.mark.parametrize("boot", ["", "that of before the power cut"])
def test_the_note_of_a_process_of_this_machine_that_is_gone_is_no_obstacle(tmp_path: Path, boot: str) -> None:
    note_of(tmp_path, Owner(pid=2**22 + 1, host=platform.node(), boot=boot, token="old"))
    with writing(tmp_path):
        assert token_of(tmp_path) not in {"", "old"}


@pytest.mark.usefixtures("_locks")
def test_the_note_of_another_machine_is_respected_until_it_is_unlocked(tmp_path: Path, halodb: Run) -> None:
    library = tmp_path / "library"
    note_of(library, FAR, silent=3)
    for silent, told in ((3, r"by process 4711 on node7\. .*halodb unlock"), (500, r"last sign of life was \d+ s ago")):
        note_of(library, FAR, silent)
        with pytest.raises(LibraryError, match=told), writing(library):
            pass
    status = halodb("status", library)
    assert "process 4711 on node7, silent for" in status.stdout, status.stdout + status.stderr
    note_of(library, FAR, silent=3)
    with pytest.raises(LibraryError, match=r"gave a sign of life \d s ago"):
        lock.unlock(library)
    assert lock.unlock(library, force=True) == "process 4711 on node7"
    note_of(library, FAR, silent=500)
    done = halodb("unlock", library)
    assert (done.returncode, "process 4711 on node7" in done.stderr) == (0, True), done.stderr
    assert halodb("unlock", library).returncode == 0
    with writing(library):
        pass


def test_a_writer_that_is_there_cannot_be_unlocked(tmp_path: Path, halodb: Run) -> None:
    with writing(tmp_path):
        done = halodb("unlock", tmp_path, "--force")
    assert (done.returncode, f"by process {os.getpid()}" in done.stderr) == (1, True), done.stderr


def test_a_writer_whose_place_was_taken_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "BEAT_SECONDS", 0.05)

    def hold_and_lose() -> None:
        with writing(tmp_path):
            before = (tmp_path / OWNER_FILE).stat().st_mtime_ns
            time.sleep(0.3)
            assert (tmp_path / OWNER_FILE).stat().st_mtime_ns > before
            note_of(tmp_path, FAR)
            time.sleep(10)

    with pytest.warns(HalodbWarning, match="taken over by process 4711 on node7"), pytest.raises(KeyboardInterrupt):
        hold_and_lose()
    assert token_of(tmp_path) == FAR.token  # it is not its own to remove


def test_a_writer_is_asked_to_stop_by_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "BEAT_SECONDS", 0.05)
    asked: list[str] = []

    def hold() -> None:
        with writing(tmp_path):
            me = owner_of(tmp_path)
            assert me is not None
            for token in ("an earlier one", me.token):
                asked.append(token)
                ask_to_stop(tmp_path, me.model_copy(update={"token": token}))
                time.sleep(0.3)
            time.sleep(10)

    with pytest.raises(KeyboardInterrupt):
        hold()
    assert len(asked) == 2
    assert not (tmp_path / owner.STOP_FILE).exists()


def test_stopping_a_writer_of_another_machine(tmp_path: Path) -> None:
    note_of(tmp_path, FAR)
    with pytest.raises(LibraryError, match=r"process 4711 on node7 was asked to stop .* halodb unlock"):
        halodb.stop(tmp_path, seconds=0.1)
    assert (tmp_path / owner.STOP_FILE).read_text(encoding="ascii") == FAR.token


def test_the_status_of_a_run_on_another_machine(tmp_path: Path) -> None:
    """A number of a process there is not looked up here, where it may be that of anybody."""
    note_of(tmp_path, FAR.model_copy(update={"pid": os.getpid()}), silent=300)
    status = halodb.read_status(tmp_path)
    assert (status.writer, status.host, status.memory) == (os.getpid(), "node7", {})
    assert status.silent is not None
    assert status.silent > 290
