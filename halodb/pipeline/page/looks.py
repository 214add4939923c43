"""What it looks like: a product of each rule with its site marked, and properties where indexes tell them.

The end of a run waits for it, so it reads some rows of some files, whatever the size of the library.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from rdkit import rdBase

from halodb.drawing.entries import Entry, with_parents
from halodb.drawing.page import Drawing, drawing_of
from halodb.finding.report import Hit
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Manifest
from halodb.jobs.indexed import indexed_jobs
from halodb.jobs.job import INDEX_FILE
from halodb.jobs.state import State
from halodb.library import Library
from halodb.pipeline.page.time import Time
from halodb.statistics.counted import PROPERTIES

_MOST_SAMPLES = 24
_ROWS_LOOKED_AT = 4096
_LONGEST = (80, 160)
"""Characters of a SMILES that is drawn small: if there are none of the first, of the second."""
_STEP = 0.618
"""From a place in a file to the next rule's in its own: far from all before."""
_MOST_VALUES = 200_000
_DRAWN_BINS = 60
_COLUMNS = ("smiles", "parent_row", "site")


@dataclass(frozen=True)
class Bin:
    """Of a histogram: bounds, count, and its place and height in percent."""

    low: float
    high: float
    count: int
    x: float
    width: float
    height: float


@dataclass(frozen=True)
class Histogram:
    """The distribution of a property."""

    name: str
    bins: tuple[Bin, ...]
    median: float


@dataclass(frozen=True)
class Distributions:
    """Histograms of some products out of those with an index."""

    histograms: tuple[Histogram, ...]
    looked_at: int
    products: int
    jobs: int


@dataclass(frozen=True)
class Lost:
    """A reason of rejects: how often, and some molecules, drawn where RDKit can."""

    reason: str
    count: int
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True)
class Look:
    """What is seen of a library.

    Attributes:
        samples: a product of each rule, beside its parent.
        undrawn: how many rules have none here.
        lost: rejects by reason.
        properties: where there are indexes.
    """

    samples: tuple[Drawing, ...] = ()
    undrawn: int = 0
    lost: tuple[Lost, ...] = ()
    properties: Distributions | None = None


def samples_of(library: Library, time: Time) -> tuple[tuple[Drawing, ...], int]:
    """A product of each rule, and how many rules have none for want of time or room."""
    of_rules: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in library.manifests:
        if manifest.state is State.DONE and not manifest.pooled and manifest.counts.unique:
            of_rules[manifest.rules[0].name].append(manifest)
    chosen = _of_many_classes(list(of_rules.values())[:_MOST_SAMPLES])
    hits = [hit for number, manifest in enumerate(chosen, 1) for hit in _example(library, manifest, number)]
    entries = [Entry(hit.smiles, hit.job, hit.label, site=hit.site) for hit in hits]  # named by their jobs
    numbered = {str(number): hit for number, hit in enumerate(hits, 1)}
    drawings = []
    with rdBase.BlockLogs():
        for entry in with_parents(library, entries, numbered):
            if time.is_over:
                break
            drawings.append(drawing_of(entry, parents=True))
    drawn = tuple(sorted(drawings, key=lambda one: one.entry.name.partition("_")[2]))
    return drawn, len(of_rules) - len(drawn)


def _of_many_classes(of_rules: Iterable[Sequence[Manifest]]) -> list[Manifest]:
    """A job of each rule, of the classes in turn."""
    used: Counter[str] = Counter()
    chosen = []
    for jobs in of_rules:
        job = min(jobs, key=lambda one: (used[one.class_name], -one.counts.unique))
        used[job.class_name] += 1
        chosen.append(job)
    return chosen


def _example(library: Library, manifest: Manifest, number: int) -> Iterator[Hit]:
    """A product of a job, not too large, of some rows in the middle of its file: of other parents for other numbers."""
    with pq.ParquetFile(library.path / manifest.job / PRODUCTS_FILE) as parquet:
        there = [name for name in _COLUMNS if name in parquet.schema_arrow.names]
        group = parquet.num_row_groups // 2
        batch = next(parquet.iter_batches(_ROWS_LOOKED_AT, row_groups=[group], columns=there), None)
    read = batch.to_pylist() if batch is not None else []
    rows = next((few for most in _LONGEST if (few := [row for row in read if len(row["smiles"]) <= most])), None)
    if not rows:
        return
    row = rows[int(number * _STEP % 1 * len(rows))]
    rule = manifest.rules[0]
    yield Hit(
        id=str(number),
        job=manifest.job,
        class_name=manifest.class_name,
        k=manifest.k,
        rule=rule.name,
        label=rule.label,
        smiles=row["smiles"],
        parent_row=row.get("parent_row"),
        site=row.get("site"),
        sources=None,
    )


def properties_of(library: Library) -> Distributions | None:
    """Distributions of properties over products that indexes tell of; None where there is no index."""
    indexed = indexed_jobs(library.manifests, library.path)
    if not indexed:
        return None
    files = [library.path / manifest.job / INDEX_FILE for manifest in indexed]
    values = _values(files)
    looked_at = len(next(iter(values.values())))
    histograms = [_histogram(name, values[name], PROPERTIES[name]) for name in PROPERTIES if len(values[name])]
    return Distributions(tuple(histograms), looked_at, sum(one.counts.unique for one in indexed), len(indexed))


def _values(files: Sequence[Path]) -> dict[str, np.ndarray]:
    """Values of some rows of each file, from row groups that lie evenly in it."""
    rows_in_all = sum(pq.read_metadata(file).num_rows for file in files)
    part = min(1.0, _MOST_VALUES / max(1, rows_in_all))
    found: dict[str, list[np.ndarray]] = {name: [] for name in PROPERTIES}
    for file in files:
        with pq.ParquetFile(file) as parquet:
            groups = parquet.num_row_groups
            wanted = math.ceil(part * groups)
            rows = max(1, math.ceil(part * parquet.metadata.num_rows / max(1, wanted)))
            for number in range(wanted):
                group = number * groups // wanted
                batch = next(parquet.iter_batches(rows, row_groups=[group], columns=list(PROPERTIES)), None)
                if batch is None:
                    continue
                for name in PROPERTIES:
                    found[name].append(batch.column(name).to_numpy(zero_copy_only=False).astype(float))
    return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in found.items()}


def _histogram(name: str, values: np.ndarray, width: float) -> Histogram:
    values = values[np.isfinite(values)]
    if not len(values):
        return Histogram(name, (), 0.0)
    low, high = np.quantile(values, [0.001, 0.999])  # a few molecules far off would leave no room for the others
    bins = np.floor(values / width + 1e-6).astype(int)
    first, last = int(np.floor(low / width)), int(np.floor(high / width))
    wider = max(1, -(-(last - first + 1) // _DRAWN_BINS))
    counts = np.bincount((np.clip(bins, first, last) - first) // wider)
    most = int(counts.max())
    drawn = tuple(
        Bin(
            low=round((first + number * wider) * width, 2),
            high=round((first + (number + 1) * wider) * width, 2),
            count=int(count),
            x=100 * number / len(counts),
            width=100 / len(counts),
            height=100 * int(count) / most,
        )
        for number, count in enumerate(counts)
    )
    return Histogram(name, drawn, float(np.median(values)))
