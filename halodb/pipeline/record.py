"""What a run tells of itself while it goes on, for `halodb status` in another terminal."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import Field

from halodb.documents import Document, read_whole_document, write_document
from halodb.errors import OutputError
from halodb.files import PATIENCE_SECONDS
from halodb.jobs.state import State
from halodb.pipeline.plan import Plan
from halodb.transformation import Progress

RECORD_FILE = "run.json"
_EVERY_SECONDS = 2.0
_PATIENCE_AT_WORK = 0.1
"""Seconds; while it is written no unit is handed out."""


UNDER_WAY = (State.TRANSFORMING, State.DEDUPLICATING)


class RunRecord(Document):
    """The newest run of a library. Moments in UTC, times in seconds.

    `failures` are reasons by job, `progress` how far the pass under way is, `dedup` how far its dedup. `ended` is false
    in a run that is going on, or was killed. `host` is the machine of `process`, empty in records of older versions.
    """

    process: int
    host: str = ""
    began_at: datetime
    ended: bool = False
    plan: Plan
    temp_directory: str | None = None
    passes: dict[str, State]
    failures: dict[str, str] = Field(default_factory=dict)
    progress: Progress | None = None
    dedup: Progress | None = None
    seconds: float = 0.0

    @property
    def under_way(self) -> tuple[str, State] | None:
        """The input whose pass is under way, and what is being done."""
        return next(((name, state) for name, state in self.passes.items() if state in UNDER_WAY), None)

    @property
    def newest_progress(self) -> Progress | None:
        """How far that is."""
        deduplicating = self.under_way is not None and self.under_way[1] is State.DEDUPLICATING
        return self.dedup if deduplicating else self.progress


class Recorder:
    """Keeps the record of a run on disk, replaced in one step, at most every two seconds while a pass goes on.

    Where it cannot be written the run goes on without: the work itself will tell of a full disk, or of permissions.

    Attributes:
        record: the record.
    """

    def __init__(self, library: Path, plan: Plan, temp_directory: Path | None, began_at: datetime) -> None:
        """Begin a record.

        Raises:
            NewerVersionError: a newer halodb wrote the one that is there.
        """
        read_record(library)
        self._path = library / RECORD_FILE
        self._began = time.monotonic()
        self._written = 0.0
        self._patience = PATIENCE_SECONDS
        self.record = RunRecord(
            process=os.getpid(),
            host=platform.node(),
            began_at=began_at,
            plan=plan,
            temp_directory=str(temp_directory) if temp_directory else None,
            passes={one.input: State.WAITING for one in plan.passes},
        )
        self._write_if_possible()

    def set(self, name: str, state: State) -> None:
        """A pass is in another state."""
        self.record.passes[name] = state
        self.record.dedup = None
        if state is not State.DEDUPLICATING:
            self.record.progress = None
        self._write_if_possible()

    def progress(self, progress: Progress) -> None:
        """How far the pass under way is, or its dedup."""
        progress = replace(progress, seconds=round(progress.seconds, 3))
        if self.record.under_way is not None and self.record.under_way[1] is State.DEDUPLICATING:
            self.record.dedup = progress
        else:
            self.record.progress = progress
        if time.monotonic() - self._written >= _EVERY_SECONDS:
            self._write_if_possible(_PATIENCE_AT_WORK)

    def end(self) -> None:
        """The run has ended, well or not."""
        self.record.ended = True
        self._write_if_possible()

    def _write_if_possible(self, patience: float = PATIENCE_SECONDS) -> None:
        try:
            self.write(min(patience, self._patience))
            self._patience = PATIENCE_SECONDS
        except OutputError:  # whoever has it open may have it open for hours: wait for them once
            self._patience = _PATIENCE_AT_WORK

    def write(self, patience: float = PATIENCE_SECONDS) -> None:
        """Replace the file.

        Raises:
            DiskFullError, OutputError: it cannot be written.
        """
        self._written = time.monotonic()
        self.record.seconds = round(self._written - self._began, 3)
        write_document(self._path, self.record, patience=patience)


def read_record(library: Path) -> RunRecord | None:
    """The record of a library's newest run; None where there was none, or it is damaged.

    Raises:
        NewerVersionError: a newer halodb works in this library.
    """
    return read_whole_document(library / RECORD_FILE, RunRecord)
