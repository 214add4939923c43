"""From a chemist's file to the inputs `<class>-0X`: canonical, classified, each parent once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import rdkit
from pydantic import Field

from halodb.documents import BareName, Document, read_whole_document, write_document
from halodb.engine import run_statement, temporary_directory
from halodb.errors import InputError, LibraryError
from halodb.files import make_directory, remove_tree, short_digest, whole_file, write_error
from halodb.halogenation.prepare import PARENT_REJECT_SCHEMA, Prepared, PreparePlan, prepare_unit, start_worker
from halodb.halogenation.rejects import FirstReject, first_reject, unusable
from halodb.halogenation.standardize import STANDARDIZE_VERSION
from halodb.inputs import InputName
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.jobs.job import ENGINE_VERSION, PASSES_DIRECTORY
from halodb.reading import READING_VERSION, Source, Staged, Wanted, find_source, stage_parents
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

_COLUMNS = ("smiles", "parent_row", "sources", "name")
_OF_CHANGES, _OF_TAGS = ("given_smiles", "changes"), ("tags", "sugar_fraction")
"""Of the inputs; these only where a parent of the file was changed, or has a tag."""


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
        ignored: its other columns, which travel.
        skipped: lines that are no rows, by kind.
        spanning: rows that go on over several lines.
        reading: `READING_VERSION` of the halodb that read the file; 0 before there was one.
        asked: digest of the columns and classes that were asked for, and of how parents were standardized.
        changes: parents that standardizing changed, by kind of change.
        tags: parents by tag.
        unknown_classes: rows of classes that are not known, by class.
        first_unknown: the first of them, as sentences.
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
    asked: str = ""
    changes: dict[str, int] = Field(default_factory=dict)
    tags: dict[str, int] = Field(default_factory=dict)
    unknown_classes: dict[str, int] = Field(default_factory=dict)
    first_unknown: list[str] = Field(default_factory=list)

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
    wanted: Wanted | None = None,
    standardize: bool = True,
) -> ParentsRecord:
    """Write `<class>-0X/products.parquet` for every class that has parents; nothing where that is done already.

    Columns: smiles (canonical), parent_row (first row of the file that has it), sources (rows that have it), name;
    where there is any, what standardizing changed (given_smiles, changes), and tags with sugar_fraction; then the
    file's other columns, of that row.

    Args:
        file: what is read, see `reading.find_source`.
        output: directory of the inputs.
        connection: DuckDB.
        budget: of the workers.
        limits: of a parent.
        replace: make anew what was made of another file.
        listener: told while it goes on.
        wanted: columns and classes that are asked for.
        standardize: whether salts, charges and isotopes are removed.

    Raises:
        InputError: the file cannot be read, or has no row that can be used.
        LibraryError: the directory was made of another file and `replace` is not set.
    """
    wanted = wanted or Wanted()
    asked = short_digest(repr(wanted), f"standardize {STANDARDIZE_VERSION}" if standardize else "as given")
    try:
        make_directory(output)
        spool = temporary_directory(output)
    except OSError as error:
        raise write_error(error, output) from error
    with spool as place:
        source = find_source(file, Path(place))
        source_digest = source.digest
        before = _read_record(output)
        if before is not None and _goes_on(before, source_digest, asked, output, limits, replace):
            return before
        directory = output / PASSES_DIRECTORY / "parents"
        remove_tree(directory)
        staged = directory / "parents.parquet"
        read = stage_parents(file, staged, wanted, source)
    units = list(cut(estimate_costs(connection, staged, read.rows)))
    prepared = _prepare(staged, directory, units, budget, limits, listener, standardize)
    record = _write_inputs(source, source_digest, asked, read, output, prepared, connection, limits)
    write_document(output / RECORD_FILE, record)
    remove_tree(directory)
    return record


def _goes_on(
    before: ParentsRecord, source_digest: str, asked: str, output: Path, limits: Limits, replace: bool
) -> bool:
    """Whether what was made before is what would be made now, and is there.

    Raises:
        LibraryError: it was made of another file or in another way, and `replace` is not set.
    """
    now = (limits.max_heavy_atoms, rdkit.__version__, ENGINE_VERSION, READING_VERSION, asked)
    then = (before.max_heavy_atoms, before.rdkit, before.engine, before.reading, before.asked)
    same = (before.digest, *then) == (source_digest, *now)
    if same and all(_is_whole(_result(output, name), rows) for name, rows in before.classes.items()):
        return True
    if same or replace:
        return False
    if before.digest == source_digest and before.reading == READING_VERSION and before.asked != asked:
        how = ", with other columns, classes or another --standardize"
    else:
        how = "" if before.reading == READING_VERSION else ", by a halodb that read files in another way"
    raise LibraryError(
        f"{output} was made from {before.source} ({before.rows:,} rows, RDKit {before.rdkit}{how}).",
        "Choose another directory, or let it be made anew with --replace.",
    )


def _prepare(
    staged: Path,
    directory: Path,
    units: list[Unit],
    budget: WorkerBudget,
    limits: Limits,
    listener: Listener,
    standardize: bool,
) -> list[Prepared]:
    plan = PreparePlan(staged, directory, limits.max_heavy_atoms, limits.parent_seconds, standardize)
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
    source: Source,
    source_digest: str,
    asked: str,
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
            run_statement(
                connection, "parent_rejects", {"shards": rejected, "beside": read.beside, "output": temporary}
            )
        else:
            pq.write_table(PARENT_REJECT_SCHEMA.empty_table(), temporary)
    reasons = sum((Counter(unit.reasons) for unit in prepared), Counter[str]())
    first = first_reject(output / REJECTS_FILE)
    if first is not None and reasons.total() == read.rows:
        raise unusable(source.name, reasons, first, read.tally.first_unknown)
    changes, tags = _summed(unit.changes for unit in prepared), _summed(unit.tags for unit in prepared)
    columns = [*_COLUMNS, *(_OF_CHANGES if changes else ()), *(_OF_TAGS if tags else ()), *read.travelling]
    counts: dict[str, int] = {}
    for name in sorted({name for unit in prepared for name in unit.classes}):
        with whole_file(_result(output, name)) as temporary:
            parameters = {
                "shards": shards,
                "beside": read.beside,
                "class": name,
                "columns": columns,
                "output": temporary,
                "rdkit": rdkit.__version__,
            }
            row = run_statement(connection, "parents", parameters).fetchone()
        counts[name] = int(row[0]) if row else 0
    return ParentsRecord(
        source=source.name if source.is_copied else str(Path(source.name).absolute()),
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
        asked=asked,
        changes=changes,
        tags=tags,
        unknown_classes=dict(sorted(read.tally.unknown_classes.items())),
        first_unknown=read.tally.first_unknown,
    )


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    return dict(sorted(sum(map(Counter, counts), Counter[str]()).items()))


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
