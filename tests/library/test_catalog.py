"""A library for programs that know nothing of halodb: `library.duckdb`, and its Parquet as one data set."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

import halodb as package
from halodb.library.views import VIEWS
from tests.conftest import Run

ASK = """
import sys
sys.modules["halodb"] = None
import duckdb, json
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(json.dumps([connection.sql(query).fetchall() for query in sys.argv[2:]]))
"""


@pytest.fixture
def library(own_demo: Path) -> Path:
    return own_demo / "library"


def test_another_program_gives_the_same_answers(halodb: Run, library: Path, tmp_path: Path) -> None:
    done = halodb("catalog", library)
    assert (done.returncode, done.stdout) == (0, "")
    assert str(library / "library.duckdb") in done.stderr
    queries = [
        *(f"SELECT count(*) FROM {view}" for view in VIEWS),
        "SELECT class, sum(n_f(smiles)), sum(n_cl(smiles)), sum(n_br(smiles)), sum(n_i(smiles)) FROM products GROUP BY class ORDER BY class",
        "SELECT smiles, parent_smiles, grandparent_smiles FROM derivations ORDER BY ALL LIMIT 20",
        "SELECT job, state, unique_products FROM jobs ORDER BY job",
        "SELECT rule, smirks FROM rules ORDER BY rule",
    ]
    other = subprocess.run(
        [sys.executable, "-c", ASK, str(library / "library.duckdb"), *queries],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    with package.open(library) as opened:
        ours = [opened.sql(query).fetchall() for query in queries]
    assert json.loads(other.stdout) == json.loads(json.dumps(ours))
    assert {path.name for path in library.iterdir() if path.name.endswith((".tmp", ".wal"))} == set()


def test_after_a_move_it_is_written_again(library: Path, tmp_path: Path) -> None:
    package.write_catalog(library)
    moved = Path(shutil.move(library.parent, tmp_path / "moved")) / "library"
    with duckdb.connect(moved / "library.duckdb", read_only=True) as stale, pytest.raises(duckdb.IOException):
        stale.sql("FROM products").fetchall()
    with duckdb.connect(package.write_catalog(moved), read_only=True) as fresh:
        assert fresh.sql("SELECT count(*) FROM products").fetchall() != [(0,)]


@pytest.mark.slow
def test_it_is_no_part_of_the_library(halodb: Run, library: Path) -> None:
    package.write_catalog(library)
    assert halodb("verify", library, "--jobs", "lipid-*", "--sample", "0").returncode == 0
    assert halodb("clean", library, "--dry-run").returncode == 0
    assert (library / "library.duckdb").exists()
    assert halodb("catalog", library.parent / "none").returncode == 1


def test_results_are_one_data_set_for_polars_pandas_and_pyarrow(library: Path) -> None:
    with package.open(library) as opened:
        query = "SELECT class, k, rule, count(*) FROM products GROUP BY ALL ORDER BY ALL"
        expected = opened.sql(query).fetchall()
    package.write_catalog(library)
    results = library / "products"
    found = pl.scan_parquet(results).group_by("class", "k", "rule").len().collect().rows()
    assert sorted(found) == expected
    assert (
        len(pd.read_parquet(results, columns=["smiles"]))
        == ds.dataset(results).count_rows()
        == sum(n for *_, n in expected)
    )
    files = sorted(library.glob("*/products.parquet"))
    of_polars = pl.scan_parquet(f"{library}/*/products.parquet").group_by("class", "k", "rule").len()
    assert sorted(of_polars.collect().rows()) == expected
    of_pandas = pd.concat(map(pd.read_parquet, files)).value_counts(["class", "k", "rule"]).reset_index()
    assert sorted(of_pandas.itertuples(index=False, name=None)) == expected
    of_arrow = ds.dataset(files).to_table(columns=["class", "k", "rule"]).group_by(["class", "k", "rule"])
    counted = of_arrow.aggregate([([], "count_all")]).to_pylist()
    assert sorted(tuple(row.values()) for row in counted) == expected


def test_the_data_set_follows_the_library(library: Path, tmp_path: Path) -> None:
    results = package.write_catalog(library).parent / "products"
    shutil.rmtree(library / "lipid-1X_FG_CARBOXYL__COOH__TO__COCl")
    assert len(list(results.iterdir())) == 118
    package.write_catalog(library)
    assert len(list(results.iterdir())) == 117
    moved = Path(shutil.move(library, tmp_path / "moved"))
    assert ds.dataset(moved / "products").count_rows() > 0
    (moved / "products" / "mine.parquet").write_bytes(b"mine")
    with pytest.raises(package.HalodbError, match=r"mine\.parquet"):
        package.write_catalog(moved)
    assert (moved / "products" / "mine.parquet").read_bytes() == b"mine"
