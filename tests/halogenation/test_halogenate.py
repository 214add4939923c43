"""`halodb halogenate` tells what it left out, and refuses what it cannot use."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.errors import InputError, LibraryError
from halodb.halogenation import HalogenateReport
from tests.conftest import Run

MIXED = "\n".join(
    [
        "Name;SMILES;Class;mass",
        "phenol;Oc1ccccc1; Polyphenol ;94",
        '"again; or so";c1ccccc1O;;94',
        "",
        "broken;C1CC;;1",
        "rac-alanine;C[C@H](N)C(=O)O |&1:1|;;89",
        "# end of file",
    ]
)


def halogenated(file: Path) -> HalogenateReport:
    return package.halogenate(file, file.parent / "inputs", depth=1, workers=1)


def test_all_that_was_left_out_is_told(halodb: Run, tmp_path: Path) -> None:
    file = tmp_path / "parents.csv"
    file.write_text(MIXED, encoding="utf-8")
    done = halodb("halogenate", file, "-o", tmp_path / "inputs", "--depth", 1, "-w", 1)
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stderr.split())
    for part in (
        "WARNING: 3 of 5 rows were left out.",
        "5 parents, 1 duplicates, rejects: 1 CXSMILES extension that halodb does not keep, 1 SMILES does not parse, "
        "1 wrong number of fields",
        "the first: line 5, `C1CC`: SMILES does not parse",
        "Columns: smiles from `SMILES`, name from `Name`, class from `Class`; kept beside: mass",
        "Lines skipped: 1 blank",
    ):
        assert part in told
    rejects = pq.read_table(tmp_path / "inputs" / "parents_rejects.parquet").to_pylist()
    assert [(row["parent_row"], row["line"], row["name"], row["smiles"]) for row in rejects] == [
        (2, 5, "broken", "C1CC"),
        (3, 6, "rac-alanine", "C[C@H](N)C(=O)O |&1:1|"),
        (4, 7, None, "# end of file"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("names.csv", "smiles,id\nethanol,1\nmethane,2\n", "line 2, `ethanol`: SMILES does not parse"),
        ("rownames.csv", '"smiles","name"\n"1","CCO","a"\n', "do not have the same number of columns"),
        ("inchi.csv", 'smiles\n"InChI=1S/CH4/h1H4"\n', "It is an InChI"),
        ("bars.smi", "CCO | ethanol\n", "does not end"),
        ("words.smi", "not a molecule\n", "none of its 1 rows can be used"),
        ("cyrillic.smi", "\u0421\u0421\u041e ethanol\n", "letters that no SMILES has"),
    ],
)
def test_a_file_without_a_row_that_can_be_used(tmp_path: Path, name: str, content: str, told: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="can be used") as caught:
        halogenated(file)
    assert told in str(caught.value)


def test_such_a_file_fails_on_the_command_line(halodb: Run, tmp_path: Path) -> None:
    file = tmp_path / "parents.smi"
    file.write_text("CHEBI:1 CCO\nCHEBI:2 CCN\n", encoding="utf-8")
    done = halodb("halogenate", file, "-o", tmp_path / "inputs", "-w", 1, "-q")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the names stand before the SMILES" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_what_another_reading_made_is_not_taken_for_done(tmp_path: Path) -> None:
    """Earlier versions read some files wrongly; their records name no version of the reading."""
    file = tmp_path / "parents.smi"
    file.write_text("Oc1ccccc1 phenol\n", encoding="utf-8")
    made = halogenated(file).parents
    record = tmp_path / "inputs" / "parents.json"
    record.write_text(made.model_dump_json(exclude={"reading"}), encoding="utf-8")
    with pytest.raises(LibraryError, match="read files in another way"):
        halogenated(file)
    assert package.halogenate(file, tmp_path / "inputs", depth=1, workers=1, replace=True).parents == made


def test_bytes_that_are_not_utf_8_in_an_input_make_one_reject(tmp_path: Path) -> None:
    offsets = pa.array([0, 9, 11, 20], pa.int32()).buffers()[1]
    column = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"Oc1ccccc1C\xe9Sc1ccccc1")])
    file = tmp_path / "polyphenol-1X" / "products.parquet"
    file.parent.mkdir()
    pq.write_table(pa.table({"smiles": column}), file)
    (manifest,) = package.transform(file, tmp_path / "library", rules=["FG_PHENOL_OH__OH__TO__OMe"], workers=1).jobs[:1]
    package.dedup(tmp_path / "library")
    (rejects,) = (tmp_path / "library").glob("*/rejects.parquet")
    assert pq.read_table(rejects).column("smiles").to_pylist() == [r"C\xe9"]
    assert manifest
