"""From a chemist's file to the inputs `<class>-0X`: canonical, classified, each parent once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import rdkit
from pydantic import Field

from halodb.documents import BareName, Document, read_whole_document, write_document
from halodb.engine import run_statement
from halodb.errors import InputError, LibraryError
from halodb.files import digest, remove_tree, whole_file
from halodb.halogenation.prepare import PARENT_REJECT_SCHEMA, Prepared, PreparePlan, prepare_unit, start_worker
from halodb.halogenation.rejects import FirstReject, first_reject, unusable
from halodb.inputs import InputName
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.jobs.job import ENGINE_VERSION, PASSES_DIRECTORY
from halodb.reading import READING_VERSION, Staged, check_file, stage_parents
from halodb.transformation.pass_plan import Limits
from halodb.units import Unit, cut, estimate_costs
from halodb.workers.executor import LocalPool
from halodb.workers.governor import WorkerBudget
from halodb.workers.listener import Listener
from halodb.workers.pool import Work
from halodb.workers.progress import Progress
from halodb.workers.task import UnitTask

RECORD_FILE = "parents.json"
REJECTS_FILE = "parents_rejects.parquet"


class ParentsRecord(Document):
    """What was made of a file of parents.

    Attributes:
        source: the file.
        digest: of its bytes.
        rows: of the file, without headers, blank lines and comments.
        max_heavy_atoms: parents with more were rejected.
        rdkit: version that made the SMILES canonical.
        engine: version of halodb's engine.
        classes: distinct parents by class.
        duplicates: rows whose molecule an earlier row has.
        rejects: rows by reason; with line and name they are in `parents_rejects.parquet`.
        first_reject: the first of them.
        columns: the file's columns that gave `smiles`, `name` and `class`; empty where it has no header.
        ignored: its other columns.
        skipped: lines that are no rows, by kind.
        spanning: rows that go on over several lines.
        reading: `READING_VERSION` of the halodb that read the file; 0 before there was one.
    """

    source: str
    digest: str
    rows: int
    max_heavy_atoms: int
    rdkit: str = rdkit.__version__
    engine: int = ENGINE_VERSION
    classes: dict[BareName, int]
    duplicates: int
    rejects: dict[str, int]
    first_reject: FirstReject | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    ignored: list[str] = Field(default_factory=list)
    skipped: dict[str, int] = Field(default_factory=dict)
    spanning: int = 0
    reading: int = 0

    @property
    def rejected(self) -> int:
        """Rows that were rejected."""
        return sum(self.rejects.values())


def prepare_parents(
    file: Path,
    output: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    budget: WorkerBudget,
    limits: Limits,
    replace: bool,
    listener: Listener,
) -> ParentsRecord:
    """Write `<class>-0X/products.parquet` for every class that has parents; nothing where that is done already.

    Columns: smiles (canonical), parent_row (first row of the file that has it), sources (rows that have it), name.

    Raises:
        InputError: the file cannot be read, names a class that there is not, or has no row that can be used.
        LibraryError: the directory was made of another file and `replace` is not set.
    """
    check_file(file)
    source_digest = digest(file)
    before = _read_record(output)
    if before is not None:
        same = (before.digest, before.max_heavy_atoms, before.rdkit, before.engine, before.reading) == (
            source_digest,
            limits.max_heavy_atoms,
            rdkit.__version__,
            ENGINE_VERSION,
            READING_VERSION,
        )
        if same and all(_is_whole(_result(output, name), rows) for name, rows in before.classes.items()):
            return before
        if not same and not replace:
            raise LibraryError(
                f"{output} was made from {before.source} ({before.rows:,} rows, RDKit {before.rdkit}"
                f"{'' if before.reading == READING_VERSION else ', by a halodb that read files in another way'}).",
                "Choose another directory, or let it be made anew with --replace.",
            )
    directory = output / PASSES_DIRECTORY / "parents"
    remove_tree(directory)
    staged = directory / "parents.parquet"
    read = stage_parents(file, staged)
    units = list(cut(estimate_costs(connection, staged, read.rows)))
    prepared = _prepare(staged, directory, units, budget, limits, listener)
    record = _write_inputs(file, source_digest, read, output, prepared, connection, limits)
    write_document(output / RECORD_FILE, record)
    remove_tree(directory)
    return record


def _prepare(
    staged: Path,
    directory: Path,
    units: list[Unit],
    budget: WorkerBudget,
    limits: Limits,
    listener: Listener,
) -> list[Prepared]:
    plan = PreparePlan(staged, directory, limits.max_heavy_atoms, limits.parent_seconds)
    work = Work(staged, directory, start_worker, plan, prepare_unit, limits.parent_seconds)
    tasks = [UnitTask(unit, ()) for unit in units]
    prepared: list[Prepared] = []
    for result in LocalPool(budget).run(work, tasks):
        if result is not None:
            prepared.append(result)
        done = sum(sum(unit.classes.values()) for unit in prepared)
        listener.progress(Progress("parents", len(prepared), len(units), done, 0, 0.0, 0))
    return prepared


def _write_inputs(
    file: Path,
    source_digest: str,
    read: Staged,
    output: Path,
    prepared: list[Prepared],
    connection: duckdb.DuckDBPyConnection,
    limits: Limits,
) -> ParentsRecord:
    shards = [unit.shard for unit in prepared]
    rejected = [unit.rejects for unit in prepared if unit.rejects]
    with whole_file(output / REJECTS_FILE) as temporary:
        if rejected:
            run_statement(connection, "parent_rejects", {"shards": rejected, "output": temporary})
        else:
            pq.write_table(PARENT_REJECT_SCHEMA.empty_table(), temporary)
    reasons = sum((Counter(unit.reasons) for unit in prepared), Counter[str]())
    first = first_reject(output / REJECTS_FILE)
    if first is not None and reasons.total() == read.rows:
        raise unusable(file, reasons, first)
    counts: dict[str, int] = {}
    for name in sorted({name for unit in prepared for name in unit.classes}):
        with whole_file(_result(output, name)) as temporary:
            parameters = {"shards": shards, "class": name, "output": temporary, "rdkit": rdkit.__version__}
            row = run_statement(connection, "parents", parameters).fetchone()
        counts[name] = int(row[0]) if row else 0
    return ParentsRecord(
        source=str(file.absolute()),
        digest=source_digest,
        rows=read.rows,
        max_heavy_atoms=limits.max_heavy_atoms,
        classes={name: count for name, count in counts.items() if count},
        duplicates=read.rows - reasons.total() - sum(counts.values()),
        rejects=dict(sorted(reasons.items())),
        first_reject=first,
        columns=read.tally.columns,
        ignored=read.tally.ignored,
        skipped=read.tally.skipped,
        spanning=read.tally.spanning,
        reading=READING_VERSION,
    )


def _read_record(output: Path) -> ParentsRecord | None:
    return read_whole_document(output / RECORD_FILE, ParentsRecord)


def _is_whole(file: Path, rows: int) -> bool:
    """Whether a result is there with its rows, as far as its footer tells."""
    try:
        return read_footer(file).rows == rows
    except InputError:
        return False


def _result(output: Path, class_name: str) -> Path:
    return output / str(InputName(class_name, 0)) / PRODUCTS_FILE
