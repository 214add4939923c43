"""A finished library answers SQL: the README's questions, the formats, the views."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.chemistry import Enumerator
from halodb.errors import QueryError
from halodb.rules import read_rules
from tests.conftest import Run, some

README = Path(__file__).parents[2] / "README.md"
QUESTIONS = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_readme_asks_ten_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_of_the_readme_has_an_answer(demo: Path, question: str) -> None:
    with package.open(demo / "library") as library:
        assert len(library.sql(question).fetchall()) > 0


def test_the_demo_has_118_jobs_and_every_product_once(demo: Path) -> None:
    with package.open(demo / "library") as library:
        assert library.sql("SELECT count(*), count(*) FILTER (state = 'done') FROM jobs").fetchall() == [(118, 118)]
        assert library.sql("SELECT count(*) FROM rules").fetchall() == [(19,)]
        doubled = library.sql("SELECT 1 FROM products GROUP BY class, k, rule, smiles HAVING count(*) > 1").fetchall()
        assert doubled == []
        assert (
            library.sql("SELECT sum(unique_products) FROM jobs").fetchall()
            == library.sql("SELECT count(*) FROM products").fetchall()
        )


@pytest.mark.slow
def test_a_derivation_can_be_done_again_by_hand(demo: Path) -> None:
    with package.open(demo / "library") as library:
        rows = library.sql(
            "SELECT rule, parent_smiles, site, smiles, grandparent_smiles FROM derivations USING SAMPLE 200 (reservoir, 1)"
        ).fetchall()
    for rule, parent, site, smiles, grandparent in rows:
        made = Enumerator([read_rules().rule(rule)]).enumerate(parent).products
        assert (0, site, smiles) in made
        assert grandparent is not None


def test_every_halogenated_parent_goes_back_to_a_named_natural_product(demo: Path) -> None:
    with package.open(demo / "library") as library:
        assert library.sql("SELECT count(*) FROM origins WHERE name IS NULL").fetchall() == [(0,)]


def test_formats(halodb: Run, demo: Path, tmp_path: Path) -> None:
    library = demo / "library"
    query = "SELECT class, k, count(*) AS n, list(DISTINCT family ORDER BY family) AS families FROM products GROUP BY ALL ORDER BY ALL"
    as_csv = halodb("sql", query, "-l", library, "--format", "csv")
    as_json = halodb("sql", query, "-l", library, "--format", "json")
    assert (as_csv.stderr, as_json.stderr) == ("", "")
    rows = json.loads(as_json.stdout)
    assert [row["n"] for row in csv.DictReader(io.StringIO(as_csv.stdout))] == [str(row["n"]) for row in rows]
    done = halodb("sql", query, "-l", library, "-o", tmp_path / "out.parquet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == rows
    assert "polyphenol" in halodb("sql", query, "-l", library).stdout
    (tmp_path / "q.sql").write_text(f"CREATE TABLE t AS {query};\nSELECT count(*) AS n FROM t;", encoding="utf-8-sig")
    assert json.loads(halodb("sql", "-f", tmp_path / "q.sql", "-l", library, "--format", "json").stdout) == [
        {"n": len(rows)}
    ]


def test_wrong_sql_is_one_line_and_leaves_no_file(halodb: Run, demo: Path, tmp_path: Path) -> None:
    done = halodb("sql", "SELECT * FROM product", "-l", demo / "library", "-o", tmp_path / "out.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "query failed" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert halodb("sql", "-l", demo / "library").returncode == 2
    assert halodb("sql", "SELECT 1", "-l", demo / "library", "-o", tmp_path / "out.xyz").returncode == 2


def test_parameters_are_bound(demo: Path) -> None:
    with package.open(demo / "library") as library:
        query = "SELECT count(*) FROM products WHERE class = $class"
        assert library.sql(query, {"class": "lipid' OR 1=1 --"}).fetchall() == [(0,)]
        assert library.sql(query, {"class": "lipid"}).fetchall()[0][0] > 0
        with pytest.raises(QueryError):
            library.sql("SELEC")


def test_across_jobs_is_the_same_file_whatever_memory_holds(own_demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one part, or in dozens."""
    one = package.dedup_across_jobs(own_demo / "library", memory="2GB").path.read_bytes()
    monkeypatch.setattr("halodb.deduplication.repeats._BYTES_A_HASH", 50_000)
    monkeypatch.setattr("halodb.deduplication.repeats._BYTES_A_KEY", 10**6)
    assert package.dedup_across_jobs(own_demo / "library", memory="320MiB").path.read_bytes() == one


def test_across_jobs(own_demo: Path) -> None:
    distinct = package.dedup_across_jobs(own_demo / "library")
    with package.open(own_demo / "library") as library:
        expected = library.sql(
            "SELECT smiles, sum(sources), list(DISTINCT class || '-' || k || 'X_' || rule) "
            "FROM products GROUP BY smiles ORDER BY smiles"
        ).fetchall()
    rows = sorted(pq.read_table(distinct.path).to_pylist(), key=lambda row: row["smiles"])
    assert [(row["smiles"], row["sources"], sorted(row["jobs"])) for row in rows] == [
        (smiles, sources, sorted(jobs)) for smiles, sources, jobs in expected
    ]
    assert any(len(row["jobs"]) > 1 for row in rows)


def test_rules_for_people_and_for_programs(halodb: Run, tmp_path: Path) -> None:
    listed = json.loads(halodb("rules", "--json").stdout)
    assert (listed["jobs"], len(listed["rules"])) == (118, 19)
    assert "118 jobs" in halodb("rules").stdout
    done = halodb("rules", "--json", "--draw", tmp_path)
    assert done.returncode == 0
    drawings = sorted(tmp_path.glob("*.svg"))
    assert len(drawings) == 19
    assert all(drawing.read_text(encoding="utf-8").count("<path") > 20 for drawing in drawings)


def test_the_library_may_come_from_the_environment(halodb: Run, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALODB_LIBRARY", str(demo / "library"))
    done = halodb("sql", "SELECT count(*) AS n FROM jobs", "--format", "csv")
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["n", "118"], "")


def test_a_library_and_its_inputs_may_be_moved_together(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "moved")
    with package.open(tmp_path / "moved" / "library") as library:
        assert library.sql("SELECT count(*) FROM inputs WHERE NOT present").fetchall() == [(0,)]
        (path,) = library.sql("SELECT path FROM inputs WHERE class = 'lipid' AND k = 1").fetchall()[0]
        assert Path(path).resolve().is_relative_to((tmp_path / "moved").resolve())


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.parametrize("form", some(["table", "csv", "json", "parquet"]))
def test_ctrl_c_ends_a_long_query(demo: Path, tmp_path: Path, form: str) -> None:
    endless = "SELECT count(*) FROM range(100000000000) AS numbers(number) WHERE number % 7 = 3"
    command = [sys.executable, "-m", "halodb", "sql", endless, "-l", str(demo / "library"), "--format", form]
    process = subprocess.Popen([*command, "-o", str(tmp_path / "answer")], stderr=subprocess.PIPE, text=True)
    while psutil.Process(process.pid).cpu_times().user < 1.5:  # past its imports, within the query
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told.partition(".")[0]) == (130, "halodb: stopped")
    assert not (tmp_path / "answer").exists()
