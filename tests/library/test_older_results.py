"""Results of an older halodb, whose rows do not name their job, are read beside new ones."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

import halodb

LABELS = ["class", "k", "rule", "family", "label", "job"]
QUERIES = (
    "SELECT * FROM products ORDER BY ALL",
    "SELECT class, k, rule, family, label, count(*) FROM products GROUP BY ALL ORDER BY ALL",
    "SELECT * FROM rejects ORDER BY ALL",
    "SELECT job, state, unique_products FROM jobs ORDER BY ALL",
)


def answers(library: Path) -> list[list[tuple[object, ...]]]:
    with halodb.open(library) as opened:
        return [opened.sql(query).fetchall() for query in QUERIES]


def make_older(job: Path) -> None:
    """What an older halodb would have left."""
    for name in ("products.parquet", "rejects.parquet"):
        table = pq.ParquetFile(job / name).read()
        pq.write_table(table.drop_columns([column for column in LABELS if column in table.column_names]), job / name)
    manifest = json.loads((job / "manifest.json").read_text(encoding="utf-8"))
    del manifest["labelled"]
    (job / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_older_results_answer_as_new_ones_do(own_demo: Path) -> None:
    library = own_demo / "library"
    as_new = answers(library)
    jobs = sorted(path.parent for path in library.glob("*/manifest.json"))
    for job in jobs[::3]:
        make_older(job)
    assert answers(library) == as_new
    for job in jobs:
        if "labelled" in (job / "manifest.json").read_text(encoding="utf-8"):
            make_older(job)
    assert answers(library) == as_new
    made = halodb.dedup_across_jobs(library)
    assert made.products == len({row[5] for row in as_new[0]})


def test_a_condition_on_the_job_skips_the_rows_of_others(demo: Path) -> None:
    """Though all results are one relation: of the others the ends alone are read."""
    with halodb.open(demo / "library") as library:
        asked = library.sql("EXPLAIN ANALYZE SELECT count(*) FROM products WHERE class = 'lipid' AND k = 1")
        plan = str(asked.fetchall()[0][1])
    assert "Row Groups Scanned: 6 / 118" in plan
