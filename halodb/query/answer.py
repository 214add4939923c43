"""`halodb sql`: run statements on a library and write the last one's result."""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path

from duckdb import DuckDBPyRelation

from halodb.engine import interruptible
from halodb.errors import QueryError, UsageError
from halodb.exporting import Form, Kind, form_of
from halodb.files import whole_file, write_error
from halodb.library import Library
from halodb.query.formats import Format, has_rows, write_file
from halodb.query.table import write_table


def run_query(library: Library, text: str, *, form: Format | None = None, output: Path | None = None) -> None:
    """Run one or more SQL statements and write the result of the last to a file or to standard output.

    A file of molecules, of tabs or of gzip is written as `halodb export` writes it, an SD file in the plane.

    Args:
        library: an open library.
        text: SQL statements, separated by semicolons.
        form: format of the result; by default what the output's name ends with, or a table on standard output.
        output: a file, whole or absent; standard output by default.

    Raises:
        QueryError: DuckDB refused or could not finish a statement, or there is none.
        UsageError: Parquet would go to a terminal, or the output's name tells no format.
        OutputError, DiskFullError: the file cannot be written.
    """
    if form is None and output is not None and not _is_plain(exported := form_of(output)):
        from halodb.query.exported import export_query  # noqa: PLC0415  it imports RDKit, and a query waits for none

        export_query(library, text, output, exported)
        return
    form = form or _form_of(output)
    if output is None and form is Format.PARQUET and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal.", "Name a file with -o FILE, or send it through a pipe.")
    library.functions.prepare(text)
    with library.asking(text):
        library.check(text)
        has = interruptible(library.connection, lambda: _run(library, text, form, output), library.functions.stop)
    if not has:
        library.tell_absent(text)


def _run(library: Library, text: str, form: Format, output: Path | None) -> bool:
    """Whether the result has rows; so counts a statement that has no result."""
    result = library.connection.sql(library.with_index(text))
    if result is None:
        _check_not_empty(library, text)
        return True
    if output is not None:
        with whole_file(output) as temporary:
            return _write(result, form, temporary, library)
    if form is Format.TABLE:
        return write_table(result)
    return _write_to_standard_output(result, form, library)


def _check_not_empty(library: Library, text: str) -> None:
    if not library.connection.extract_statements(text):
        raise QueryError("there is no SQL statement.", "Give one, or a file of them with -f FILE.")


def _write(result: DuckDBPyRelation, form: Format, file: Path, library: Library) -> bool:
    if form is Format.TABLE:
        with file.open("w", encoding="utf-8") as text, contextlib.redirect_stdout(text):
            return write_table(result)
    if library.read_only:  # its connection may not write there
        with library.scratch() as place:
            write_file(result, form, place / "result", library.connection)
            shutil.copyfile(place / "result", file)
    else:
        write_file(result, form, file, library.connection)
    return has_rows(form, file)


def _write_to_standard_output(result: DuckDBPyRelation, form: Format, library: Library) -> bool:
    """DuckDB writes files; what goes to standard output takes the way over one, on the disk that has room for it."""
    with library.scratch() as place:
        file = place / "result"
        write_file(result, form, file, library.connection)
        try:
            with file.open("rb") as source:
                shutil.copyfileobj(source, sys.stdout.buffer, 1 << 20)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
            raise
        except OSError as error:
            raise write_error(error, Path("standard output")) from error
        return has_rows(form, file)


def _form_of(output: Path | None) -> Format:
    return Format.TABLE if output is None else Format(form_of(output).kind)


def _is_plain(form: Form) -> bool:
    """Whether DuckDB writes such a file by itself."""
    return form.kind in {Kind.CSV, Kind.JSON, Kind.PARQUET} and not form.compressed
