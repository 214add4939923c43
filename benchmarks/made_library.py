"""A finished library of made products, of any size: many jobs, some of whose products other jobs make too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from benchmarks.data import write_input
from halodb.deduplication.result import REJECTED_SCHEMA
from halodb.inputs import Input, open_input
from halodb.jobs import Counts, Job, Manifest, write_manifest
from halodb.jobs.manifest import new_manifest
from halodb.jobs.state import State
from halodb.rules import CLASSES, Rule, read_rules

SQL = Path(__file__).parent / "sql"
_SHARED = 200
"""Of 1,000 products, how many other jobs make too."""


def make_library(directory: Path, jobs: int, products: int) -> Path:
    """Write a library of so many jobs with about so many products in all.

    Args:
        directory: a new one.
        jobs: classes, depths and rules are taken in turn; beyond 266 rules get numbers.
        products: in all; each job has as many.
    """
    library = directory / "library"
    rows = products // jobs
    inputs = {
        (name, k): open_input(write_input(directory / "inputs", f"{name}-{k}X", iter(["Oc1ccccc1"]), 1))
        for name in CLASSES
        for k in (1, 2)
    }
    with duckdb.connect(config={"threads": 1}) as connection:
        for number, (source, rule) in enumerate(islice(_jobs(inputs), jobs)):
            manifest = _manifest(library, source, rule, rows)
            parameters = {
                "job": number,
                "rows": rows,
                "shared": _SHARED,
                "pool": max(1, products * _SHARED // 1000 // 3),
                "class": source.name.class_name,
                "k": source.name.k,
                "rule": rule.name,
                "family": rule.family,
                "label": rule.label,
                "name": manifest.fingerprint,
                "output": str(library / manifest.job / "products.parquet"),
            }
            connection.execute((SQL / "results.sql").read_text(encoding="utf-8"), parameters)
    return library


def _jobs(inputs: dict[tuple[str, int], Input]) -> Iterator[tuple[Input, Rule]]:
    """Without an end."""
    copy = 0
    while True:
        for source, rule in product(inputs.values(), read_rules().rules):
            yield source, rule.model_copy(update={"name": f"{rule.name}_{copy}"}) if copy else rule
        copy += 1


def _manifest(library: Path, source: Input, rule: Rule, rows: int) -> Manifest:
    job = Job(f"{source.name}_{rule.name}", library / f"{source.name}_{rule.name}", source, (rule,))
    begun = new_manifest(job, library, job.fingerprint(1000, 1))
    counts = Counts(parents=1, matched=1, sites=rows, products=rows, unique=rows)
    manifest = begun.moved(State.DONE, counts=counts, labelled=True, checksum=job.name)
    write_manifest(job.directory, manifest)
    pq.write_table(REJECTED_SCHEMA.empty_table(), job.rejects)
    return manifest
