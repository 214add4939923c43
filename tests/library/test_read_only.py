"""`halodb sql --read-only`: for a server on which others ask. SQL reaches no file but the library's, and writes none."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import halodb as package
from halodb.errors import HalodbWarning, LibraryError, QueryError
from tests.conftest import OME, Run, some

pytestmark = pytest.mark.filterwarnings("ignore::halodb.errors.HalodbWarning")


@pytest.fixture(scope="module")
def library(phenol_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with its input inside, and another input that is not."""
    place = tmp_path_factory.mktemp("read only")
    return Path(shutil.copytree(phenol_library / "library", place / "library"))


def content(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def forbidden(library: Path, outside: Path) -> list[str]:
    products = library / OME / "products.parquet"
    copies = [
        f"COPY (SELECT 1 AS a) TO '{place}' (FORMAT parquet, USE_TMP_FILE false)"
        for place in (products, outside / "new")
    ]
    return [
        *copies,
        f"PREPARE p AS {copies[0]}",
        f"EXPLAIN ANALYZE {copies[0]}",
        f"-- EXPLAIN SELECT\nEXPLAIN ANALYZE {copies[0]}",
        f"SELECT 1; {copies[0]}",
        f"EXPORT DATABASE '{outside / 'export'}'",
        f"EXPORT DATABASE '{library / 'export'}'",
        f"ATTACH '{outside / 'a.db'}'",
        f"ATTACH '{library / 'a.db'}'",
        f"SELECT * FROM read_csv('{outside / 'secret.csv'}')",
        f"SELECT * FROM '{outside / 'secret.csv'}'",
        f"SELECT * FROM read_text('{library / '..' / 'secret.csv'}')",
        f"SELECT * FROM read_text('{library / OME / '..' / '..' / 'secret.csv'}')",
        f"SELECT * FROM read_blob('{outside}/*')",
        f"SELECT * FROM glob('{outside}/*')",
        f"SELECT * FROM sniff_csv('{outside / 'secret.csv'}')",
        f"CREATE TABLE t AS FROM read_csv('{outside / 'secret.csv'}')",
        f"CREATE VIEW v AS FROM read_csv('{outside / 'secret.csv'}'); FROM v",
        f"FROM query('FROM read_csv(''{outside / 'secret.csv'}'')')",
        f"IMPORT DATABASE '{outside}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        f"SET temp_directory = '{outside}'",
        "RESET lock_configuration",
        "PRAGMA enable_profiling",
        f"PRAGMA profiling_output = '{outside / 'profile'}'",
        f"CALL enable_logging(storage = 'file', storage_path = '{outside / 'log'}')",
        "CREATE PERSISTENT SECRET s (TYPE s3)",
        "SELECT * FROM variable_of_the_program",
        "CHECKPOINT",
    ]


def test_what_reaches_out_is_refused(library: Path, tmp_path: Path) -> None:
    outside = library.parent
    (outside / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    before = content(outside)
    variable_of_the_program = pa.table({"a": [1]})
    with package.open(library, read_only=True) as opened:
        for query in forbidden(library, outside):
            with pytest.raises((QueryError, duckdb.Error)):
                opened.sql(query).fetchall()
    assert variable_of_the_program.num_rows == 1
    assert content(outside) == before


ALLOWED = [
    "SELECT count(*) FROM products",
    "EXPLAIN SELECT * FROM products",
    "EXPLAIN ANALYZE SELECT * FROM products",
    "WITH few AS (FROM products LIMIT 3) SELECT * FROM few",
    "CREATE TEMP TABLE t AS FROM products; SELECT count(*) FROM t",
    "DESCRIBE products",
    "SUMMARIZE products",
    "SHOW TABLES",
    "SELECT * FROM rejects JOIN jobs USING (job)",
    "SELECT * FROM rules",
]


def test_questions_are_answered_as_ever(library: Path) -> None:
    with package.open(library, read_only=True) as confined, package.open(library) as free:
        for query in ALLOWED:
            answers = [[row for one in query.split(";") for row in _rows(each, one)] for each in (confined, free)]
            if not query.startswith(("EXPLAIN ANALYZE", "SUMMARIZE")):  # they tell times, and means summed in any order
                assert sorted(map(repr, answers[0])) == sorted(map(repr, answers[1]))  # threads put rows in any order


def _rows(library: package.Library, query: str) -> list[tuple[object, ...]]:
    result = library.sql(query)
    return result.fetchall() if result is not None else []


def test_it_spills_within_its_budget(library: Path) -> None:
    with package.open(library, read_only=True, memory="320MiB") as opened:
        query = "SELECT count(*) FROM (SELECT DISTINCT md5(range::VARCHAR) FROM range(4_000_000))"
        assert opened.sql(query).fetchall() == [(4_000_000,)]
    assert not list(library.glob(".halodb-spill*"))


def test_inputs_outside_are_left_out_and_told(phenol_library: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))
    with pytest.warns(HalodbWarning, match="polyphenol-1X lie outside of the library"):
        opened = package.open(library, read_only=True)
    with opened:
        assert opened.sql("SELECT count(*) FROM parents").fetchall() == [(0,)]
        assert opened.sql("SELECT count(*) > 0, count(parent_smiles) FROM derivations").fetchall() == [(True, 0)]


@pytest.mark.skipif(sys.platform == "win32", reason="to make a link wants a privilege on Windows")
def test_a_result_that_leads_out_is_refused(phenol_library: Path, tmp_path: Path) -> None:
    library = Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))
    products = library / OME / "products.parquet"
    products.rename(tmp_path / "elsewhere.parquet")
    products.symlink_to(tmp_path / "elsewhere.parquet")
    with pytest.raises(LibraryError, match="out of the library"):
        package.open(library, read_only=True)


@pytest.mark.parametrize("form", some(["csv", "json", "parquet", "table"], 2))
def test_formats_on_the_command_line(halodb: Run, library: Path, tmp_path: Path, form: str) -> None:
    query = ("sql", "SELECT rule, count(*) AS n FROM products GROUP BY rule ORDER BY rule", "-l", library)
    free, confined = tmp_path / f"free.{form}", tmp_path / f"confined.{form}"
    assert halodb(*query, "-o", free, "--format", form).returncode == 0
    assert halodb(*query, "-o", confined, "--format", form, "--read-only").returncode == 0
    assert free.read_bytes() == confined.read_bytes()
    if form in {"csv", "json"}:
        piped = halodb(*query, "--format", form, "--read-only")
        assert piped.stdout.encode() == free.read_bytes()
    refused = halodb("sql", "COPY (SELECT 1) TO 'x.csv'", "-l", library, "--read-only", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "is not for a library that is opened read-only" in refused.stderr
