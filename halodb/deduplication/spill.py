"""How much DuckDB has spilled: it does not tell, so somebody looks."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from types import TracebackType

import duckdb

_LOOK_SECONDS = 0.5


class SpillWatch:
    """Looks at the files that a connection spills, twice a second while its `with` block lasts.

    Attributes:
        most: bytes, the most that were there at a look.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        ((spill,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
        self.most = 0
        self._directory = Path(spill)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="spill", daemon=True)

    def __enter__(self) -> SpillWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            found = 0
            with contextlib.suppress(OSError):  # there is none yet, or a file went meanwhile
                found = sum(file.stat().st_size for file in self._directory.iterdir())
            self.most = max(self.most, found)
