"""Salts, charges and isotopes are removed, zwitterions and mixtures stay; what was changed is kept and counted."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rdkit import Chem

import halodb as package
from halodb.halogenation.classify import classify
from halodb.halogenation.standardize import standardize
from halodb.halogenation.tags import tags_of
from tests.conftest import Run


def canonical(smiles: str) -> str:
    return Chem.MolToSmiles(Chem.MolFromSmiles(smiles))


@pytest.mark.parametrize(
    ("given", "meant", "changes"),
    [
        ("[Na+].[O-]c1ccccc1", "Oc1ccccc1", ["salt", "charge"]),
        ("[Na]Oc1ccccc1", "Oc1ccccc1", ["salt", "charge"]),
        ("[K+].[K+].[O-]C(=O)CCC(=O)[O-]", "O=C(O)CCC(=O)O", ["salt", "charge"]),
        ("[NH3+]CC(=O)O.[Cl-]", "NCC(=O)O", ["salt", "charge"]),
        ("Cl.CCN", "CCN", ["salt"]),
        ("C[NH2+]CC.[O-]C(=O)C(O)C(O)C(=O)O", "CCNC", ["salt", "charge"]),
        ("O.O.Oc1ccccc1", "Oc1ccccc1", ["salt"]),
        ("[Cl-].C[n+]1ccccc1", "C[n+]1ccccc1", ["salt"]),
        ("[2H]C([2H])([2H])O", "CO", ["isotope"]),
        ("[13CH3]C(=O)[O-]", "CC(=O)O", ["charge", "isotope"]),
        ("[Na+].[NH3+]CC(=O)[O-]", "[NH3+]CC(=O)[O-]", ["salt"]),
    ],
)
def test_what_is_meant(given: str, meant: str, changes: list[str]) -> None:
    molecule, changed = standardize(Chem.MolFromSmiles(given))
    assert (Chem.MolToSmiles(molecule), changed) == (canonical(meant), changes)


@pytest.mark.parametrize(
    "smiles",
    [
        "NCC(=O)O",
        "[NH3+]CC(=O)[O-]",
        "C[N+](C)(C)CC(=O)[O-]",
        "C[N+](C)(C)CCO",
        "Oc1cc(O)c2cc(O)c(-c3ccccc3)[o+]c2c1",
        "C[n+]1ccccc1",
        "[O-][n+]1ccccc1",
        "CC[N+](=O)[O-]",
        "Oc1ccccc1.O=C1CCCCC1",
        "[Na+].[Cl-]",
        "OC(C(=O)O)C(O)C(=O)O",
    ],
)
def test_what_stays(smiles: str) -> None:
    molecule, changes = standardize(Chem.MolFromSmiles(smiles))
    assert (Chem.MolToSmiles(molecule), changes) == (canonical(smiles), [])


def shipped() -> list[dict[str, str]]:
    text = files("halodb.demo").joinpath("natural_products.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_shipped_natural_products_stay_as_they_are() -> None:
    assert [row["name"] for row in shipped() if standardize(Chem.MolFromSmiles(row["smiles"]))[1]] == []


def test_classes_by_structure_are_mostly_those_of_the_shipped_file() -> None:
    right = sum(classify(Chem.MolFromSmiles(row["smiles"])) == row["class"] for row in shipped())
    assert right >= 225, f"{right} of {len(shipped())}"


@pytest.mark.parametrize(
    ("smiles", "tags", "least"),
    [
        ("CC1=C(O)C=CC=C1", None, 0.0),
        ("OC[C@H]1O[C@@H](Oc2ccccc2)[C@H](O)[C@@H](O)[C@@H]1O", "glycoside", 0.5),
        ("OC[C@H]1O[C@@H](OC)[C@H](O)[C@@H](O)[C@@H]1O", "sugar", 0.8),
        (
            "CC(C)=CCC[C@](C)(O)[C@H]1CC[C@]2(C)[C@@H]1[C@H](O)C[C@@H]1[C@@]3(C)CC[C@H](O[C@@H]4O[C@H](CO)[C@@H](O)"
            "[C@H](O)[C@H]4O)C(C)(C)[C@@H]3CC[C@]12C",
            "glycoside,saponin",
            0.2,
        ),
    ],
)
def test_tags(smiles: str, tags: str | None, least: float) -> None:
    found = tags_of(Chem.MolFromSmiles(smiles))
    assert (found.tags, found.sugar_fraction >= least) == (tags, True)


@pytest.mark.slow
def test_changes_are_told_counted_and_kept_beside(halodb: Run, tmp_path: Path) -> None:
    file = tmp_path / "parents.csv"
    file.write_text(
        "smiles,name,class,plant\n[Na+].[O-]c1ccccc1,salt,polyphenol,oak\nOc1ccccc1C,cresol,polyphenol,ash\n",
        encoding="utf-8",
    )
    done = halodb("halogenate", file, "-o", tmp_path / "inputs", "--depth", 1, "-w", 1)
    assert done.returncode == 0, done.stderr
    assert "Standardized (--no-standardize leaves them as they are): 1 charge, 1 salt" in done.stderr
    rows = pq.read_table(tmp_path / "inputs" / "polyphenol-0X" / "products.parquet").to_pylist()
    assert [(row["smiles"], row["given_smiles"], row["changes"], row["plant"]) for row in rows] == [
        ("Oc1ccccc1", "[Na+].[O-]c1ccccc1", "salt,charge", "oak"),
        ("Cc1ccccc1O", None, None, "ash"),
    ]
    done = halodb("halogenate", file, "-o", tmp_path / "inputs", "--depth", 1, "-w", 1, "--no-standardize")
    assert done.returncode == 1
    assert "another --standardize" in done.stderr
    report = package.halogenate(file, tmp_path / "as given", depth=1, workers=1, standardize=False)
    assert report.parents.changes == {}
    rows = pq.read_table(tmp_path / "as given" / "polyphenol-0X" / "products.parquet").to_pylist()
    assert [row["smiles"] for row in rows] == ["[Na+].[O-]c1ccccc1", "Cc1ccccc1O"]


def test_standard_input_and_columns_that_travel_to_the_products(halodb: Run, tmp_path: Path) -> None:
    content = gzip.compress(b"Structure,plant,class\nOc1ccccc1,oak,polyphenol\nCc1ccccc1O,ash,polyphenol\n")
    command = [sys.executable, "-m", "halodb", "halogenate", "-", "-o", str(tmp_path / "inputs"), "-w", "1"]
    done = subprocess.run(command, input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"smiles from `Structure`" in done.stderr
    job = "polyphenol-2X_FG_PHENOL_OH__OH__TO__OMe"
    assert package.run(tmp_path / "library", tmp_path / "inputs", workers=1, jobs=[job]).complete
    with package.open(tmp_path / "library") as library:
        found = library.sql("SELECT DISTINCT plant FROM derivations ORDER BY ALL").fetchall()
        assert found == [("ash",), ("oak",)]
        asked = "SELECT k, count(plant) = count(*) FROM parents GROUP BY k ORDER BY k"
        assert library.sql(asked).fetchall() == [(0, True), (1, True), (2, True)]
