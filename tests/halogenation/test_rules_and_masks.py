"""Halogenation by rules, masks and limits: what is made, what is told, and that two ways are never mixed."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.errors import HalodbWarning, LibraryError, UsageError
from halodb.halogenation.told import told_of_products
from halodb.resources import resource
from tests.chemistry.glycosides import SUGARS
from tests.conftest import Run

PARENTS = {
    "isoquercitrin": (SUGARS["quercetin 3-glucoside"][0], "polyphenol"),
    "methyl glucoside": ("COC1OC(CO)C(O)C(O)C1O", "other"),
    "sucrose": (SUGARS["sucrose"][0], "polysaccharide"),
    "benzoic acid": ("OC(=O)c1ccccc1", "other"),
    "ethylamine": ("CCN", ""),
    "propane": ("CCC", "other"),
    "butane": ("CCCC", "other"),
}


def parents(directory: Path, *names: str) -> Path:
    file = directory / "parents.csv"
    rows = [f"{PARENTS[name][0]},{name},{PARENTS[name][1]}" for name in names or PARENTS]
    file.write_text("\n".join(["smiles,name,class", *rows]), encoding="utf-8")
    return file


def made(directory: Path, name: str) -> list[str]:
    table = pq.read_table(directory / "inputs" / name / "products.parquet")
    return [str(smiles) for smiles in table.column("smiles").to_pylist()]


def test_what_gives_nothing_is_told_and_listed(halodb: Run, tmp_path: Path) -> None:
    done = halodb("halogenate", parents(tmp_path), "-o", tmp_path / "inputs", "--depth", 1, "-w", 1)
    assert done.returncode == 0, done.stderr
    for told in (
        "2 parents of `other`: no rule of its scope matches",
        "1 parent of `other`: all its sites are in sugars",
        "polyphenol-1X: left out: 36 sites in sugars",
        "All parents that gave nothing are in parents_without_products.parquet",
    ):
        assert told in done.stderr
    listed = pq.read_table(tmp_path / "inputs" / "parents_without_products.parquet").to_pylist()
    assert [(row["class"], row["k"], row["name"], row["reason"]) for row in listed] == [
        ("other", 0, "methyl glucoside", "all its sites are in sugars"),
        ("other", 0, "propane", "no rule of its scope matches"),
        ("other", 0, "butane", "no rule of its scope matches"),
    ]
    assert "Fc1ccccc1" in made(tmp_path, "other-1X")
    assert made(tmp_path, "alkaloid-1X")[:1] == ["CCF"]
    assert len(made(tmp_path, "polysaccharide-1X")) > 50
    again = halodb("halogenate", parents(tmp_path), "-o", tmp_path / "inputs", "--depth", 1, "-w", 1, "--no-sugar-mask")
    assert again.returncode == 1
    assert "made by other rules, limits or another sugar mask" in again.stderr


def test_a_class_that_no_rule_is_meant_for(tmp_path: Path) -> None:
    file = parents(tmp_path, "propane", "ethylamine")
    report = package.halogenate(file, tmp_path / "inputs", rules=["flavone_ch"], workers=1)
    assert report.without_products == {
        "alkaloid-0X": {"no rule is in scope of the class": 1},
        "other-0X": {"no rule is in scope of the class": 1},
    }
    assert "1 parent of `other`: no rule is in scope of the class" in list(told_of_products(report))


@pytest.mark.slow
def test_another_mask_makes_all_anew_and_leaves_nothing_of_before(tmp_path: Path) -> None:
    file, output = parents(tmp_path, "isoquercitrin"), tmp_path / "inputs"
    first = package.halogenate(file, output, depth=2, workers=1, sample_2x=5)
    assert (first.rows["polyphenol-1X"], sum(first.left_out["polyphenol-1X"].values())) == (36, 36)
    with pytest.raises(LibraryError, match="other rules, limits or another sugar mask"):
        package.halogenate(file, output, depth=1, workers=1, sugar_mask=False)
    with pytest.warns(HalodbWarning, match="polyphenol-2X was of an earlier halogenation"):
        second = package.halogenate(file, output, depth=1, workers=1, sugar_mask=False, replace=True)
    assert (second.rows, second.left_out) == ({"polyphenol-1X": 72}, {"polyphenol-1X": {}})
    assert not (output / "polyphenol-2X").exists()
    same = package.halogenate(file, output, depth=2, workers=1, sugar_mask=False, sample_2x=5)
    assert same.rows["polyphenol-1X"] == 72


def test_a_file_with_limits_and_a_class_without_mask(tmp_path: Path) -> None:
    text = resource("configs", "halogenation.yaml").read_text(encoding="utf-8")
    text = text.replace("polysaccharide: {", "polyphenol: {").replace(
        "    family: hydroxyl\n", "    family: hydroxyl\n    max_sites: {polyphenol: 3}\n"
    )
    own = tmp_path / "own.yaml"
    own.write_text(
        text.replace("    family: ring_ch\n", "    family: ring_ch\n    max_products: 2\n"), encoding="utf-8"
    )
    report = package.halogenate(
        parents(tmp_path, "isoquercitrin"), tmp_path / "inputs", depth=1, rule_file=own, workers=1
    )
    assert report.rows == {"polyphenol-1X": 4 * (5 + 3 + 2)}
    assert report.left_out["polyphenol-1X"]["products beyond max_sites: HALO_HYDROXYL__OH__TO__F"] == 5
    assert "polyphenol-1X: left out: 12 products beyond max_products, 20 products beyond max_sites" in list(
        told_of_products(report)
    )


@pytest.mark.slow
def test_three_steps_and_rules_on_request(tmp_path: Path) -> None:
    report = package.halogenate(
        parents(tmp_path, "propane"), tmp_path / "inputs", depth=3, also=["methyl_3", "methyl"], workers=1
    )
    assert sorted(report.rows) == ["other-1X", "other-2X", "other-3X"]
    assert sorted(made(tmp_path, "other-1X")) == ["CCC(Cl)(Cl)Cl", "CCC(F)(F)F", "CCCCl", "CCCF"]
    assert "FC(F)(F)CC(F)(F)F" in made(tmp_path, "other-2X")
    assert report.without_products["other-2X"] == {"no rule of its scope matches": 10}
    with pytest.raises(UsageError, match="0 is no depth"):
        package.halogenate(parents(tmp_path, "propane"), tmp_path / "inputs", depth=0)


def test_the_mask_is_drawn(halodb: Run) -> None:
    done = halodb("rules", "--draw-mask", SUGARS["salicin"][0])
    assert (done.returncode, done.stdout.count("<ellipse")) == (0, 12)
    bad = halodb("rules", "--draw-mask", "C1CC")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "SMILES does not parse" in bad.stderr
