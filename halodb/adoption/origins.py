"""Parent rows and sites of an older script's rows, from its columns, as far as these can be relied on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from rdkit import Chem, rdBase

from halodb.adoption.remake import FOUND_SCHEMA
from halodb.chemistry import Enumerator
from halodb.chemistry.writings import written_again
from halodb.engine import run_statement
from halodb.inputs.columns import plain_name
from halodb.inputs.input import is_text
from halodb.inputs.slices import read_rows, texts_of
from halodb.jobs import Job
from halodb.transformation.pass_plan import MAX_HEAVY_ATOMS

_SOURCES = ("source_smiles", "parent_smiles")
_SITE_ATOMS, _SITE_INDEX = ("xf_site_atoms", "site_atoms"), ("xf_site_index", "site_index")
_COMPARED = 500
"""Rows of which parents and sites are compared with what is made again."""
_AGREE = 0.95
"""Share of them that a column has to tell rightly: of equivalent sites another may be named."""
_MOST_REWRITTEN = 200_000
"""Parents whose SMILES are written again, to find those that their products name in another way."""
_MOST_MATCHED = 2_000_000
"""Rows for which matches are counted, which takes a third of a millisecond each."""
_CACHED = 10_000

_NUMBER = re.compile(r"\d+")

Site = Callable[[str, Any, Any], int | None]
"""The site that a row tells, by its source, its tuple of atoms and its number."""


@dataclass(frozen=True)
class Origins:
    """What the columns of a result tell of where its rows come from.

    Attributes:
        file: smiles, parent_row and site, row by row; None where they tell nothing, and the keys are as they were.
        parents: rows whose parent is known.
        sites: rows whose site is known.
        told: in words, for people.
    """

    file: Path | None
    parents: int
    sites: int
    told: str


def find_origins(
    result: Path,
    key: str,
    keys: Path | None,
    schema: pa.Schema,
    job: Job,
    connection: duckdb.DuckDBPyConnection,
    place: Path,
) -> Origins:
    """Find the parent rows and the sites of a result.

    Args:
        result: its file.
        key: its column of keys.
        keys: the same keys as this RDKit writes them, where they were written again.
        schema: of the result.
        job: what it is the result of.
        connection: DuckDB.
        place: directory for working files.

    Raises:
        InputError: a file is damaged.
        DiskFullError, QueryError: no room to spill, or not enough memory.
    """
    source = _named(_SOURCES, schema, text=True)
    if source is None:
        told = "it has no column source_smiles: parent rows and sites are unknown"
        if keys is None:
            return Origins(None, 0, 0, told)
        return _written(result, key, keys, place, told)
    rows = place / "parent-rows.parquet"
    asked = {
        "result": result,
        "source": source,
        "input": job.input.path,
        "smiles": job.input.column,
        "output": rows,
    }
    run_statement(connection, "adopt/parent_rows", asked)
    others = _by_molecule(rows, job)
    atoms, index = _named(_SITE_ATOMS, schema), _named(_SITE_INDEX, schema)
    columns = [name for name in (atoms, index) if name is not None]
    agree, site = _compare(result, key, keys, rows, atoms, index, job)
    if not agree:
        told = f"{source} names parents that do not make these products: parent rows and sites are unknown"
        return Origins(None, 0, 0, told) if keys is None else _written(result, key, keys, place, told)
    output = place / "origins.parquet"
    parents = sites = 0
    with rdBase.BlockLogs(), pq.ParquetWriter(output, FOUND_SCHEMA, compression="zstd") as writer:
        for batch in _aligned(result, key, keys, rows, columns):
            parent_rows = [
                row if row is not None else others.get(given or "")
                for given, row in zip(batch.sources, batch.parent_rows, strict=True)
            ]
            found = [
                site.of(given, batch.value(atoms, at), batch.value(index, at))
                if site is not None and given is not None and batch.parent_rows[at] is not None
                else None
                for at, given in enumerate(batch.sources)
            ]
            parents += sum(row is not None for row in parent_rows)
            sites += sum(each is not None for each in found)
            arrays: list[Any] = [
                pa.array(batch.keys, pa.string()),
                pa.array(parent_rows, pa.int64()),
                pa.array(found, pa.int32()),
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=FOUND_SCHEMA))
    told = f"parent rows of {parents:,} from {source}"
    if site is not None:
        told += f", sites of {sites:,} from {site.name}"
    elif columns:
        told += f", sites unknown: {' and '.join(columns)} cannot be read as atoms of the parents"
    else:
        told += ", sites unknown"
    return Origins(output, parents, sites, told)


def _written(result: Path, key: str, keys: Path, place: Path, told: str) -> Origins:
    output = place / "origins.parquet"
    with pq.ParquetWriter(output, FOUND_SCHEMA, compression="zstd") as writer, pq.ParquetFile(keys) as again:
        for batch in again.iter_batches():
            nothing: list[Any] = [pa.nulls(len(batch), field.type) for field in list(FOUND_SCHEMA)[1:]]
            writer.write_batch(pa.RecordBatch.from_arrays([batch.column(0), *nothing], schema=FOUND_SCHEMA))
    return Origins(output, 0, 0, told)


@dataclass(frozen=True)
class _Batch:
    keys: list[str | None]
    sources: list[str | None]
    parent_rows: list[int | None]
    columns: Mapping[str, list[Any]]

    def value(self, column: str | None, at: int) -> Any:
        return None if column is None else self.columns[column][at]


def _aligned(result: Path, key: str, keys: Path | None, rows: Path, columns: Sequence[str]) -> Iterator[_Batch]:
    """The rows of a result with their parents, in batches."""
    with pq.ParquetFile(rows) as parents:
        count = parents.metadata.num_rows
        known = _in_pieces(batch for batch in parents.iter_batches(1024, columns=["source", "parent_row"]))
        again = None
        if keys is not None:
            again = _in_pieces(read_rows(keys, 0, count, ["smiles"]))
        for batch in read_rows(result, 0, count, [key, *columns]):
            of_parents = known(len(batch))
            smiles = again(len(batch))["smiles"] if again else texts_of(batch.column(key), errors="backslashreplace")
            values = {name: batch.column(name).to_pylist() for name in columns}
            yield _Batch(smiles, of_parents["source"], of_parents["parent_row"], values)


def _in_pieces(batches: Iterator[pa.RecordBatch]) -> Callable[[int], dict[str, list[Any]]]:
    """A function that gives the next rows of some batches, as many as it is asked for."""
    held: dict[str, list[Any]] = {}

    def take(count: int) -> dict[str, list[Any]]:
        while not held or len(next(iter(held.values()))) < count:
            batch = next(batches)
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                held.setdefault(name, []).extend(column.to_pylist())
        taken = {name: values[:count] for name, values in held.items()}
        for values in held.values():
            del values[:count]
        return taken

    return take


def _by_molecule(rows: Path, job: Job) -> dict[str, int]:
    """Rows of the input by those SMILES of sources that stand there in another way; nothing of very large inputs."""
    sources: set[str] = set()
    with pq.ParquetFile(rows) as parents:
        for batch in parents.iter_batches(columns=["source", "parent_row"]):
            values = zip(batch.column("source").to_pylist(), batch.column("parent_row").to_pylist(), strict=True)
            sources.update(source for source, row in values if row is None and source)
            if len(sources) > _MOST_REWRITTEN:
                return {}
    if not sources or job.input.rows > _MOST_REWRITTEN:
        return {}
    by_molecule: dict[str, int] = {}
    with rdBase.BlockLogs():
        number = 0
        for batch in read_rows(job.input.path, 0, job.input.rows, ["smiles"]):
            for smiles in texts_of(batch.column("smiles"), errors="backslashreplace"):
                again = written_again(smiles) if smiles else None
                if again is not None:
                    by_molecule.setdefault(again, number)
                number += 1
        found = {source: written_again(source) for source in sources}
    return {source: by_molecule[again] for source, again in found.items() if again in by_molecule}


@dataclass(frozen=True)
class _Interpretation:
    """A way to read sites from columns, and what these are called."""

    name: str
    of: Site


def _compare(
    result: Path, key: str, keys: Path | None, rows: Path, atoms: str | None, index: str | None, job: Job
) -> tuple[bool, _Interpretation | None]:
    """Whether the parents of rows, evenly spaced, make them; and how the columns tell the sites, if they tell them."""
    with pq.ParquetFile(rows) as parents:
        count = parents.metadata.num_rows
    ways = _ways(atoms, index, job, count)
    looked, made, right = 0, 0, [0] * len(ways)
    enumerator = Enumerator([job.rules[0]], max_heavy_atoms=MAX_HEAVY_ATOMS)
    columns = [name for name in (atoms, index) if name is not None]
    row, step = -1, max(1, count // _COMPARED)
    for batch in _aligned(result, key, keys, rows, columns):
        for at, source in enumerate(batch.sources):
            row += 1
            if row % step or source is None or batch.parent_rows[at] is None:
                continue
            looked += 1
            sites = {product: site for _, site, product in enumerator.enumerate(source).products}
            site = sites.get(batch.keys[at] or "")
            made += site is not None
            given = batch.value(atoms, at), batch.value(index, at)
            for place, way in enumerate(ways):
                right[place] += site is not None and way.of(source, *given) == site
    best = max(range(len(ways)), key=lambda place: right[place], default=None)
    agrees = best is not None and made > 0 and right[best] >= _AGREE * made
    return made >= _AGREE * looked, ways[best] if agrees and best is not None else None


def _ways(atoms: str | None, index: str | None, job: Job, rows: int) -> list[_Interpretation]:
    """The ways in which the columns may tell the sites: as an atom, or as the number of a match."""
    ways: list[_Interpretation] = []
    if atoms is not None:
        ways.append(_Interpretation(atoms, lambda _, given, __: _first_number(given)))
    if index is not None:
        ways.append(_Interpretation(index, lambda _, __, given: _whole(given)))
        if rows <= _MOST_MATCHED:
            matches = _Matches(job)
            ways.append(_Interpretation(index, lambda source, _, given: matches.site(source, _whole(given))))
    return ways


class _Matches:
    """Sites by the number of the match among all that a rule's query has in a parent, as RDKit counts them."""

    def __init__(self, job: Job) -> None:
        self._query = Chem.MolFromSmarts(job.rules[0].query_smarts)
        self._place = next((atom.GetIdx() for atom in self._query.GetAtoms() if atom.GetAtomMapNum() == 1), 0)
        self._known: dict[str, list[int]] = {}

    def site(self, source: str, number: int | None) -> int | None:
        """The atom of a site; None where the source has no such match."""
        if number is None or number < 0:
            return None
        if source not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            molecule = Chem.MolFromSmiles(source)
            matches = molecule.GetSubstructMatches(self._query) if molecule is not None else ()
            self._known[source] = [match[self._place] for match in matches]
        sites = self._known[source]
        return sites[number] if number < len(sites) else None


def _first_number(given: object) -> int | None:
    found = _NUMBER.search(str(given)) if given is not None else None
    return int(found[0]) if found else None


def _whole(given: object) -> int | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return given
    if isinstance(given, float):
        return int(given) if given.is_integer() else None
    return int(given) if isinstance(given, str) and given.strip().isdecimal() else None


def _named(wanted: Sequence[str], schema: pa.Schema, *, text: bool = False) -> str | None:
    """The first column that has one of some names, and holds text where that is wanted."""
    for name in map(plain_name, wanted):
        for field in schema:
            if plain_name(field.name) == name and (not text or is_text(field.type)):
                return str(field.name)
    return None
