"""What was left out of an export, row by row, with the reason: a CSV file beside it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from halodb.files import whole_file, write_error

_HEADER = ("name", "smiles", "reason")


class Failures:
    """Counts failures and keeps them on disk; there may be as many as rows.

    Attributes:
        count: so far.
    """

    def __init__(self, directory: Path) -> None:
        self.count = 0
        self._draft = directory / "failures.csv"
        self._file: IO[str] | None = None

    def add(self, failures: Iterable[tuple[str, str, str]]) -> None:
        """Names, SMILES and reasons.

        Raises:
            DiskFullError, OutputError: they cannot be written.
        """
        for failure in failures:
            try:
                if self._file is None:
                    self._file = self._draft.open("w", encoding="utf-8", errors="backslashreplace", newline="")
                    csv.writer(self._file, lineterminator="\n").writerow(_HEADER)
                csv.writer(self._file, lineterminator="\n").writerow(failure)
            except OSError as error:
                raise write_error(error, self._draft) from error
            self.count += 1

    def write(self, file: Path) -> None:
        """Write them to a file, whole; none where there are none.

        Raises:
            DiskFullError, OutputError: it cannot be written.
        """
        if self._file is None:
            return
        self.close()
        with whole_file(file) as temporary:
            shutil.copyfile(self._draft, temporary)

    def close(self) -> None:
        """Let go of the file, so that it can be removed on Windows too."""
        if self._file is not None:
            self._file.close()
