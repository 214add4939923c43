"""Rows come in the same order each time: that of the library, or of the query; with any threads, indexes or memory."""

from __future__ import annotations

from pathlib import Path

import pytest

import halodb as package
from halodb.selection import rows_of_products, rows_of_query
from halodb.selection.order import keeps_order


def names(library: Path, where: str, memory: str = "50%") -> list[str]:
    with package.open(library, memory=memory) as opened:
        batches = rows_of_products(opened, where=where, columns=["id"]).batches()
        return [str(name) for batch in batches for name in batch.column(0).to_pylist()]


def test_products_come_in_the_order_of_the_library(demo: Path) -> None:
    found = names(demo / "library", "k = 1")
    assert len(found) > 10_000
    assert found == sorted(found, key=lambda name: (name.split(".")[0], int(name.split(".")[-1])))
    assert names(demo / "library", "k = 1", "320MiB") == found


def test_an_index_changes_no_order(own_demo: Path) -> None:
    """Nor does one of some of the jobs, for which DuckDB reads the files in another order."""
    library, where = own_demo / "library", "class = 'lipid' AND heavy_atoms(smiles) < 22"
    without = names(library, where)
    package.index(library, jobs=["lipid-*X_*COCl"], workers=1)
    assert names(library, where) == without
    assert len(without) > 50


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("SELECT * FROM products", True),
        ("SELECT smiles, logp(smiles) FROM products WHERE k = 1 LIMIT 10", True),
        ("SELECT DISTINCT smiles FROM products", False),
        ("SELECT smiles FROM products GROUP BY smiles", False),
        ("SELECT smiles FROM products ORDER BY k", False),
        ("SELECT max(smiles) AS smiles FROM products", False),
        ("SELECT smiles, random() FROM products", False),
        ("SELECT smiles, row_number() OVER () FROM products", False),
        ("SELECT smiles FROM derivations", False),
        ("SELECT smiles FROM products, rules", False),
        ("SELECT smiles FROM products WHERE smiles IN (SELECT smiles FROM parents)", False),
        ("WITH products AS (SELECT 1 AS smiles) SELECT smiles FROM products", False),
        ("SELECT 1 UNION ALL SELECT 2", False),
        ("DESCRIBE products", False),
    ],
)
def test_which_queries_keep_the_order_of_files(demo: Path, query: str, kept: bool) -> None:
    with package.open(demo / "library") as library:
        assert keeps_order(library, query) is kept


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT smiles FROM products",
        "SELECT smiles, count(*) AS n FROM products GROUP BY smiles",
        "SELECT smiles, id FROM products ORDER BY rule",
        "SELECT smiles, id, name FROM products JOIN origins USING (class, k, parent_row) WHERE k = 1",
    ],
)
def test_queries_without_a_whole_order_give_the_same_again(demo: Path, query: str) -> None:
    found = []
    for _ in range(3):
        with package.open(demo / "library") as library:
            threads = library.connection.execute("SELECT current_setting('threads')").fetchall()
            found.append([row for batch in rows_of_query(library, query).batches() for row in batch.to_pylist()])
            assert library.connection.execute("SELECT current_setting('threads')").fetchall() == threads
    assert found[0] == found[1] == found[2]
