"""`halodb stats`: the products of a library by class, k, rule, halogens and scaffold, and their properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from halodb.errors import UsageError
from halodb.exporting.write import scratch_of
from halodb.jobs.indexed import has_index
from halodb.jobs.state import State
from halodb.library import Library, open_library
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.records import make_records, write_spool
from halodb.records.makers import PropertyMaker
from halodb.selection import Chosen, draw
from halodb.selection.rows import check_condition
from halodb.statistics.counted import PROPERTIES, QUANTILES, ROUNDED, histogram_of, quantiles_of, rounded
from halodb.statistics.report import StatsReport, StatsTable
from halodb.workers.governor import size_pool
from halodb.workers.listener import SILENT, Listener

_HALOGENS = ("F", "Cl", "Br", "I")
_NO_HALOGEN, _NO_RING = "none", "no ring"

Counts = Mapping[str, Mapping[float, int]]
"""Of each property, how often each value comes."""


def stats(
    library: Path | str,
    *,
    where: str | None = None,
    top: int = 20,
    sample: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> StatsReport:
    """Tables of what a library holds.

    Products by class, k, rule and halogens (such as F1Cl1) are counted, all of them. Properties are of all products
    where each job has an index, else of a sample; scaffolds (Murcko) always of a sample. Each table tells. A library of
    fewer products than the sample is looked at as a whole.

    Args:
        library: directory of the library.
        where: a condition over `products`.
        top: how many scaffolds are listed, the most frequent first.
        sample: molecules that are computed, drawn by chance; about a millisecond each.
        seed: another one, another sample.
        workers: processes; the machine's cores by default.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        listener: told how far it is.

    Raises:
        UsageError: a sample or a list of nothing.
        LibraryError: there is no library.
        QueryError: DuckDB refused the condition.

    Example:
        >>> halodb.stats("library").table("class").rows  # doctest: +SKIP
    """
    if top < 1 or sample < 1:
        raise UsageError("there is nothing to list.", "Give 1 or more.")
    condition = "" if where is None else f"\nWHERE (\n{check_condition(where)}\n)"
    with (
        MemoryMeter() as meter,
        open_library(library, memory=memory, temp_directory=temp_directory) as opened,
    ):
        counted = _counted(opened, condition)
        products = sum(counted["class"].values())
        if not products:
            opened.tell_absent(f"SELECT * FROM products{condition}")  # noqa: S608  the user's own condition
        of_all = [manifest for manifest in opened.manifests if manifest.state is State.DONE]
        indexed = all(has_index(manifest, opened.path) for manifest in of_all)
        drawn = draw(opened, sample, seed=seed, where=where, columns=[], molecules=True)
        maker = PropertyMaker(() if indexed else tuple(PROPERTIES))
        with scratch_of(opened, temp_directory) as scratch:
            spool = write_spool(scratch / "drawn.parquet", drawn.schema(), drawn.batches())
            found = _Computed()
            if spool.rows:
                budget = size_pool(meter, workers, parse_budget(memory))
                made = make_records(
                    spool, maker, budget=budget, directory=scratch, listener=listener, title="molecules"
                )
                for records in made:
                    found.add(maker, records.made)
        values: Counts = _of_indexes(opened, condition) if indexed and products else found.values
    tables = [_table(name, counts, products) for name, counts in counted.items()]
    scaffolds = Counter(found.scaffolds).most_common()
    shown = dict(sorted(scaffolds, key=lambda each: (-each[1], each[0]))[:top])
    sampled = products > sample
    tables.append(_table("scaffold", shown, found.molecules, sampled=sampled))
    of = sum(next(iter(values.values()), {}).values())
    tables += _of_properties(values, of, sampled=sampled and not indexed)
    return StatsReport(library=str(library), where=where, products=products, unread=found.unread, tables=tuple(tables))


class _Computed:
    """What RDKit says of the molecules of a sample.

    Attributes:
        molecules: that it reads.
        unread: that it does not.
        scaffolds: with their counts.
        values: of properties, with their counts.
    """

    def __init__(self) -> None:
        self.molecules = self.unread = 0
        self.scaffolds: Counter[str] = Counter()
        self.values: dict[str, Counter[float]] = {}

    def add(self, maker: PropertyMaker, made: Iterable[bytes | None]) -> None:
        """Count records."""
        for record in made:
            if record is None:
                self.unread += 1
                continue
            numbers, scaffold = maker.read(record)
            self.molecules += 1
            self.scaffolds[scaffold or _NO_RING] += 1
            for name, value in zip(maker.properties, numbers, strict=True):
                self.values.setdefault(name, Counter())[rounded(value)] += 1


def _counted(library: Library, condition: str) -> dict[str, Counter[str]]:
    """Products by class, k, rule and halogens: all are groups of one scan, and few."""
    halogens = ", ".join(
        f"CASE WHEN n_{symbol.lower()}(smiles) > 0 THEN concat('{symbol}', n_{symbol.lower()}(smiles)) END"
        for symbol in _HALOGENS
    )
    text = (
        f"SELECT class, k, rule, concat({halogens}) AS halogens, count(*) AS products\n"
        f"FROM products{condition}\nGROUP BY ALL"
    )
    found: dict[str, Counter[str]] = {name: Counter() for name in ("class", "k", "rule", "halogens")}
    for batch in Chosen(library, text, ()).batches():
        for row in batch.to_pylist():
            row["halogens"] = row["halogens"] or _NO_HALOGEN
            for name, counts in found.items():
                counts[str(row[name])] += row["products"]
    return {name: Counter(dict(sorted(counts.items()))) for name, counts in found.items()}


def _of_indexes(library: Library, condition: str) -> dict[str, Counter[float]]:
    """Values of the properties of all products, which the indexes hold, with their counts."""
    listed = ", ".join(f"{ROUNDED.format(value=f'{name}(smiles)')} AS {name}" for name in PROPERTIES)
    names = ", ".join(PROPERTIES)
    sets = ", ".join(f"({name})" for name in PROPERTIES)
    text = (
        f"SELECT {names}, grouping_id({names}) AS halodb_set, count(*) AS halodb_count\n"  # noqa: S608  names of ours
        f"FROM (SELECT {listed} FROM products{condition}) AS facts\nGROUP BY GROUPING SETS ({sets})"
    )
    found: dict[str, Counter[float]] = {name: Counter() for name in PROPERTIES}
    absent = (1 << len(PROPERTIES)) - 1
    by_set = {absent ^ (1 << place): name for place, name in enumerate(reversed(list(PROPERTIES)))}
    for batch in Chosen(library, text, ()).batches():
        for row in batch.to_pylist():
            name = by_set[row["halodb_set"]]
            if row[name] is not None:
                found[name][float(row[name])] += row["halodb_count"]
    return found


def _table(name: str, counts: Mapping[str, int], of: int, *, sampled: bool = False) -> StatsTable:
    """Counts with their shares."""
    rows = tuple((item, count, round(count / of, 6)) for item, count in counts.items())
    return StatsTable(name=name, columns=(name, "products", "share"), rows=rows, of=of, sampled=sampled)


def _of_properties(values: Counts, of: int, *, sampled: bool) -> list[StatsTable]:
    filled = {name: counts for name, counts in values.items() if counts}
    quantiles = tuple((name, *quantiles_of(counts)) for name, counts in filled.items())
    bins = tuple((name, *each) for name, counts in filled.items() for each in histogram_of(counts, PROPERTIES[name]))
    return [
        StatsTable(name="property", columns=("property", *QUANTILES, "mean"), rows=quantiles, of=of, sampled=sampled),
        StatsTable(
            name="histogram", columns=("property", "low", "high", "products"), rows=bins, of=of, sampled=sampled
        ),
    ]
