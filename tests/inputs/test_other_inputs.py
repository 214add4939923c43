"""Inputs that are not what they seem: another file by now, two of one name, names that mean nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.errors import HalodbWarning, InputError, RuleFileError, UsageError
from halodb.rules import read_rules
from halodb.transformation import Limits
from tests.conftest import NH2, OME, Run, make_input

RULES = [job.partition("_")[2] for job in (OME, NH2)]


@pytest.fixture
def place(phenol_library: Path, tmp_path: Path) -> Path:
    """Inputs and a library of two jobs."""
    inputs = Path(shutil.copytree(phenol_library / "inputs", tmp_path / "inputs"))
    package.transform(inputs / "polyphenol-1X", tmp_path / "library", rules=RULES, workers=1)
    package.dedup(tmp_path / "library")
    return tmp_path


def origins(library: Path) -> list[tuple[int, int]]:
    with package.open(library) as opened:
        return opened.sql("SELECT count(*), count(parent_smiles) FROM derivations").fetchall()


def test_parents_of_another_file_are_not_taken_for_those_of_the_products(halodb: Run, place: Path) -> None:
    """As many rows, in another order."""
    file = place / "inputs" / "polyphenol-1X" / "products.parquet"
    before = pq.ParquetFile(file).read()["smiles"].to_pylist()
    ((count, known),) = origins(place / "library")
    assert count == known
    make_input(place / "inputs", [*before[1:], before[0]])
    with pytest.warns(HalodbWarning, match="is not the file that .* was made of"):
        assert origins(place / "library") == [(count, 0)]
    told = halodb("sql", "FROM derivations", "-l", place / "library", "--format", "csv")
    assert (told.returncode, "is not the file that" in told.stderr) == (0, True)


def test_jobs_of_two_files_for_one_input_have_no_parents_in_common(place: Path) -> None:
    """One job was made anew of another input, the other was not."""
    make_input(place / "inputs", ["Cc1ccccc1O"])
    package.transform(place / "inputs" / "polyphenol-1X", place / "library", rules=RULES[1:], workers=1, replace=True)
    package.dedup(place / "library")
    with pytest.warns(HalodbWarning, match="polyphenol-1X"):
        ((count, known),) = origins(place / "library")
    assert count > known == 0


def test_an_input_that_is_there_twice_fails_its_jobs(place: Path) -> None:
    shutil.copy(place / "inputs" / "polyphenol-1X" / "products.parquet", place / "inputs" / "polyphenol-1X.parquet")
    report = package.run(place / "new", place / "inputs", workers=1, jobs=[OME], retry=0)
    assert "is there twice" in report.failures[0].reason


def test_names_that_are_no_inputs_are_told(place: Path) -> None:
    for name in ("polyphenol-X", "steroid", "polyphenol-101X", "polyphenol-0X"):
        make_input(place / "inputs", ["Oc1ccccc1"], name)
    with pytest.warns(HalodbWarning, match="polyphenol-101X, polyphenol-X, steroid are left out"):
        assert package.run(place / "new", place / "inputs", workers=1, jobs=[OME]).complete


def test_inputs_of_any_class_and_depth(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rule = {**read_rules().rule("FG_PHENOL_OH__OH__TO__OMe").model_dump(), "scope_classes": ["Plant Steroid"]}
    rules.write_text(json.dumps({"rules": [rule]}), encoding="utf-8")
    table = pa.table({"Canonical SMILES": ["Oc1ccccc1", "Cc1ccccc1O"], "halogen": ["F", "Cl"]})
    file = tmp_path / "inputs" / "Plant steroid-3X" / "products.parquet"
    file.parent.mkdir(parents=True)
    pq.write_table(table, file)
    report = package.run(tmp_path / "library", tmp_path / "inputs", rule_file=rules, workers=1)
    assert report.complete
    with package.open(tmp_path / "library") as library:
        rows = library.sql("SELECT class, k, smiles, parent_smiles, halogen FROM derivations ORDER BY ALL").fetchall()
    assert rows == [
        ("plant_steroid", 3, "COc1ccccc1", "Oc1ccccc1", "F"),
        ("plant_steroid", 3, "COc1ccccc1C", "Cc1ccccc1O", "Cl"),
    ]


def test_what_an_input_of_another_program_tells_of_its_origin(tmp_path: Path) -> None:
    """Columns of the older program: parents, natural products, halogens; names that products have get another one."""
    given = {
        "smiles": ["Oc1ccccc1F"],
        "root_parent_smiles": ["Oc1ccccc1"],
        "halogen": ["F"],
        "rule": ["R1"],
        "k": [1],
        "inchikey": ["KEY"],
    }
    for name, more in (("polyphenol-1X", {}), ("polyphenol-2X", {"parent_smiles": ["Oc1ccccc1Cl"]})):
        file = tmp_path / "inputs" / name / "products.parquet"
        file.parent.mkdir(parents=True)
        pq.write_table(pa.table(given | more), file)
        package.transform(file, tmp_path / "library", rules=RULES[:1], workers=1)
    package.dedup(tmp_path / "library")
    with package.open(tmp_path / "library") as library:
        parents = library.sql("SELECT k, input_k, halogen, rule, inchikey, made_from_row FROM parents ORDER BY k")
        assert parents.fetchall() == [(1, 1, "F", "R1", "KEY", None), (2, 1, "F", "R1", "KEY", None)]
        asked = "SELECT k, rule, parent_rule, halogen, grandparent_smiles FROM derivations ORDER BY k"
        assert library.sql(asked).fetchall() == [
            (1, RULES[0], "R1", "F", "Oc1ccccc1"),
            (2, RULES[0], "R1", "F", "Oc1ccccc1Cl"),
        ]
        origins = library.sql("SELECT k, natural_product_row, natural_product FROM origins ORDER BY k").fetchall()
    assert origins == [(1, None, "Oc1ccccc1"), (2, None, "Oc1ccccc1")]


@pytest.mark.slow
def test_parents_that_were_cut_short_are_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "parents.smi"
    file.write_text("Oc1ccccc1\nCc1ccccc1O\n", encoding="utf-8")
    package.halogenate(file, tmp_path / "inputs", depth=1, workers=1)
    made = tmp_path / "inputs" / "polyphenol-0X" / "products.parquet"
    whole = made.read_bytes()
    pq.write_table(pq.ParquetFile(made).read().slice(1), made)
    package.halogenate(file, tmp_path / "inputs", depth=1, workers=1)
    assert made.read_bytes() == whole


def test_distinct_products_of_an_earlier_state_are_told(place: Path) -> None:
    library = place / "library"
    package.dedup_across_jobs(library)
    package.verify(library, sample=0)  # no warning, which would be an error
    shutil.rmtree(library / NH2)
    with pytest.warns(HalodbWarning, match="is of an earlier state of the library"):
        package.verify(library, sample=0)


def test_limits_that_numbers_would_not_hold(tmp_path: Path) -> None:
    for atoms in (0, -1, 10**6):
        with pytest.raises(UsageError, match="no limit for a parent"):
            Limits(max_heavy_atoms=atoms)
    rules = tmp_path / "rules.yaml"
    rule = {**read_rules().rules[0].model_dump(), "scope_classes": ["polyphenol"]}
    rules.write_text(
        json.dumps({"rules": [{**rule, "name": f"R{number}"} for number in range(4097)]}), encoding="utf-8"
    )
    with pytest.raises(RuleFileError, match="more than 4,096 rules"):
        read_rules(rules)


def test_no_input_at_all(tmp_path: Path) -> None:
    make_input(tmp_path, ["C"], "steroid")
    with pytest.raises(InputError, match="holds no input"):
        package.run(tmp_path / "library", tmp_path, workers=1)
