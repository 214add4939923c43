"""The memory trace of a library: what each process of its runs held, and when, as Parquet beside the report."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from halodb.files import whole_file

TRACE_FILE = "memory_trace.parquet"
TRACE_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("time", pa.timestamp("ms", tz="UTC"), nullable=False),
        pa.field("seconds", pa.float64(), nullable=False),  # since the run began, by a clock that does not jump
        pa.field("process", pa.int64(), nullable=False),
        pa.field("role", pa.string(), nullable=False),  # main or worker
        pa.field("bytes", pa.int64(), nullable=False),  # PSS, the most of the interval
    ]
)

_INTERVAL_SECONDS = 5.0
"""A row for each process: ten days of 17 processes are 3 million rows, some 10 MB."""

_MOST_HELD = 100_000

_Row = tuple[datetime, float, int, str, int]


class MemoryTrace:
    """Collects samples of a run; `add` is called by the meter's thread, `write` by the run between its passes.

    A run that is killed loses what was not written yet: the samples of the pass that it was in, or the newest 100,000.
    """

    def __init__(self, library: Path) -> None:
        self._path = library / TRACE_FILE
        self._rows: list[_Row] = []
        self._most: dict[int, int] = {}
        self._began = time.monotonic()
        self._next = 0.0
        self._guard = threading.Lock()

    def add(self, by_process: Mapping[int, int]) -> None:
        """Note a sample: bytes by process id."""
        with self._guard:
            for process, held in by_process.items():
                self._most[process] = max(held, self._most.get(process, 0))
            if time.monotonic() - self._began >= self._next:
                self._note()

    def _note(self) -> None:
        now, seconds = datetime.now(UTC), round(time.monotonic() - self._began, 3)
        for process, held in self._most.items():
            self._rows.append((now, seconds, process, "main" if process == os.getpid() else "worker", held))
        self._most = {}
        self._next = seconds + _INTERVAL_SECONDS

    def is_full(self) -> bool:
        """Whether it holds so much that it should be written now."""
        return len(self._rows) >= _MOST_HELD

    def write(self) -> None:
        """Append what was collected to the library's trace.

        Raises:
            DiskFullError, OutputError: it cannot be written.
        """
        with self._guard:
            if self._most:
                self._note()
            rows, self._rows = self._rows, []
        if not rows:
            return
        try:
            self._append(rows)
        except BaseException:
            with self._guard:  # for the next time
                self._rows = rows + self._rows
            raise

    def _append(self, rows: list[_Row]) -> None:
        columns = [
            pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), TRACE_SCHEMA, strict=True)
        ]
        with whole_file(self._path) as temporary, pq.ParquetWriter(temporary, TRACE_SCHEMA, compression="zstd") as out:
            for batch in self._before():
                out.write_batch(batch)
            out.write_table(pa.Table.from_arrays(columns, schema=TRACE_SCHEMA))

    def _before(self) -> Iterator[pa.RecordBatch]:
        """What earlier runs wrote; a trace that cannot be read is not worth a run."""
        try:
            with pq.ParquetFile(self._path) as parquet:
                if parquet.schema_arrow.equals(TRACE_SCHEMA):
                    yield from parquet.iter_batches()
        except (pa.ArrowException, OSError):
            return
