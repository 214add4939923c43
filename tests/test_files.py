"""A file that somebody has open, which on Windows can be neither replaced nor removed, is waited for."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from halodb import files
from halodb.errors import HalodbWarning, OutputError
from halodb.files import read_file, remove_file, remove_tree, rename_file, write_in_place, write_whole

SHARING_VIOLATION, ACCESS_DENIED, DISK_IS_GONE = 32, 5, 1117


class WindowsError(PermissionError):
    """What Windows raises."""

    def __init__(self, winerror: int) -> None:
        super().__init__(errno.EACCES, "The process cannot access the file")
        self.winerror = winerror


Hold = Callable[[str, int, int], list[str]]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """Let a method of `Path` fail some times, as if somebody had the file open; the calls that failed."""

    def refuse(name: str, times: int, winerror: int = SHARING_VIOLATION) -> list[str]:
        refused: list[str] = []
        plain = getattr(Path, name)

        def method(path: Path, *arguments: object, **named: object) -> object:
            if len(refused) < times:
                refused.append(path.name)
                raise WindowsError(winerror)
            return plain(path, *arguments, **named)

        monkeypatch.setattr(Path, name, method)
        return refused

    return refuse


@pytest.mark.parametrize("winerror", [SHARING_VIOLATION, ACCESS_DENIED])
def test_replacing_waits(hold: Hold, tmp_path: Path, winerror: int) -> None:
    refused = hold("replace", 3, winerror)
    write_whole(tmp_path / "manifest.json", b"new")
    assert len(refused) == 3
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"manifest.json": b"new"}


def test_removing_renaming_and_reading_wait(hold: Hold, tmp_path: Path) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_bytes(b"content")
    assert len(hold("rename", 2, SHARING_VIOLATION)) == 0
    rename_file(file, other)
    held = hold("read_bytes", 2, SHARING_VIOLATION)
    assert (read_file(other), held) == (b"content", ["other", "other"])
    held = hold("unlink", 2, ACCESS_DENIED)
    remove_file(other)
    assert (list(tmp_path.iterdir()), held) == ([], ["other", "other"])


def test_it_waits_for_some_seconds_and_then_says_what_to_do(
    hold: Hold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    file = tmp_path / "products.parquet"
    file.write_bytes(b"old")
    hold("replace", 1000, SHARING_VIOLATION)
    with pytest.raises(
        OutputError, match=r"products\.parquet: The process cannot access the file\. Another program may"
    ):
        write_whole(file, b"new", patience=0.2)
    assert pauses[:3] == [0.01, 0.02, 0.04]
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"products.parquet": b"old"}


def test_other_errors_are_not_waited_for(hold: Hold, tmp_path: Path) -> None:
    refused = hold("replace", 2, DISK_IS_GONE)
    with pytest.raises(OutputError):
        write_whole(tmp_path / "file", b"")
    assert len(refused) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there EACCES alone may mean that somebody has the file open")
def test_no_permission_is_told_at_once_where_no_reader_stops_a_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waited"))
    with pytest.raises(PermissionError):
        read_file(tmp_path)


def test_a_tree_goes_but_for_what_is_held_and_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tmp_path / "shards"
    (tree / "deep").mkdir(parents=True)
    held, once = tree / "held.parquet", tree / "deep" / "held once.parquet"
    for file in (held, once, tree / "free.parquet"):
        file.touch()
    plain = os.unlink
    refused: list[str] = []

    def unlink(name: str, **named: object) -> None:
        if Path(name).name == held.name or (Path(name).name == once.name and not refused):
            refused.append(name)
            raise WindowsError(SHARING_VIOLATION)
        plain(name, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "unlink", unlink)
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.3)
    with pytest.warns(HalodbWarning, match=r"held\.parquet .* could not be removed; `halodb clean` will try again"):
        remove_tree(tree)
    assert [path for path in tree.rglob("*") if path.is_file()] == [held]


def test_a_small_file_is_written_in_place(tmp_path: Path) -> None:
    file = tmp_path / "working" / "pressure"
    write_in_place(file, b"\1\2\3")
    node = file.stat().st_ino
    write_in_place(file, b"\0")
    assert (file.read_bytes(), file.stat().st_ino) == (b"\0\2\3", node)
    with pytest.raises(OutputError, match=r"file\.parquet"):
        write_in_place(tmp_path / "working" / "pressure" / "file.parquet", b"")
