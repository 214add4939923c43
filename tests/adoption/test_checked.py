"""Adopted is only what was made again and found: jobs that lie are told, what the columns tell is taken over."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rdkit import Chem

import halodb as package
from halodb.adoption import Adoption, Outcome, remake
from tests.conftest import ACL, NH2, OME, Run, make_input

COLUMNS = ("smiles", "parent_row", "site")


@pytest.fixture
def inputs(phenol_library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(phenol_library / "inputs", tmp_path / "inputs"))


def products(phenol_library: Path, job: str) -> dict[str, list[Any]]:
    """Columns of a result as halodb has made it."""
    return pq.read_table(phenol_library / "library" / job / "products.parquet", columns=list(COLUMNS)).to_pydict()


def parents(inputs: Path) -> list[str]:
    return [
        str(smiles) for smiles in pq.read_table(inputs / "polyphenol-1X" / "products.parquet")["smiles"].to_pylist()
    ]


def old(directory: Path, job: str, columns: dict[str, Any]) -> Path:
    file = directory / job / "products.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), file)
    return directory


def adopted(directory: Path, tmp_path: Path, job: str) -> Adoption:
    report = package.adopt(directory, tmp_path / "library", inputs=tmp_path / "inputs", jobs=[job])
    (result,) = report.results
    return result


def test_a_directory_of_the_older_program_with_two_jobs_that_lie(
    halodb: Run, phenol_library: Path, inputs: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "old"
    methoxy, chlorides = products(phenol_library, OME)["smiles"], products(phenol_library, ACL)["smiles"]
    old(directory, OME, {"smiles": methoxy[:50]})
    old(directory, NH2, {"smiles": methoxy})
    old(directory, ACL, {"smiles": chlorides, "xf_label": ["COOH->COCl"] * len(chlorides)})
    for name in (f"OPT_{OME}", f"TEST_{NH2}", f"VALIDATION_{ACL}", f"{OME}_BATCHED", f"{NH2}_PROD"):
        old(directory, name, {"smiles": ["C"]})
    (directory / OME / "dedup.db").write_bytes(b"SQLite format 3\0" + b"x" * 84)
    done = halodb("adopt", directory, "-l", tmp_path / "library", "-i", inputs)
    assert done.returncode == 1
    told = {line.partition(":")[0]: line for line in done.stderr.splitlines()}
    assert f"{len(methoxy) - 50:,} of {len(methoxy):,} products that" in told[OME]
    assert "are not in its 50 rows" in told[OME]
    assert "it holds products of FG_PHENOL_OH__OH__TO__OMe" in told[NH2]
    assert f"adopted, {len(chlorides)} products; all 480 parents made again" in told[ACL]
    assert "parent rows and sites are unknown" in told[ACL]
    assert "1 adopted, 0 there already, 5 unknown, 0 not adopted, 2 broken" in done.stderr
    assert sorted(path.name for path in (tmp_path / "library").glob("poly*")) == [ACL]


def test_rows_of_another_input_are_told(phenol_library: Path, inputs: Path, tmp_path: Path) -> None:
    keys = products(phenol_library, OME)["smiles"]
    result = adopted(old(tmp_path / "old", OME, {"smiles": [*keys, "COc1ccccc1I"]}), tmp_path, OME)
    assert result.outcome is Outcome.BROKEN
    assert "1 of its" in result.why
    assert f"COc1ccccc1I in row {len(keys)}" in result.why
    result = adopted(
        old(tmp_path / "old", OME, {"smiles": keys, "xf_rule_id": ["FG_PHENOL_OH__OH__TO__NH2"] * len(keys)}),
        tmp_path,
        OME,
    )
    assert "its column xf_rule_id says FG_PHENOL_OH__OH__TO__NH2" in result.why


def test_parents_and_sites_are_taken_from_columns(phenol_library: Path, inputs: Path, tmp_path: Path) -> None:
    rows, given = products(phenol_library, OME), parents(inputs)
    source = [given[row] for row in rows["parent_row"]]
    oxygens = Chem.MolFromSmarts("[c:1][OX2H:2]")
    matches = [[match[0] for match in Chem.MolFromSmiles(smiles).GetSubstructMatches(oxygens)] for smiles in source]
    ordinal = [found.index(site) for found, site in zip(matches, rows["site"], strict=True)]
    atoms = [str((site, site + 1)) for site in rows["site"]]
    for columns, sites in (
        ({"xf_site_index": rows["site"]}, True),
        ({"xf_site_index": ordinal}, True),
        ({"xf_site_atoms": atoms, "xf_site_index": ordinal}, True),
        ({"xf_site_index": [99] * len(source)}, False),
        ({}, False),
    ):
        shutil.rmtree(tmp_path / "library", ignore_errors=True)
        directory = old(tmp_path / "old", OME, {"smiles": rows["smiles"], "source_smiles": source, **columns})
        result = adopted(directory, tmp_path, OME)
        assert (result.outcome, result.parent_rows) == (Outcome.ADOPTED, len(source))
        assert (result.sites == len(source), "sites unknown" in result.why) == (sites, not sites)
        made = pq.read_table(tmp_path / "library" / OME / "products.parquet")
        assert made.column_names[:5] == ["smiles", "parent_row", "site", "sources", "source_smiles"]
        assert made["smiles"].to_pylist() == rows["smiles"]
        assert [given[int(row or 0)] for row in made["parent_row"].to_pylist()] == source
        assert made["site"].to_pylist() == (rows["site"] if sites else [None] * len(source))
        with package.open(tmp_path / "library") as library:
            found = library.sql("SELECT smiles, parent_smiles FROM derivations ORDER BY ALL").fetchall()
            ((one,),) = library.sql("SELECT id FROM products LIMIT 1").fetchall()
        assert found == sorted(zip(rows["smiles"], source, strict=True))
        assert package.find(tmp_path / "library", [one]).answers[0].hits
    assert package.verify(tmp_path / "library").wrong == []
    shutil.rmtree(tmp_path / "library")
    old(tmp_path / "old", OME, {"smiles": rows["smiles"], "source_smiles": source[::-1]})
    result = adopted(tmp_path / "old", tmp_path, OME)
    assert (result.outcome, result.parent_rows) == (Outcome.ADOPTED, 0)
    assert "names parents that do not make these products" in result.why


def test_results_of_an_older_rdkit_are_compared_by_molecule(phenol_library: Path, inputs: Path, tmp_path: Path) -> None:
    keys = products(phenol_library, OME)["smiles"]
    older = [
        Chem.MolToSmiles(Chem.MolFromSmiles(key), rootedAtAtom=0, kekuleSmiles=False, canonical=False) for key in keys
    ]
    older = [
        key if number % 3 else f"[CH3]{text[1:]}" if text.startswith("C") else text
        for number, (key, text) in enumerate(zip(keys, older, strict=True))
    ]
    assert older != keys
    result = adopted(old(tmp_path / "old", OME, {"smiles": older, "mw": [1.0] * len(keys)}), tmp_path, OME)
    assert (result.outcome, "were written again" in result.checked) == (Outcome.ADOPTED, True)
    made = pq.read_table(tmp_path / "library" / OME / "products.parquet")
    assert made["smiles"].to_pylist() == keys
    assert made["old_smiles"].to_pylist() == older
    assert package.verify(tmp_path / "library", sample=10**6).wrong == []


@pytest.mark.slow
def test_of_a_large_job_a_sample_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remake, "SMALL", 100)
    monkeypatch.setattr(remake, "_FIRST", 200)
    monkeypatch.setattr(remake, "_ENOUGH", 50)
    smiles = [f"{'C' * (number % 50 + 1)}c1cc({'C' * (number // 50 + 1)})ccc1O" for number in range(2000)]
    make_input(tmp_path / "inputs", list(smiles))
    package.transform(
        tmp_path / "inputs" / "polyphenol-1X", tmp_path / "made", rules=["FG_PHENOL_OH__OH__TO__OMe"], workers=1
    )
    package.dedup(tmp_path / "made")
    keys = pq.read_table(tmp_path / "made" / OME / "products.parquet")["smiles"].to_pylist()
    result = adopted(old(tmp_path / "old", OME, {"smiles": keys}), tmp_path, OME)
    assert result.outcome is Outcome.ADOPTED
    assert result.checked.startswith("200 of 2,000 parents made again")
    shutil.rmtree(tmp_path / "library")
    result = adopted(old(tmp_path / "old", OME, {"smiles": keys[:500]}), tmp_path, OME)
    assert "of 200 of its 2,000 parents are not in its 500 rows" in result.why
