"""Bad input: one clear line on standard error, the right exit code, no traceback, nothing on standard output."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from halodb.jobs import writing
from tests.conftest import Run, make_input


def refuses(halodb: Run, code: int, told: str, *arguments: object) -> None:
    done = halodb(*arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_a_missing_input(halodb: Run, tmp_path: Path) -> None:
    refuses(halodb, 1, "does not exist", "transform", tmp_path / "polyphenol-1X", "-l", tmp_path / "library")
    refuses(halodb, 1, "does not exist", "halogenate", tmp_path / "none.smi", "-o", tmp_path / "inputs")


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty (0 bytes)"), (b"CCO ethanol\n", "is not a Parquet file"), (b"PAR1 and no end", "is cut short")],
)
def test_what_is_no_parquet(halodb: Run, tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "polyphenol-1X" / "products.parquet"
    path.parent.mkdir()
    path.write_bytes(content)
    refuses(halodb, 1, told, "transform", path, "-l", tmp_path / "library")


def test_truncated_parquet(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, ["Oc1ccccc1"] * 1000)
    path.write_bytes(path.read_bytes()[:-100])
    refuses(halodb, 1, "is cut short", "transform", path, "-l", tmp_path / "library")


def test_damaged_pages(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, ["C" * (number % 50 + 1) for number in range(5000)])
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff" * 200 + content[204:])
    refuses(halodb, 1, "is damaged near row", "transform", path, "-l", tmp_path / "library", "-q")


def test_no_smiles_column_and_no_rows(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, [])
    refuses(halodb, 1, "has no rows", "transform", path, "-l", tmp_path / "library")
    pq.write_table(pa.table({"parent_smiles": ["C"]}), path)
    told = "has no column `smiles` (its columns: parent_smiles)"
    refuses(halodb, 1, told, "transform", path, "-l", tmp_path / "library")
    pq.write_table(pa.table({"smiles": [1]}), path)
    refuses(halodb, 1, "holds int64, not text", "transform", path, "-l", tmp_path / "library")


def test_an_input_whose_class_nothing_tells(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, ["Oc1ccccc1"], "my-compounds")
    refuses(halodb, 2, "nothing tells the class", "transform", path, "-l", tmp_path / "library")
    refuses(
        halodb, 2, "is not the name of an input", "transform", path, "--name", "steroid-X", "-l", tmp_path / "library"
    )
    done = halodb("transform", path, "--name", "polyphenol-1X", "-l", tmp_path / "library", "-w", 1)
    assert done.returncode == 0, done.stderr


def test_wrong_usage(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, ["Oc1ccccc1"])
    library = tmp_path / "library"
    refuses(halodb, 2, "has no rule NOPE", "transform", path, "-l", library, "--rule", "NOPE")
    refuses(halodb, 2, "is not meant for polyphenol", "transform", path, "-l", library, "--rule", "FG_AMINE_ALIPH__NH2__TO__NHMe")  # fmt: skip
    refuses(halodb, 2, "wrong usage", "transform", path)
    refuses(halodb, 2, "wrong usage", "no-such-command")
    refuses(halodb, 2, "wrong usage", "transform", path, "-l", library, "--workers", "many")


def test_a_library_that_is_none(halodb: Run, tmp_path: Path) -> None:
    refuses(halodb, 1, "does not exist", "sql", "SELECT 1", "-l", tmp_path / "none")
    refuses(halodb, 1, "holds no job", "dedup", "-l", tmp_path)


def test_a_broken_smirks(halodb: Run, tmp_path: Path) -> None:
    rules = tmp_path / "mine.yaml"
    rules.write_text(
        "rules:\n  - name: A\n    label: a\n    family: a\n    scope_classes: [lipid]\n"
        "    query_smarts: '[C:1]'\n    smirks: '[C:1]>>[C:1]X('\n",
        encoding="utf-8",
    )
    refuses(halodb, 1, "mine.yaml, line 7: rule A, field smirks", "rules", "--rules", rules)


def test_parents_of_all_kinds(halodb: Run, tmp_path: Path) -> None:
    csv = tmp_path / "parents.csv"
    csv.write_text(
        "Name,SMILES,class\nphenol,c1ccccc1O,polyphenol\nagain,Oc1ccccc1,\nbroken,C1CC,\nempty,,\nacid,CCCCCCCCCCCC(=O)O,\n",
        encoding="utf-8",
    )
    done = halodb("halogenate", csv, "-o", tmp_path / "inputs", "--depth", 1, "-w", 1)
    assert done.returncode == 0, done.stderr
    assert "5 parents, 1 duplicates, rejects: 1 SMILES does not parse, 1 empty SMILES" in " ".join(done.stderr.split())
    phenol = pq.read_table(tmp_path / "inputs" / "polyphenol-0X" / "products.parquet").to_pylist()
    assert phenol == [{"smiles": "Oc1ccccc1", "parent_row": 0, "sources": 2, "name": "phenol"}]
    made = pq.read_table(tmp_path / "inputs" / "polyphenol-1X" / "products.parquet").column("smiles").to_pylist()
    assert len(made) == 16  # ortho, meta and para, and in place of OH, four halogens each
    assert (tmp_path / "inputs" / "lipid-1X" / "products.parquet").exists()
    smi = tmp_path / "parents.smi"
    smi.write_text("Oc1ccccc1 phenol\nC1CC broken\n", encoding="utf-8")
    refuses(halodb, 1, "was made from", "halogenate", smi, "-o", tmp_path / "inputs")
    csv.write_text("smiles,class\nC,steroid\n", encoding="utf-8")
    refuses(halodb, 1, "line 2: 'steroid' is not a class", "halogenate", csv, "-o", tmp_path / "other")


def test_two_writers_of_one_library(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, ["Oc1ccccc1"])
    with writing(tmp_path / "library"):
        refuses(halodb, 1, "is being written to by process", "transform", path, "-l", tmp_path / "library")


def test_a_place_that_cannot_be_written_to(halodb: Run, tmp_path: Path) -> None:
    path = make_input(tmp_path, ["Oc1ccccc1"])
    refuses(halodb, 1, "cannot write", "transform", path, "-l", path / "library")
    (tmp_path / "parents.smi").write_text("Oc1ccccc1\n", encoding="utf-8")
    refuses(halodb, 1, "cannot write", "halogenate", tmp_path / "parents.smi", "-o", path / "inputs")


def test_help_names_every_command_and_is_quick(halodb: Run) -> None:
    done = halodb("--help")
    assert done.returncode == 0
    assert all(
        name in done.stdout
        for name in ("demo", "rules", "halogenate", "transform", "dedup", "verify", "adopt", "clean", "sql")
    )
    loaded = halodb_modules("halodb.cli.main")
    assert not {"rdkit", "duckdb", "pyarrow", "pydantic"} & loaded, (
        "these are slow to import: leave them to the command"
    )


def halodb_modules(module: str) -> set[str]:
    """Top-level modules that importing one brings along."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
def test_ctrl_c_during_a_statement_of_duckdb() -> None:
    """A pass begins with one, and each job of dedup is one."""
    endless = "SELECT count(*) FROM range(100000000000) AS numbers(number) WHERE number % 7 = 3"
    command = (
        "import duckdb\nfrom halodb.cli import main\nfrom halodb.engine import interruptible\n"
        "connection = duckdb.connect()\nprint('begins', flush=True)\n"
        f"main.app = lambda *_, **__: interruptible(connection, lambda: connection.execute('{endless}'))\nmain.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=120)[1]
    assert (process.returncode, told.partition(".")[0]) == (130, "halodb: stopped")
