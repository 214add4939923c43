"""A path is one file, whatever is in its name; nothing outside of `readers` reads a file through DuckDB."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import halodb as package
from halodb.engine import run_statement, statement
from halodb.errors import UsageError
from halodb.readers import bound, read_parquet
from halodb.resources import resource
from tests.conftest import OME, Run, make_input, rows_of, some

ROOT = Path(__file__).parents[2]
SQL = [str(path.relative_to(ROOT / "sql").with_suffix("")) for path in sorted((ROOT / "sql").rglob("*.sql"))]

NAMES = [
    "L[1]",
    "q[!a]",
    "[",
    "a]b",
    "{a,b}",
    "k=2",
    "smiles=CCO",
    "parent_row=5",
    "a'b",
    "sources=9 x=y",
    "~",
    "a#b%20",
]
if sys.platform != "win32":
    NAMES += ["q?", "*", "**", 'a"b', "a\\b"]


@pytest.mark.parametrize("name", some(NAMES, 8))
def test_a_library_of_any_name_is_as_any_other(tmp_path: Path, name: str) -> None:
    """Beside it stand decoys that its name would match as a pattern."""
    rows = {}
    for place in (tmp_path / "plain", tmp_path / "here" / name):
        source = make_input(place / "inputs", ["Oc1ccccc1", "Cc1ccc(O)cc1", "C1CC"])
        for decoy in ("L1", "qb", "q1", "a", "k"):
            make_input(tmp_path / "here" / decoy / "inputs", ["CCCCCCc1ccc(O)cc1"])
        library = place / name
        package.transform(source, library, rules=[OME.partition("_")[2]], workers=1)
        package.dedup(library)
        rows[place] = rows_of(library)
        assert package.verify(library).wrong == []
        with package.open(library) as opened:
            assert opened.sql(
                "SELECT class, k, parent_row, smiles, sources, parent_smiles FROM derivations"
            ).fetchall() == [
                ("polyphenol", 1, 0, "COc1ccccc1", 1, "Oc1ccccc1"),
                ("polyphenol", 1, 1, "COc1ccc(C)cc1", 1, "Cc1ccc(O)cc1"),
            ]
            assert opened.sql("SELECT count(*) FROM rejects").fetchall() == [(1,)]
            assert opened.sql("SELECT job FROM jobs").fetchall() == [(OME,)]
    plain, other = rows.values()
    assert other == plain


@pytest.mark.slow
def test_a_pattern_given_to_the_command_line_is_a_file(halodb: Run, tmp_path: Path) -> None:
    for name, smiles in (("q[1].csv", "CCO"), ("q1.csv", "CCCCCCCCCC"), ("q[12].csv", "Oc1ccccc1")):
        (tmp_path / name).write_text(f"smiles,class\n{smiles},lipid\n", encoding="utf-8")
    for name, rows in (("q[1].csv", ["CCO"]), ("q[12].csv", ["Oc1ccccc1"])):
        output = tmp_path / f"class=terpenoid {name}" / "k=7"
        assert halodb("halogenate", tmp_path / name, "-o", output, "-w", 1, "--depth", 1).returncode == 0
        assert pq.ParquetFile(output / "lipid-0X" / "products.parquet").read()["smiles"].to_pylist() == rows
    missing = halodb("halogenate", tmp_path / "q[2].csv", "-o", tmp_path / "none")
    assert (missing.returncode, "does not exist" in missing.stderr) == (1, True)


@settings(max_examples=50, deadline=None)
@given(
    st.text(
        st.sampled_from("ab1[]!^-*?{},=  '$.") if sys.platform != "win32" else st.sampled_from("ab1[]!^-{},= '$"),
        min_size=1,
        max_size=12,
    )
)
def test_any_name(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    place = tmp_path_factory.mktemp("names") / f"n{name}n"
    place.mkdir()
    pq.write_table(pa.table({"smiles": [name], "site": [1]}), place / "x.parquet")
    with duckdb.connect() as connection:
        assert read_parquet(connection, place / "x.parquet").fetchall() == [(name, 1)]
        assert run_statement(connection, "content", {"file": place / "x.parquet"}).fetchall()[0][0] == 1


def test_a_statement_that_reads_takes_paths_alone() -> None:
    for reads in ("read_parquet($file)", "read_json(\n $file, x = 1)", "read_csv_auto( $file)"):
        with pytest.raises(TypeError, match="bind a Path"):
            bound(f"SELECT * FROM {reads}", {"file": "a*.parquet"})
        with pytest.raises(TypeError, match="bind a Path"):
            bound(f"SELECT * FROM {reads}", {"file": ["a*.parquet"]})


@pytest.mark.parametrize("name", SQL)
def test_statements_read_what_is_bound_and_no_names_of_directories(name: str) -> None:
    text = re.sub(r"--.*", "", statement(name))
    readers = re.findall(r"\b(?:read_\w+|parquet_scan|glob|sniff_csv)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text)
    for arguments in readers:
        assert re.match(r"\s*(\$\w+|getvariable\('manifests'\))\s*,", arguments), "a path is bound, never written here"
        assert "hive_partitioning = false" in arguments


def test_python_reads_through_one_module() -> None:
    """DuckDB's readers, and pyarrow's that take a directory's name for a column."""
    forbidden = re.compile(
        r"\.read_(?:parquet|csv|json)\(|from_parquet|parquet_scan|pq\.read_table|pq\.ParquetDataset|dataset\.dataset"
    )
    for path in sorted((ROOT / "halodb").rglob("*.py")):
        if path.name != "readers.py":
            assert forbidden.search(path.read_text(encoding="utf-8")) is None, path
    assert resource("sql", "rejects.sql").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a backslash is no part of a name on Windows")
def test_a_name_that_duckdb_cannot_be_told_is_refused(tmp_path: Path) -> None:
    source = make_input(tmp_path / "a\\[b]", ["Oc1ccccc1"])
    with pytest.raises(UsageError, match="Rename it"):
        package.transform(source, tmp_path / "library", workers=1)
