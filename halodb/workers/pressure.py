"""A word from the main process to its workers: memory is short, hold less."""

from __future__ import annotations

import mmap
from pathlib import Path

from halodb.files import write_error, write_in_place
from halodb.workers.place import working_directory_of


class Pressure:
    """One byte in a small file that processes map into memory: to look at it costs no system call.

    The main process makes it and sets it; a worker opens it and looks.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

    @classmethod
    def make(cls, directory: Path) -> Pressure:
        """A new one, low, for the workers of `directory`."""
        write_in_place(_path(directory), b"\0")
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path) -> Pressure:
        """The one that the main process made."""
        path = _path(directory)
        try:
            with path.open("r+b") as file:
                return cls(mmap.mmap(file.fileno(), 1))
        except OSError as error:
            raise write_error(error, path) from error

    def set(self, high: bool) -> None:
        """Say whether memory is short."""
        self._memory[0] = int(high)

    def is_high(self) -> bool:
        """Whether memory is short."""
        return self._memory[0] != 0

    def close(self) -> None:
        """Let go of the file, so that it can be removed on Windows too."""
        self._memory.close()


def _path(directory: Path) -> Path:
    return working_directory_of(directory) / "pressure"
