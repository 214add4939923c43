"""DuckDB as halodb uses it: in memory, under a budget, spilling to a directory; statements come from `sql/`."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from halodb.errors import HalodbError, InputError, QueryError
from halodb.files import disk_full, free_bytes, process_tag, write_error
from halodb.readers import bound
from halodb.resources import resource
from halodb.temporary import SPILL_PREFIX

if TYPE_CHECKING:
    import pyarrow as pa

_OWN_BYTES = 192 * 1024**2
"""Python, DuckDB's code and what its buffer manager does not count; measured: 1 GB of limit peaks at 1.1 GB."""

_BYTES_A_THREAD = 128 * 1024**2
"""DuckDB's own advice is 125 MB a thread at the least for aggregation."""

_DISK_RESERVE = 1024**3
"""Bytes of the disk that spilling leaves to others."""

_DAMAGED = "The file is damaged: make it again."

_LOOK_SECONDS = 0.2

_spill_numbers = itertools.count()

Answer = TypeVar("Answer")


def connect(
    place: Path, memory: int, temp_directory: Path | str | None = None, *, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that keeps to a budget.

    Args:
        place: the library, or whatever directory the work is done in.
        memory: budget of this process, in bytes.
        temp_directory: where to spill; in `place` by default. DuckDB makes a directory in it when it first spills, and
            removes it when it is closed.
        threads: at most; as many as there are cores by default, or as the budget carries where that is less.
    """
    limit = memory - _OWN_BYTES
    place = Path(temp_directory) if temp_directory else place
    connection = duckdb.connect()
    for setting, value in {
        "memory_limit": f"{limit}B",
        "threads": max(1, min(threads or os.cpu_count() or 1, limit // _BYTES_A_THREAD)),
        "temp_directory": str(place.absolute() / f"{_spill_prefix()}{next(_spill_numbers)}"),
        "max_temp_directory_size": f"{max(free_bytes(place) - _DISK_RESERVE, _DISK_RESERVE // 4)}B",
        "autoinstall_known_extensions": False,  # on a closed network a download is a time-out
        "autoload_known_extensions": False,
        "allocator_bulk_deallocation_flush_threshold": "1MB",  # or it keeps 130 MB that others here may need
        "enable_external_file_cache": False,  # it would hold what was read once, beside workers that need the memory
    }.items():
        connection.execute(f"SET {setting} = $value", {"value": value})  # the names are ours, the values bound
    with contextlib.suppress(duckdb.InvalidInputException):  # in Jupyter without ipywidgets there is no bar
        connection.execute("SET enable_progress_bar = false")
    connection.execute("SET VARIABLE halodb_memory_limit = $limit", {"limit": limit})  # DuckDB tells it rounded
    return connection


def limit_of(connection: duckdb.DuckDBPyConnection) -> int:
    """Bytes that DuckDB may hold on a connection that `connect` made."""
    ((limit,),) = connection.execute("SELECT getvariable('halodb_memory_limit')::BIGINT").fetchall()
    return int(limit or 0)


@contextlib.contextmanager
def working_directory(connection: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """A directory for files between the statements of a connection, where it spills; it goes with all that is in it.

    Raises:
        DiskFullError, OutputError: it cannot be made.
    """
    ((spill,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    place = Path(spill).parent
    try:
        made = temporary_directory(place)
    except OSError as error:
        raise write_error(error, place) from error
    with made as directory:
        yield Path(directory)


def temporary_directory(place: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """A directory of this process in a place, or in the system's own; whatever becomes of it, `halodb clean` knows it.

    Raises:
        OSError: it cannot be made.
    """
    return tempfile.TemporaryDirectory(prefix=_spill_prefix(), dir=place, ignore_cleanup_errors=True)


def _spill_prefix() -> str:
    """Begin of the names of this process's directories with temporary data: `halodb clean` knows whose they were."""
    return f"{SPILL_PREFIX}{process_tag()}-"


def statement(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return resource("sql", f"{name}.sql").read_text(encoding="utf-8")


def interruptible(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Answer], stop: Callable[[], None] | None = None
) -> Answer:
    """Do work of a connection so that Ctrl-C ends it; it comes as KeyboardInterrupt. `stop` ends what is not DuckDB's.

    Python handles no signal until DuckDB returns, and DuckDB 2.0 looks for signals only between tasks that the calling
    thread does itself: not while its other threads have them all, nor while it prints or writes a relation. So a thread
    does the work, and this one waits where signals are handled.
    """
    with ThreadPoolExecutor(1, "duckdb") as thread:
        done = thread.submit(work)
        try:
            while not wait([done], _LOOK_SECONDS).done:  # on Windows a wait without an end takes no Ctrl-C
                take_back_interrupts()
        except KeyboardInterrupt:
            if stop is not None:
                stop()
            while not done.done():  # the work may just be about to begin
                connection.interrupt()
                wait([done], _LOOK_SECONDS)
            raise
        return done.result()


def take_back_interrupts() -> None:
    """Have Ctrl-C come to Python again.

    RDKit takes SIGINT while it matches, and gives it back to who had it before; of two matches at once one may give it
    back to RDKit, for good. Python then goes on to believe that it has it.
    """
    if threading.current_thread() is threading.main_thread() and callable(handler := signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, handler)


def run_statement(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Run a named statement with bound parameters; files are given as `Path`, those that it reads are taken literally.

    Raises:
        DiskFullError: there was no room to spill or to write.
        QueryError: it needs more memory than it may have.
        InputError: a file that it reads is damaged.
    """
    with file_errors(connection):
        text = statement(name)
        values = bound(text, parameters or {})
        return interruptible(connection, lambda: connection.execute(text, values))


def rows_of_statement(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, Any], batch: int
) -> Iterator[pa.RecordBatch]:
    """The rows of a named SELECT as they come, in batches: memory does not hold all of them.

    Raises:
        DiskFullError, QueryError, InputError: see `run_statement`.
    """
    with file_errors(connection):
        text = statement(name)
        values = bound(text, parameters)
        reader = interruptible(connection, lambda: connection.sql(text, params=values).to_arrow_reader(batch))
        while (rows := interruptible(connection, lambda: next(reader, None))) is not None:
            yield rows


@contextlib.contextmanager
def file_errors(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Turn DuckDB's errors on statements of our own into those for the user.

    These statements are right, so what fails is a file: a flipped byte can make DuckDB say anything.
    """
    try:
        yield
    except duckdb.Error as error:
        told = _translated(error, connection)
        if type(told) is QueryError and not isinstance(error, duckdb.OutOfMemoryException):
            told = InputError(f"{_first_line(error)}.", _DAMAGED)
        raise told from error


@contextlib.contextmanager
def translated_errors(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Turn DuckDB's errors on a user's query into those for the user."""
    try:
        yield
    except duckdb.Error as error:
        raise _translated(error, connection) from error


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _translated(error: duckdb.Error, connection: duckdb.DuckDBPyConnection) -> HalodbError:
    text = str(error)
    first = _first_line(error)
    lowered = text.lower()
    if "no space left" in lowered or "max_temp_directory_size" in lowered or "not enough space" in lowered:
        row = connection.execute("SELECT current_setting('temp_directory')").fetchone()
        return disk_full(Path(row[0]) if row else Path())
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryError(f"{first}.", "Give it more with --memory, or narrow the query.")
    if isinstance(error, duckdb.InvalidInputException | duckdb.IOException) and "parquet" in lowered:
        return InputError(f"{first}.", _DAMAGED)
    return QueryError(text.rstrip(".\n") + ".", 'Correct the SQL; `halodb sql "SHOW TABLES"` lists the views.')
