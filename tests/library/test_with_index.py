"""A query gives the same with an index as without, whatever it is; and reads the index where that is surely right."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from filelock import FileLock

import halodb as package
from halodb.engine import run_statement, statement
from halodb.errors import HalodbWarning, QueryError
from halodb.library.cost import cost_of_query
from tests.conftest import some

LIKE = "COc1ccc(F)cc1"

READS = [
    "SELECT id, logp(smiles) FROM products WHERE substructure(smiles, 'c1ccncc1')",
    "SELECT count(*) FROM products WHERE NOT substructure(smiles, '[OX2H]') AND k = 1",
    "SELECT class, count(*) FILTER (substructure(smiles, 'c[F]')) AS n FROM products GROUP BY class",
    "SELECT * FROM products WHERE class = 'lipid' AND mol_weight(smiles) BETWEEN 300 AND 400",
    "FROM products WHERE similarity(smiles, 'COc1ccc(F)cc1') >= 0.4",
    "SELECT id, similarity(smiles, 'COc1ccc(F)cc1') FROM products WHERE 0.35 < similarity(smiles, 'COc1ccc(F)cc1')",
    "SELECT p.*, similarity(p.smiles, 'OCCN') AS s FROM products p ORDER BY s DESC, id LIMIT 20",
    "SELECT P.Smiles, LOGP(P.SMILES), mol_amw(p.smiles) FROM Products P WHERE k = 1 AND class = 'polyphenol'",
    "SELECT name, substructure(smiles, 'c[Br]') AS b FROM products JOIN origins USING (class, k, parent_row) WHERE class = 'lipid'",
    "SELECT count(*) FROM derivations WHERE substructure(smiles, '[Cl]') AND class = 'lipid' AND parent_smiles IS NOT NULL",
    "SELECT a.id, b.id FROM products a JOIN products b ON a.smiles = b.smiles AND a.id < b.id AND hbd(a.smiles) = hbd(b.smiles)",
    "SELECT origins.name, max(rings(p.smiles)) FROM origins LEFT JOIN products p USING (class, k, parent_row) WHERE origins.k = 1 AND class = 'lipid' GROUP BY ALL",
    "WITH small AS (SELECT smiles, heavy_atoms(smiles) AS n FROM products WHERE heavy_atoms(smiles) < 15) SELECT n, count(*) FROM small GROUP BY n",
    "SELECT id FROM products WHERE id IN (SELECT id FROM products WHERE fraction_csp3(smiles) > 0.9 AND tpsa(smiles) < 60)",
    "SELECT rotatable_bonds(smiles) AS r, count(*) FROM products GROUP BY rotatable_bonds(smiles) HAVING count(*) > 10",
    "SELECT DISTINCT formal_charge(smiles), hba(smiles) FROM products",
    "SELECT id, row_number() OVER (PARTITION BY class ORDER BY exact_mass(smiles) DESC, id) AS place FROM products QUALIFY place <= 3 ORDER BY ALL",
    "SELECT * EXCLUDE (sources) REPLACE (upper(label) AS label) FROM products WHERE substruct(smiles, 'C(=O)Cl')",
    "SELECT count(*) FROM products WHERE substructure(smiles, '[!#6;!#1]~[F,Cl]') OR logp(smiles) > 8",
    "SELECT id FROM products WHERE class = 'lipid' UNION ALL SELECT id FROM products WHERE substructure(smiles, 'n')",
    "SELECT CASE WHEN logp(smiles) > 5 THEN 'fat' ELSE 'lean' END AS kind, count(*) FROM products GROUP BY kind",
    "SELECT inchikey(smiles) FROM products WHERE class = 'lipid' AND k = 1",
    "SELECT id FROM products WHERE similarity(smiles, 'c1ccccc1O') > 1",
    "SELECT max(substructure_count(smiles, '[OX2H]')), sum(substruct_count(smiles, 'c[Br]')) FROM products WHERE k = 1",
    "SELECT id FROM products WHERE similarity(smiles, 'Oc1ccc(F)cc1') = 1",
    "SELECT (SELECT count(*) FROM products WHERE substructure(products.smiles, 'P')) AS n FROM jobs LIMIT 1",
]  # fmt: skip

STAYS = [
    "SELECT count(*) FROM derivations WHERE substructure(parent_smiles, 'c[F]') AND class = 'lipid'",
    "SELECT count(*) FROM parents WHERE k = 0 AND substructure(smiles, 'c1ccncc1')",
    "WITH products AS (SELECT 'OCC' AS smiles) SELECT logp(smiles) FROM products",
    "SELECT logp(smiles) FROM (SELECT smiles FROM products LIMIT 1)",
    "SELECT logp(lower('C')) AS smiles FROM products LIMIT 1",
    "SELECT 'CCO' AS smiles, class FROM products WHERE class = 'lipid' ORDER BY logp(smiles), class LIMIT 3",
    "SELECT COLUMNS('s.*'), logp(smiles) FROM products WHERE class = 'lipid' AND k = 1",
    "SELECT products, logp(smiles) FROM products WHERE class = 'lipid' AND k = 1 AND rule LIKE '%COCl'",
    "SELECT count(*) FROM products NATURAL JOIN jobs WHERE logp(smiles) > 3",
    "SELECT list_transform([smiles], lambda smiles: logp(smiles)) FROM products WHERE class = 'lipid' AND k = 1",
    "SELECT logp(smiles) FROM products p(a, b, c, d, e, smiles) WHERE smiles = 'COc1ccccc1'",
    "SELECT substructure('c1ccncc1', smiles) FROM products WHERE smiles = 'COc1ccccc1'",
    "SELECT a.id FROM products a JOIN products b USING (smiles) WHERE logp(smiles) > 7 AND a.id < b.id",
    "SELECT n FROM (SELECT x.smiles, logp(x.smiles) AS n FROM (SELECT * FROM products WHERE k = 1 AND class = 'lipid') AS x)",
    "SELECT formula(smiles), qed(smiles) FROM products WHERE class = 'lipid' AND k = 1",
    "SELECT similarity(smiles, other) FROM products, (SELECT 'CCO' AS other) WHERE class = 'lipid' AND k = 1",
]  # fmt: skip


KEPT = re.compile(r"lipid-|alkaloid-1X|polyphenol-1X_FG_(PHENOL_OH__OH__TO__OMe|CARBOXYL__COOH__TO__COCl)")
"""Jobs of the demo that are enough here: without an index RDKit reads each product."""


@pytest.fixture(scope="session")
def both(demo: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, Path]:
    """Some jobs of the demo's library, without indexes and with them, built once."""
    own = tmp_path_factory.getbasetemp()
    directory = (own if worker_id == "master" else own.parent) / "some_jobs"
    plain, indexed = directory / "plain", directory / "indexed"
    with FileLock(f"{directory}.lock"):
        if not directory.exists():
            shutil.copytree(demo, plain, ignore=shutil.ignore_patterns(".halodb*"))
            for job in (plain / "library").glob("*-?X_*"):
                if not KEPT.match(job.name):
                    shutil.rmtree(job)
            shutil.copytree(plain, indexed)
            package.index(indexed / "library", workers=2)
    return plain / "library", indexed / "library"


@pytest.fixture(scope="session")
def plain(both: tuple[Path, Path]) -> Path:
    """The library without indexes."""
    return both[0]


@pytest.fixture(scope="session")
def indexed(both: tuple[Path, Path]) -> Path:
    """The library with indexes."""
    return both[1]


def answer(library: package.Library, query: str) -> tuple[list[str], list[str], list[str]]:
    found = library.sql(query)
    rows = [repr(row) for row in found.fetchall()]
    return found.columns, [str(kind) for kind in found.types], rows if "ORDER BY" in query else sorted(rows)


@pytest.mark.parametrize("query", some([*READS, *STAYS], 6))
def test_the_same_rows_with_an_index_and_without(plain: Path, indexed: Path, query: str) -> None:
    with package.open(plain) as slow, package.open(indexed) as quick:
        assert (quick.with_index(query) != query) == (query in READS)
        assert answer(quick, query) == answer(slow, query)


def test_a_formula_is_looked_for_among_those_with_its_atoms(plain: Path, indexed: Path) -> None:
    with package.open(plain) as slow, package.open(indexed) as quick:
        lipids = "FROM products WHERE class = 'lipid'"
        found = slow.sql(
            f"SELECT formula(smiles) AS f, count(*) AS n {lipids} GROUP BY f ORDER BY n DESC, f"
        ).fetchall()
        for formula, count in [*found[:2], *found[-2:], ("C9H8O3-", 0), ("no formula", 0), ("C10H8Xe", 0)]:
            for query in (
                f"SELECT id {lipids} AND formula(smiles) = $f",
                f"SELECT id {lipids} AND $f = mol_formula(products.smiles)",
            ):
                assert (quick.with_index(query, {"f": formula}) != query) == (formula != "no formula")
                rows = quick.sql(query, {"f": formula}).fetchall()
                assert (len(rows), sorted(rows)) == (count, sorted(slow.sql(query, {"f": formula}).fetchall()))


CALLS = ["logp({s})", "hbd({s})", "similarity({s}, 'CC(=O)Nc1ccc(Cl)cc1')", "substructure({s}, 'c:c[Cl]')", "substructure({s}, '[C,F]~*')", "tpsa({s})"]  # fmt: skip
SOURCES = [("products", "smiles"), ("products AS p", "p.smiles"), ("derivations d", "d.smiles"), ("products JOIN jobs USING (class, k, rule)", "products.smiles")]  # fmt: skip


@pytest.mark.parametrize("seed", some(range(12), 6))
def test_the_same_rows_of_queries_by_chance(plain: Path, indexed: Path, seed: int) -> None:
    chance = random.Random(seed)
    source, smiles = chance.choice(SOURCES)
    first, second, third = (chance.choice(CALLS).format(s=smiles) for _ in range(3))
    bounds = ["IS NOT NULL"] if "substructure" in second + third else ["> 0.3", "< 1", "IN (0, 1, 2)", ">= 0.25"]
    bound = chance.choice(bounds)
    query = (  # its columns have names of DuckDB's
        f"SELECT {first}, max({second}) AS most, count(*) FILTER ({third} {bound}) FROM {source} "
        f"WHERE ({third} {bound} OR {second} {bound}) AND class IN ('lipid', 'alkaloid') GROUP BY {first} ORDER BY ALL"
    )
    with package.open(plain) as slow, package.open(indexed) as quick:
        assert quick.with_index(query) != query
        assert answer(quick, query) == answer(slow, query)


def test_rdkit_is_asked_of_survivors_alone(indexed: Path) -> None:
    with package.open(indexed) as library:
        query = library.with_index("SELECT count(*) FROM products WHERE substructure(smiles, 'c1ccncc1')")
        screen = query.partition("CASE  WHEN ")[2].partition(" THEN ")[0]
        rows = library.connection.sql(f"SELECT count(*) FROM internal.indexed_products AS products WHERE {screen}")
        assert rows.fetchall()[0][0] < 0.1 * library.rows


def test_parameters_are_texts_of_queries_too(plain: Path, indexed: Path) -> None:
    query = "SELECT count(*) FROM products WHERE substructure(smiles, $smarts) AND similarity(smiles, $like) > $least"
    values = {"smarts": "c1ccccc1", "like": LIKE, "least": 0.3}
    positional = "SELECT count(*) FROM products WHERE substructure(smiles, ?)"
    with package.open(plain) as slow, package.open(indexed) as quick:
        assert quick.with_index(query, values) != query
        assert quick.sql(query, values).fetchall() == slow.sql(query, values).fetchall()
        assert quick.with_index(positional, ["[#35]"]) != positional
        assert quick.sql(positional, ["[#35]"]).fetchall() == slow.sql(positional, ["[#35]"]).fetchall()
        assert quick.sql(positional, [None]).fetchall() == [(0,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 FROM products WHERE substructure(smiles, 'c1ccncc')",
        "SELECT similarity(smiles, 'no SMILES') FROM products",
        "SELECT logp(smile) FROM products",
        "SELECT logp(smiles FROM products",
        "SELECT logp(smiles) FROM products, derivations",
    ],
)
def test_a_wrong_query_is_told_as_without_an_index(plain: Path, indexed: Path, query: str) -> None:
    told = []
    for path in (plain, indexed):
        with package.open(path) as library, pytest.raises(QueryError) as error:
            library.sql(query).fetchall()
        told.append(str(error.value))
    assert told[0] == told[1]


def test_a_table_of_ones_own_named_products_is_what_is_asked(indexed: Path) -> None:
    with package.open(indexed) as library:
        library.sql("CREATE TEMP TABLE products AS SELECT 'OCC' AS smiles")
        assert library.sql("SELECT heavy_atoms(smiles) FROM products").fetchall() == [(3,)]


def test_read_only_libraries_read_their_indexes_too(indexed: Path) -> None:
    query = "SELECT count(*) FROM products WHERE substructure(smiles, 'c1ccncc1')"
    with package.open(indexed) as free, package.open(indexed, read_only=True) as confined:
        assert confined.with_index(query) != query
        assert confined.sql(query).fetchall() == free.sql(query).fetchall()


@pytest.mark.slow
def test_some_jobs_with_an_index_and_some_without(plain: Path, indexed: Path, tmp_path: Path) -> None:
    shutil.copytree(indexed.parent, tmp_path / "some")
    for number, file in enumerate(sorted((tmp_path / "some" / "library").glob("*/index.parquet"))):
        if number % 2:
            file.unlink()
    with package.open(plain) as slow, pytest.warns(HalodbWarning, match="is gone"):
        quick = package.open(tmp_path / "some" / "library")
    with quick, package.open(plain) as slow:
        for query in READS[:6]:
            assert answer(quick, query) == answer(slow, query)


def test_a_smiles_is_found_without_a_scan(plain: Path, indexed: Path) -> None:
    with package.open(indexed) as library:
        rows = library.sql("SELECT smiles FROM products USING SAMPLE 8 ROWS (reservoir, 3)").fetchall()
        run_statement(library.connection, "find/keyed_rows_of_indexes")
        plan = library.connection.execute(f"EXPLAIN ANALYZE {statement('find/by_smiles')}", {"keys": list(rows[0])})
        scanned = re.search(r"Row Groups Scanned: (\d+) / \d+", str(plan.fetchall()))
    assert scanned is not None
    if int(pa.__version__.partition(".")[0]) >= 24:
        assert int(scanned[1]) < 10
    asked = [*(smiles for (smiles,) in rows), "CCO"]
    assert package.find(indexed, asked).answers == package.find(plain, asked).answers


FEW = "SELECT id FROM products WHERE substructure(smiles, 'c1ccncc1')"


@pytest.mark.parametrize(
    "text",
    [
        f"CREATE TEMP TABLE few AS {FEW}; SELECT count(*) FROM few",
        f"CREATE TEMP TABLE few(id VARCHAR); -- of pyridines (\nINSERT INTO few {FEW}; FROM few ORDER BY id",
        f"COPY ({FEW} ORDER BY id) TO $file (FORMAT csv, HEADER false); FROM read_csv($file, header = false)",
        f"COPY (SELECT ')' AS c, count(*) FROM ({FEW})) TO $file; SELECT * FROM read_csv($file)",
    ],
)
def test_queries_in_other_statements_read_the_index_too(plain: Path, indexed: Path, tmp_path: Path, text: str) -> None:
    found = []
    for number, path in enumerate((plain, indexed)):
        with package.open(path) as library:
            asked = text.replace("$file", f"'{tmp_path / f'{number}.csv'}'")
            assert ("indexed_products" in library.with_index(asked)) == bool(number)
            found.append(library.sql(asked).fetchall())
    assert found[0] == found[1]


def test_what_a_query_takes_without_an_index_is_told(indexed: Path) -> None:
    query = "SELECT id FROM products WHERE substructure(smiles, 'c1ccncc1') AND logp(smiles) > 2"
    told = "10,000,000 products have no index, and RDKit may have to read each: up to about 1:23:20 of one core."
    assert cost_of_query(query, 10**7, 10**7) == told
    assert cost_of_query(query, 10**7, 0) is None
    assert cost_of_query(query.replace("logp", "qed"), 10**6, 0, watched=True) is not None
    assert cost_of_query(query.replace("products", "read_csv('mine.csv')"), 10**7, 10**7) is None
    with package.open(indexed) as library:
        assert 0 == library.rows_without_index < library.rows
        library.rows = library.rows_without_index = 10**7
        with pytest.warns(HalodbWarning, match="10,000,000 products have no index.*`halodb index .*` makes such"):
            library.sql(query)
