"""`halodb export`: rows of a library to files of molecules or tables."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.errors import OutputError, UsageError
from halodb.exporting.form import Kind, form_of
from halodb.exporting.target import Target
from halodb.exporting.write import write_rows
from halodb.library import open_library
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.selection import rows_of_products, rows_of_query
from halodb.selection.listed import as_list
from halodb.selection.rows import check_query_or_condition
from halodb.workers.listener import SILENT, Listener


@dataclass(frozen=True)
class ExportReport:
    """What was exported.

    Attributes:
        path: the file, or the directory of a set of files.
        files: the files, in the order of the rows.
        rows: that were written; of molecules, those that could be.
        failures: molecules that were left out.
        failures_file: tells them with their reasons; None where there are none.
        seconds: wall time.
        peak_memory: bytes, the most that the process tree held at once.
    """

    path: Path
    files: tuple[Path, ...]
    rows: int
    failures: int
    failures_file: Path | None
    seconds: float
    peak_memory: int


def export(
    library: Path | str,
    output: Path | str,
    *,
    query: str | None = None,
    where: str | None = None,
    columns: Sequence[str] | str | None = None,
    name: str | None = None,
    coordinates: str = "2d",
    split: int | None = None,
    replace: bool = False,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> ExportReport:
    """Write products, or the rows of a query, to files that other programs take.

    The ending of the name tells the format: `.smi`, `.sdf`, `.csv`, `.tsv`, `.json` (each also `.gz`), `.pdbqt` or
    `.parquet`. Molecules have the product's `id` for a name. The bytes are the same each time, with any number of
    workers; a file or a set of files is whole or absent. A molecule that cannot be written is left out, counted, and
    kept with its reason in `<name>_failures.csv` beside.

    Args:
        library: directory of the library.
        output: the file. With `split`, the files are `hits/hits-00001.smi` and so on for `hits.smi`, and
            `hits/export.json` lists them.
        query: one SELECT, in whose order the rows come; it needs a column `smiles` for molecules.
        where: a condition over `products` instead; all of them by default. They come in the order of the library: jobs
            by name, rows as in the result.
        columns: columns or expressions of SQL: of a table, tags of an SD file, further fields of a line of SMILES. By
            default those of `products`, or all of the query; of a line of SMILES none.
        name: the column with the names of the molecules of a query; `id` or `name` by default, else they are numbered.
        coordinates: of an SD file, `2d` or `3d`: hydrogens and one conformer by ETKDG. Its seed follows from the
            molecule, and so does the way that it takes where stereo is left open.
        split: rows a file.
        replace: write over what is there.
        workers: processes, for SD and PDBQT files; the machine's cores by default.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills and workers leave pieces; in the library by default.
        listener: told how far it is.

    Raises:
        UsageError: an ending, a column or a combination of arguments that does not exist.
        LibraryError: there is no library.
        QueryError: DuckDB refused the query or the condition.
        OutputError, DiskFullError: something is there already, or it cannot be written.

    Example:
        >>> halodb.export("library", "hits.sdf", where="logp(smiles) < 3", coordinates="3d").rows  # doctest: +SKIP
    """
    started = time.monotonic()
    target, space = target_of(Path(output), coordinates=coordinates, split=split, replace=replace)
    check_query_or_condition(query, where)
    if name is not None and (query is None or not target.form.of_molecules):
        raise UsageError("names are for the molecules of a query.", "Products are named by their id.")
    listed = as_list(columns)
    if listed is None and target.form.kind in {Kind.SMI, Kind.PDBQT}:
        listed = []
    molecules = target.form.of_molecules
    with contextlib.ExitStack() as stack:
        meter = stack.enter_context(MemoryMeter())
        opened = stack.enter_context(open_library(library, memory=memory, temp_directory=temp_directory))
        if query is None:
            rows = rows_of_products(opened, where=where, columns=listed, molecules=molecules)
        else:
            rows = rows_of_query(opened, query, columns=listed, molecules=molecules, name=name)
        written = write_rows(
            rows,
            target,
            space=space,
            workers=workers,
            memory=parse_budget(memory),
            meter=meter,
            temp_directory=temp_directory,
            listener=listener,
        )
        if not written.rows and not written.failures:
            opened.tell_absent(rows.text)
    return ExportReport(
        path=target.path,
        files=written.files,
        rows=written.rows,
        failures=written.failures,
        failures_file=target.failures if written.failures else None,
        seconds=time.monotonic() - started,
        peak_memory=meter.peak,
    )


def target_of(file: Path, *, coordinates: str, split: int | None, replace: bool) -> tuple[Target, bool]:
    """Where an export goes, and whether its coordinates are in space.

    Raises:
        UsageError: they do not fit together, or the name tells no format.
        OutputError: something is there, or nothing can be written there.
    """
    if file.is_dir() and split is None:
        raise OutputError(f"{file} is a directory.", "Name a file in it.")
    form = form_of(file)
    if split is not None and split < 1:
        raise UsageError(f"files of {split} rows hold nothing.", "Split into files of 1 row or more.")
    if coordinates not in {"2d", "3d"}:
        raise UsageError(f"there are no coordinates {coordinates!r}.", "Ask for 2d or 3d.")
    if coordinates == "3d" and form.kind not in {Kind.SDF, Kind.PDBQT}:
        raise UsageError(f"a {form.ending} file has no coordinates.", "Let the name end with .sdf.")
    target = Target(file, form, split, replace)
    target.check()
    return target, coordinates == "3d"
