"""`halodb sample`: some products of a library, chosen by chance, in equal shares, or as different as can be."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

import pyarrow as pa

from halodb.errors import UsageError
from halodb.exporting.export import target_of
from halodb.exporting.form import Form, Kind
from halodb.exporting.write import Written, write_rows
from halodb.files import format_bytes
from halodb.library import Library, open_library
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.records.makers import PropertyMaker
from halodb.sampling.candidates import Candidates
from halodb.sampling.diverse import Picked, most_different, of_each_in_turn
from halodb.selection import Chosen, draw
from halodb.selection.listed import as_list
from halodb.selection.rows import NAME, SMILES
from halodb.workers.listener import SILENT, Listener

_SAMPLE = "halodb_sample"
_LEAST_CANDIDATES = {"diverse": 100_000, "scaffolds": 20_000}
_CANDIDATES_A_PICK = 20
_BYTES_A_ROW = 2000
"""Of memory: the values of a row, and of a candidate its fingerprint, as Arrow, Python and RDKit hold them."""


class Method(StrEnum):
    """How products are chosen."""

    RANDOM = "random"
    DIVERSE = "diverse"
    SCAFFOLDS = "scaffolds"


@dataclass(frozen=True)
class Sample:
    """Products that were chosen, in the order in which they were.

    Attributes:
        table: their rows, with the columns of choice.
        method: how.
        candidates: products that they were chosen from; None where these were all.
        distance: of diverse ones, the smallest Tanimoto distance between two.
        written: files that they were written to, and molecules that could not be; None where no file was wanted.
        seconds: wall time.
        peak_memory: bytes, the most that the process tree held at once.
    """

    table: pa.Table
    method: Method
    candidates: int | None
    distance: float | None
    written: Written | None
    seconds: float
    peak_memory: int

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def df(self) -> Any:
        """The rows as a pandas data frame."""
        return self.table.to_pandas()


def sample(
    library: Path | str,
    n: int,
    *,
    method: str = "random",
    by: Sequence[str] | str = (),
    where: str | None = None,
    seed: int = 0,
    candidates: int | None = None,
    columns: Sequence[str] | str | None = None,
    output: Path | str | None = None,
    coordinates: str = "2d",
    split: int | None = None,
    replace: bool = False,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> Sample:
    """Choose products of a library. The same seed gives the same products, whatever the number of workers or threads.

    - `random`: products in the order of a digest of the seed and their id; DuckDB keeps the n best. With `by` they come
      from each value of some columns in turn, so that all have equal shares, as far as there are enough.
    - `diverse`: `random` draws candidates, and RDKit's MaxMin picks of these, each time the one farthest from all so
      far, by Tanimoto distance of Morgan fingerprints (radius 2, 1,024 bits): from the index, or computed.
    - `scaffolds`: `random` draws candidates, and of these one of each Murcko scaffold comes before a second of any.

    The first of many are the fewer, as long as the candidates are the same: 100 are the first 100 of 500.

    Args:
        library: directory of the library.
        n: how many products.
        method: `random`, `diverse` or `scaffolds`.
        by: columns or expressions of SQL, such as `class, rule`; of `random` alone.
        where: a condition over `products`.
        seed: another one, other products.
        candidates: how many are drawn for `diverse` (100,000 by default, 20 times n at the least) or `scaffolds`
            (20,000); no more than memory holds.
        columns: of the table; those of `products` by default.
        output: a file too, as `halodb.export` writes it, with its `coordinates`, `split` and `replace`.
        workers: processes, where something is computed of each candidate; the machine's cores by default.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills and workers leave pieces; in the library by default.
        listener: told how far it is, and what the candidates were.

    Raises:
        UsageError: an argument that does not exist, or more rows than memory holds.
        LibraryError: there is no library.
        QueryError: DuckDB refused the condition or a column.
        OutputError, DiskFullError: the file is there already, or cannot be written.

    Example:
        >>> halodb.sample("library", 500, method="diverse", where="class = 'polyphenol'").df()  # doctest: +SKIP
    """
    started = time.monotonic()
    way, budget = _way(method), parse_budget(memory)
    strata = [by] if isinstance(by, str) else list(by)
    if strata and way is not Method.RANDOM:
        raise UsageError(f"{way} products are not drawn by columns.", "Give one of --by, --diverse and --scaffolds.")
    if output is not None:
        target, space = target_of(Path(output), coordinates=coordinates, split=split, replace=replace)
    listed = as_list(columns)
    wanted = _how_many(way, n, candidates, budget, listener)
    with contextlib.ExitStack() as stack:
        meter = stack.enter_context(MemoryMeter())
        opened = stack.enter_context(open_library(library, memory=memory, temp_directory=temp_directory))
        drawn = draw(opened, wanted, seed=seed, where=where, by=strata, columns=listed, molecules=True)
        table = _held(drawn)
        common: _Common = {
            "workers": workers,
            "memory": budget,
            "meter": meter,
            "temp_directory": temp_directory,
            "listener": listener,
        }
        picked = _picked(way, Candidates(opened, table, **common), table.num_rows, n)
        if way is not Method.RANDOM:
            among = "all" if table.num_rows < wanted else "candidates drawn by chance:"
            listener.message(f"{way}: picked among {among} {table.num_rows:,} products")
        if len(picked.places) < n:
            listener.message(f"{len(picked.places):,} products, and not {n:,}: there are no more of them")
        if not table.num_rows:
            opened.tell_absent(drawn.text)
        chosen = table.take(pa.array(picked.places, pa.int64()))
        written = None
        if output is not None:
            written = write_rows(_as_rows(opened, chosen, target.form, listed), target, space=space, **common)
    return Sample(
        table=chosen.drop_columns([SMILES, NAME]),
        method=way,
        candidates=None if way is Method.RANDOM else table.num_rows,
        distance=picked.distance,
        written=written,
        seconds=time.monotonic() - started,
        peak_memory=meter.peak,
    )


class _Common(TypedDict):
    """What all that works with workers needs."""

    workers: int | None
    memory: int
    meter: MemoryMeter
    temp_directory: Path | str | None
    listener: Listener


def _way(method: str) -> Method:
    try:
        return Method(method)
    except ValueError:
        raise UsageError(f"there is no method {method!r}.", f"There are {', '.join(Method)}.") from None


def _how_many(way: Method, n: int, candidates: int | None, budget: int, listener: Listener) -> int:
    """Products that are drawn: those that are wanted, or candidates for them.

    Raises:
        UsageError: there are none, or more than memory holds.
    """
    if n < 1 or (candidates is not None and candidates < n):
        raise UsageError("a sample is of 1 product or more, of as many candidates or more.", "Correct the numbers.")
    most = budget // 2 // _BYTES_A_ROW
    if n > most:
        raise UsageError(
            f"a sample of {n:,} products is held in memory, and a budget of {format_bytes(budget)} holds {most:,}.",
            "Give more with --memory, or fewer products.",
        )
    if way is Method.RANDOM:
        return n
    wanted = candidates or max(_LEAST_CANDIDATES[way], _CANDIDATES_A_PICK * n)
    if wanted > most:
        listener.message(f"{most:,} candidates, not {wanted:,}: memory holds no more")
    return min(wanted, most)


def _held(drawn: Chosen) -> pa.Table:
    return pa.Table.from_batches(drawn.batches(), drawn.schema()).combine_chunks()


def _picked(way: Method, candidates: Candidates, drawn: int, n: int) -> Picked:
    """Places of the sample among those that were drawn."""
    match way:
        case Method.RANDOM:
            return Picked(list(range(drawn)), None)
        case Method.DIVERSE:
            return most_different(candidates.fingerprints(), n)
        case _:
            return Picked(of_each_in_turn(candidates.records(PropertyMaker(), "scaffolds"), n), None)


def _as_rows(library: Library, chosen: pa.Table, form: Form, columns: Sequence[str] | None) -> Chosen:
    """Rows that are in memory, as those that are chosen in a library: with what a form of file has by default."""
    names = chosen.column_names
    if not form.of_molecules:
        names = names[2:]
    elif columns is None and form.kind is not Kind.SDF:
        names = names[:2]
    library.connection.register(_SAMPLE, chosen.select(names))
    return Chosen(library, f"FROM {_SAMPLE}", tuple(names[2:] if form.of_molecules else names), same_order=False)
