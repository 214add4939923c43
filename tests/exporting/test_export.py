"""Exports are read back by RDKit and by Open Babel; they are whole or absent, and the same bytes each time."""

from __future__ import annotations

import csv
import gzip
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rdkit import Chem

import halodb as package
from halodb.errors import HalodbError, OutputError, QueryError, UsageError
from halodb.files import digest
from halodb.query import run_query
from tests.conftest import Run
from tests.exporting.conftest import by_open_babel, by_rdkit, files_of, skeleton

pytestmark = pytest.mark.filterwarnings("ignore::halodb.errors.HalodbWarning")

SOME = "class = 'lipid' AND label = 'COOH->COCl'"
MIXED = """SELECT * FROM (VALUES ('CCO', 'fine'), ('C1CC', 'open ring'), (NULL, 'nothing'), ('C(C)(C)(C)(C)C', 'five bonds'),
('c1ccccc1 benzene', 'more than that'), ('é', 'no chemistry'), ('CC=O', E'two\nlines')) AS mine(smiles, name)"""


@pytest.fixture(scope="module")
def expected(demo: Path) -> list[tuple[str, str]]:
    """Names and SMILES of `SOME`, in the order of the library."""
    with package.open(demo / "library") as library:
        rows = library.sql(f"SELECT id, smiles FROM products WHERE {SOME}").fetchall()
    return sorted(rows, key=lambda row: (row[0].split(".")[0], int(row[0].split(".")[-1])))


@pytest.mark.parametrize("ending", ["smi", "sdf", "smi.gz", pytest.param("sdf.gz", marks=pytest.mark.slow)])
def test_molecules_are_read_back(demo: Path, tmp_path: Path, expected: list[tuple[str, str]], ending: str) -> None:
    file = tmp_path / f"hits.{ending}"
    report = package.export(demo / "library", file, where=SOME, workers=2)
    assert (report.rows, report.failures, report.files) == (len(expected), 0, (file,))
    assert by_rdkit(file) == expected
    form = ending.partition(".")[0]
    if not ending.endswith("gz"):
        found = [(molecule.title, skeleton(molecule)) for molecule in by_open_babel(file, form)]
        (tmp_path / "given.smi").write_text("".join(f"{smiles} {name}\n" for name, smiles in expected))
        assert found == [(each.title, skeleton(each)) for each in by_open_babel(tmp_path / "given.smi", "smi")]
    assert [path.name for path in tmp_path.iterdir() if path.name != "given.smi"] == [file.name]


def test_coordinates_in_space_follow_from_the_molecule(demo: Path, tmp_path: Path) -> None:
    """Not from its place in the file, nor from the number of workers."""
    library, query = demo / "library", "SELECT id, smiles FROM products WHERE length(smiles) < 14 ORDER BY id"
    one, two, back = tmp_path / "one.sdf", tmp_path / "two.sdf", tmp_path / "back.sdf"
    package.export(library, one, query=f"{query} LIMIT 70", coordinates="3d", workers=1)
    package.export(library, two, query=f"{query} LIMIT 70", coordinates="3d", workers=2)
    package.export(
        library, back, query=f"SELECT * FROM ({query} LIMIT 9) ORDER BY id DESC", coordinates="3d", workers=1
    )
    assert one.read_bytes() == two.read_bytes()
    entries = [text.split("$$$$\n") for text in (one.read_text(), back.read_text())]
    assert entries[1][:9] == entries[0][8::-1]
    for molecule in Chem.SDMolSupplier(str(one), removeHs=False):
        smiles = Chem.MolToSmiles(Chem.MolFromSmiles(molecule.GetProp("smiles")), isomericSmiles=False)
        assert Chem.MolToSmiles(Chem.RemoveHs(molecule), isomericSmiles=False) == smiles
        assert molecule.GetConformer().Is3D()
        assert any(atom.GetAtomicNum() == 1 for atom in molecule.GetAtoms())


@pytest.mark.parametrize(("ending", "kept", "lost"), [("smi", 5, 2), ("sdf", 2, 5)])
def test_what_cannot_be_written_is_kept_with_its_reason(
    demo: Path, tmp_path: Path, ending: str, kept: int, lost: int
) -> None:
    """A line of SMILES is the text as it is; an SD file wants a molecule."""
    file = tmp_path / f"mine.{ending}"
    report = package.export(demo / "library", file, query=MIXED, workers=1)
    assert (report.rows, report.failures) == (kept, lost)
    with (tmp_path / "mine_failures.csv").open(encoding="utf-8", newline="") as told:
        rows = {row["name"]: row["reason"] for row in csv.DictReader(told)}
    assert len(rows) == lost
    assert "no SMILES" in rows["nothing"]
    if ending == "sdf":
        assert by_rdkit(file) == [("fine", "CCO"), ("two lines", "CC=O")]
    package.export(demo / "library", file, where=SOME, replace=True, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_tables_have_the_same_rows(demo: Path, tmp_path: Path) -> None:
    columns = "id, logp, n_cl(smiles) AS n_cl, [k, parent_row] AS both, parent_smiles"
    for ending in ("csv", "tsv.gz", "json", "parquet"):
        package.export(demo / "library", tmp_path / f"t.{ending}", where=SOME, columns=columns)
    rows = pq.read_table(tmp_path / "t.parquet").to_pylist()
    assert list(rows[0]) == ["id", "logp", "n_cl", "both", "parent_smiles"]
    assert json.loads((tmp_path / "t.json").read_text()) == rows
    as_text = [{name: str(value) for name, value in row.items()} for row in rows]
    with (tmp_path / "t.csv").open(newline="") as comma, gzip.open(tmp_path / "t.tsv.gz", "rt", newline="") as tab:
        assert list(csv.DictReader(comma)) == as_text
        assert list(csv.DictReader(tab, delimiter="\t")) == as_text
    assert (tmp_path / "t.tsv.gz").read_bytes()[4:8] == bytes(4)  # gzip's time


def test_tags_and_names_of_choice(demo: Path, tmp_path: Path) -> None:
    query = 'SELECT smiles AS SMILES, rule, label AS "<my>\ttag", NULL AS empty, id AS code FROM products LIMIT 3'
    package.export(demo / "library", tmp_path / "a.sdf", query=query, name="code", workers=1)
    for molecule in Chem.SDMolSupplier(str(tmp_path / "a.sdf")):
        assert list(molecule.GetPropNames()) == ["SMILES", "rule", "my_tag", "code"]
        assert molecule.GetProp("_Name") == molecule.GetProp("code")
    package.export(
        demo / "library", tmp_path / "b.smi", query="SELECT smiles, id, k FROM products", columns=["k", "1 + 1"]
    )
    assert {tuple(line.split("\t")[2:]) for line in (tmp_path / "b.smi").read_text().splitlines()} == {
        ("1", "2"),
        ("2", "2"),
    }
    package.export(demo / "library", tmp_path / "c.smi", query="SELECT DISTINCT smiles FROM products ORDER BY ALL")
    assert [line.split("\t")[1] for line in (tmp_path / "c.smi").read_text().splitlines()[:3]] == ["1", "2", "3"]


def test_a_set_of_files(demo: Path, tmp_path: Path) -> None:
    whole = package.export(demo / "library", tmp_path / "all.smi", where="k = 1")
    report = package.export(demo / "library", tmp_path / "set.smi.gz", where="k = 1", split=1000)
    assert report.path == tmp_path / "set"
    assert report.files[0] == tmp_path / "set" / "set-00001.smi.gz"
    parts = [gzip.decompress(file.read_bytes()) for file in report.files]
    assert b"".join(parts) == (tmp_path / "all.smi").read_bytes()
    assert [part.count(b"\n") for part in parts] == [1000] * (whole.rows // 1000) + [whole.rows % 1000]
    listed = json.loads((tmp_path / "set" / "export.json").read_text())
    assert listed["rows"] == whole.rows
    assert [each["digest"] for each in listed["files"]] == [digest(file) for file in report.files]
    before = files_of(tmp_path / "set")
    package.export(demo / "library", tmp_path / "set.smi.gz", where="k = 1", split=1000, replace=True)
    assert files_of(tmp_path / "set") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.smi", "set"]


def test_what_is_there_is_not_lost(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    (tmp_path / "hits.csv").write_text("x")
    before = files_of(tmp_path)
    for name, options in {
        "mine.smi": {"split": 10},
        "hits.csv": {},
        "hits.csv/deeper.csv": {},
    }.items():
        with pytest.raises(OutputError):
            package.export(demo / "library", tmp_path / name, where=SOME, **options)  # type: ignore[arg-type]
    with pytest.raises(OutputError, match="no export wrote"):
        package.export(demo / "library", tmp_path / "mine.smi", where=SOME, split=10, replace=True)
    assert files_of(tmp_path) == before


WRONG: list[tuple[type[HalodbError], str, dict[str, object]]] = [
    (UsageError, "a.xyz", {}),
    (OutputError, "", {}),
    (UsageError, "smi", {}),
    (UsageError, ".smi", {}),
    (UsageError, "a.parquet.gz", {}),
    (UsageError, "a.smi", {"coordinates": "3d"}),
    (UsageError, "a.sdf", {"coordinates": "4d"}),
    (UsageError, "a.smi", {"split": 0}),
    (UsageError, "a.smi", {"query": "SELECT 1", "where": "k = 1"}),
    (UsageError, "a.smi", {"query": "SELECT id FROM products"}),
    (UsageError, "a.smi", {"query": "SELECT smiles FROM products", "name": "x"}),
    (UsageError, "a.csv", {"columns": "id, (k"}),
    (UsageError, "a.csv", {"columns": "id,,k"}),
    (QueryError, "a.csv", {"columns": "nothing"}),
    (QueryError, "a.smi", {"where": "nothing = 1"}),
    (QueryError, "a.smi", {"where": "k = 1) OR (k = 2"}),
    (QueryError, "a.smi", {"where": ""}),
    (QueryError, "a.smi", {"where": "substructure(smiles, 'c[')"}),
    (QueryError, "a.smi", {"query": "SELEC"}),
    (QueryError, "a.smi", {"query": ""}),
    (QueryError, "a.smi", {"query": "SELECT 1; SELECT 2"}),
    (QueryError, "a.csv", {"query": "COPY (SELECT 1) TO 'x.csv'"}),
    (QueryError, "a.csv", {"query": "CREATE TABLE t AS SELECT 1"}),
]


@pytest.mark.parametrize(("error", "name", "options"), WRONG)
def test_what_is_wrong_is_told_and_leaves_nothing(
    demo: Path, tmp_path: Path, error: type[HalodbError], name: str, options: dict[str, object]
) -> None:
    with pytest.raises(error):
        package.export(demo / "library", tmp_path / name, **options)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_command_line(halodb: Run, demo: Path, tmp_path: Path) -> None:
    done = halodb("export", demo / "library", "--where", SOME, "-o", tmp_path / "a.smi", "--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(r".*a\.smi: [\d,]+ rows, in .*\n", done.stderr)
    again = halodb("export", demo / "library", "--where", SOME, "-o", tmp_path / "a.smi")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert "--replace" in again.stderr
    assert halodb("export", demo / "library").returncode == 2


@pytest.mark.parametrize("read_only", [pytest.param(False, marks=pytest.mark.slow), True])
def test_sql_writes_them_too(halodb: Run, demo: Path, tmp_path: Path, read_only: bool) -> None:
    query = f"CREATE TEMP TABLE mine AS SELECT * FROM products WHERE {SOME} ORDER BY id; SELECT smiles, id FROM mine"
    options = ["--read-only"] if read_only else []
    for ending in ("sdf", "tsv.gz"):
        done = halodb("sql", demo / "library", query, "-o", tmp_path / f"a.{ending}", *options)
        assert done.returncode == 0, done.stderr
    with gzip.open(tmp_path / "a.tsv.gz", "rt") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    assert [(row["id"], row["smiles"]) for row in rows] == by_rdkit(tmp_path / "a.sdf")
    with (
        package.open(demo / "library", read_only=read_only) as library,
        pytest.raises(UsageError, match="no column smiles"),
    ):
        run_query(library, "SELECT id FROM products", output=tmp_path / "b.sdf")


@pytest.mark.slow
@pytest.mark.parametrize("alone", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_ligands_for_docking(demo: Path, tmp_path: Path, alone: bool) -> None:
    pytest.importorskip("meeko", reason="an extra")
    pytest.importorskip("gemmi", reason="an extra")
    query = "(SELECT smiles, id FROM products WHERE class = 'lipid' ORDER BY id LIMIT 3) UNION ALL SELECT '[Na+].[Cl-]', 'salt'"
    report = package.export(demo / "library", tmp_path / "l.pdbqt", query=query, split=1 if alone else None, workers=1)
    assert (report.rows, report.failures) == (3, 1)
    names = [found for file in report.files for found in re.findall(r"REMARK  Name = (\S+)", file.read_text())]
    assert names == sorted(names)
    assert len(names) == 3
    read = [molecule for file in report.files for molecule in by_open_babel(file, "pdbqt")]
    assert len(read) == 3
