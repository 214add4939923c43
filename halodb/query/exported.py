"""The result of a query as a file that `halodb export` writes: molecules, or a table that is compressed or of tabs."""

from __future__ import annotations

import warnings
from functools import partial
from pathlib import Path

from halodb.engine import interruptible
from halodb.errors import HalodbWarning
from halodb.exporting.form import Form, Kind
from halodb.exporting.target import Target
from halodb.exporting.write import write_rows
from halodb.library import Library
from halodb.memory import MemoryMeter
from halodb.selection import rows_of_query


def export_query(library: Library, text: str, output: Path, form: Form) -> None:
    """Run statements, and write the rows of the last one.

    Args:
        library: open.
        text: SQL statements, of which the last is a SELECT.
        output: the file; what is there is replaced, as by other formats.
        form: of the file.

    Raises:
        QueryError: DuckDB refused a statement, or the last one has no rows.
        UsageError: the rows have no column `smiles`, which molecules need.
        OutputError, DiskFullError: the file cannot be written.
    """
    target = Target(output, form, None, replace=True)
    target.check()
    library.functions.prepare(text)
    with library.asking(text):
        library.check(text)
        statements = library.connection.extract_statements(text)
        for each in statements[:-1]:
            interruptible(library.connection, partial(library.connection.execute, each.query), library.functions.stop)
    columns: list[str] | None = [] if form.kind in {Kind.SMI, Kind.PDBQT} else None
    rows = rows_of_query(
        library, statements[-1].query if statements else "", columns=columns, molecules=form.of_molecules
    )
    with MemoryMeter() as meter:
        written = write_rows(
            rows, target, space=form.kind is Kind.PDBQT, workers=None, memory=library.memory, meter=meter
        )
    if not written.rows and not written.failures:
        library.tell_absent(text)
    if written.failures:
        told = f"{written.failures:,} of {written.rows + written.failures:,} rows are left out: {target.failures}"
        warnings.warn(told, HalodbWarning, stacklevel=2)
