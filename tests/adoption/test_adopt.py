"""`halodb adopt`: results of older scripts become jobs, are not done again, and the broken ones are told and left."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.adoption import Outcome
from halodb.errors import InputError, LibraryError
from halodb.jobs import read_manifest, write_manifest
from halodb.jobs.state import State
from tests.conftest import ACL, NH2, OME, PHENOLS, Run, make_input

RULES = [job.partition("_")[2] for job in (OME, NH2, ACL)]


@pytest.fixture
def inputs(phenol_library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(phenol_library / "inputs", tmp_path / "inputs"))


def old_result(directory: Path, job: str, columns: dict[str, Any]) -> Path:
    """What an older script has left."""
    path = directory / job / "products.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, row_group_size=100)
    return path


@pytest.fixture
def old(phenol_library: Path, tmp_path: Path) -> Path:
    """Results of three jobs as three older scripts would have written them."""
    keys = {
        job: pq.read_table(phenol_library / "library" / job / "products.parquet")["smiles"].to_pylist()
        for job in (OME, NH2, ACL)
    }
    rows = {job: len(smiles) for job, smiles in keys.items()}
    old_result(tmp_path / "old", OME, {"smiles": keys[OME]})
    old_result(
        tmp_path / "old", NH2, {"canonical_smiles": keys[NH2], "parent_row": ["?"] * rows[NH2], "mw": [1.5] * rows[NH2]}
    )
    old_result(
        tmp_path / "old",
        ACL,
        {
            "Sources": [["a", "b"]] * rows[ACL],
            "smiles": pa.array(keys[ACL]).dictionary_encode(),
            'odd "name", with.dot': [1] * rows[ACL],
        },
    )
    return tmp_path / "old"


def outcomes(report: Any) -> dict[str, Outcome]:
    return {result.job: result.outcome for result in report.results}


def snapshot(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_adopted_jobs_are_jobs_and_are_not_done_again(
    halodb: Run, old: Path, inputs: Path, tmp_path: Path, phenol_library: Path
) -> None:
    library, before = tmp_path / "library", snapshot(old)
    done = halodb("adopt", old, "-l", library, "--inputs", inputs, "--json")
    assert done.returncode == 0, done.stderr
    assert {result["outcome"] for result in json.loads(done.stdout)["results"]} == {"adopted"}
    assert done.stderr.splitlines()[-1].startswith("3 adopted, 0 there already, 0 unknown, 0 not adopted, 0 broken")
    assert snapshot(old) == before
    assert package.verify(library, sample=10**6).wrong == []

    report = package.transform(inputs / "polyphenol-1X", library, rules=RULES, workers=1)
    assert (report.parents, set(report.already)) == (0, {OME, NH2, ACL})
    assert len(package.dedup(library).already) == 3
    manifest = read_manifest(library / NH2)
    assert manifest is not None
    assert (manifest.adopted_from, manifest.engine.rdkit, manifest.counts.parents) == (str(old / NH2), "", 480)
    for job in (OME, NH2, ACL):
        expected = pq.read_table(phenol_library / "library" / job / "products.parquet")["smiles"]
        assert pq.read_table(library / job / "products.parquet")["smiles"].to_pylist() == expected.to_pylist()


def test_an_adopted_library_answers_sql(old: Path, inputs: Path, tmp_path: Path, phenol_library: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(phenol_library / "library" / OME, library / OME)
    package.adopt(old, library, inputs=inputs)
    columns = pq.read_schema(library / NH2 / "products.parquet").names
    assert columns == ["smiles", "parent_row", "site", "sources", "old_parent_row", "mw"]
    columns = pq.read_schema(library / ACL / "products.parquet").names
    assert columns == ["smiles", "parent_row", "site", "sources", "old_Sources", 'odd "name", with.dot']
    with package.open(library) as opened:
        known = opened.sql(
            "SELECT count(*) FILTER (parent_row IS NULL), count(parent_smiles) FROM derivations GROUP BY rule ORDER BY rule"
        )
        counts = known.fetchall()
        assert [bool(smiles) for _, smiles in counts] == [False, False, True]
        assert counts[2][0] == 0
        jobs = opened.sql(
            "SELECT job, matched, sites, products, duplicates, unique_products > 0, adopted_from IS NOT NULL FROM jobs ORDER BY job"
        )
        assert jobs.fetchall()[:2] == [
            (ACL, None, None, None, None, True, True),
            (NH2, None, None, None, None, True, True),
        ]
        assert jobs.fetchall()[2][1] is not None
        assert opened.sql("SELECT count(*) FROM rejects GROUP BY job").fetchall() == [(120,)]
        assert opened.sql(
            "SELECT parent_row, site, sources FROM products WHERE sources IS NULL LIMIT 1"
        ).fetchall() == [(None, None, None)]
    distinct = pq.read_table(package.dedup_across_jobs(library).path).to_pylist()
    assert {None} == {row["sources"] for row in distinct if OME not in row["jobs"]}
    assert all(row["sources"] for row in distinct if OME in row["jobs"])


def test_adopting_in_place_and_twice(old: Path, inputs: Path) -> None:
    (old / OME / "log.txt").write_text("mine", encoding="utf-8")
    assert set(outcomes(package.adopt(old, old, inputs=inputs)).values()) == {Outcome.ADOPTED}
    before = snapshot(old)
    again = package.adopt(old, old, inputs=inputs)
    assert set(outcomes(again).values()) == {Outcome.ALREADY}
    assert not again.failed
    assert {path: content for path, content in snapshot(old).items() if not path.name.startswith(".halodb")} == {
        path: content for path, content in before.items() if not path.name.startswith(".halodb")
    }
    assert (old / OME / "log.txt").read_text(encoding="utf-8") == "mine"
    assert package.verify(old).wrong == []


def test_an_adoption_that_was_stopped_goes_on(old: Path, inputs: Path) -> None:
    package.adopt(old, old, inputs=inputs)
    for job in (NH2, OME):
        (old / job / "manifest.json").unlink()
    assert outcomes(package.adopt(old, old, inputs=inputs, jobs=[NH2])) == {NH2: Outcome.ADOPTED}
    assert pq.read_schema(old / NH2 / "products.parquet").names == [
        "smiles",
        "parent_row",
        "site",
        "sources",
        "old_parent_row",
        "mw",
    ]


def test_a_job_of_halodb_that_lost_its_manifest_keeps_its_origins(
    phenol_library: Path, inputs: Path, tmp_path: Path
) -> None:
    library = Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))
    (library / OME / "manifest.json").unlink()
    (library / OME / "rejects.parquet").unlink()
    before = pq.read_table(library / OME / "products.parquet").to_pylist()
    assert outcomes(package.adopt(library, library, inputs=inputs))[OME] is Outcome.ADOPTED
    assert pq.read_table(library / OME / "products.parquet").to_pylist() == before


def test_an_input_or_rule_that_changed_since_is_detected(old: Path, inputs: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    package.adopt(old, library, inputs=inputs)
    manifest = read_manifest(library / OME)
    assert manifest is not None
    engine = manifest.engine.model_copy(update={"engine": 0, "halodb": "0.0.1"})
    write_manifest(library / OME, manifest.model_copy(update={"engine": engine, "fingerprint": "of then"}))
    assert OME in package.transform(inputs / "polyphenol-1X", library, rules=RULES[:1], workers=1).already
    make_input(inputs, [*PHENOLS, "Oc1ccccc1F"])
    with pytest.raises(LibraryError, match=r"was adopted from .* for another input \(.*480 rows; now .*--replace"):
        package.transform(inputs / "polyphenol-1X", library, rules=RULES[:1], workers=1)
    report = package.adopt(old, library, inputs=inputs)
    assert report.failed
    assert set(outcomes(report).values()) == {Outcome.HELD}
    package.transform(inputs / "polyphenol-1X", library, rules=RULES[:1], workers=1, replace=True)
    assert package.dedup(library, jobs=[OME]).jobs[0].adopted_from is None
    assert package.verify(library).wrong == []


@pytest.mark.slow
def test_broken_results_are_told_and_left_for_the_run(halodb: Run, old: Path, inputs: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    path = old / OME / "products.parquet"
    keys = pq.read_table(path)["smiles"].to_pylist()
    whole = path.read_bytes()

    def told(columns: dict[str, Any] | None = None) -> str:
        if columns is not None:
            pq.write_table(pa.table(columns), path)
        before = snapshot(old)
        (result,) = package.adopt(old, library, inputs=inputs, jobs=[OME]).results
        assert result.outcome is Outcome.BROKEN
        assert str(path) in result.why
        assert snapshot(old) == before
        assert not (library / OME).exists()
        return result.why

    assert (
        f"column smiles: 1 keys are there more than once (1 rows too many), such as {keys[3]} in rows 3 and {len(keys)}"
        in told({"smiles": [*keys, keys[3]]})
    )
    assert "such as C(O)C in row 0, which is written CCO by RDKit" in told({"smiles": ["C(O)C", *keys]})
    assert "column smiles: 2 keys are empty, the first in row 1" in told({"smiles": [keys[0], None, " "]})
    assert "column smiles: it holds int64, not text" in told({"smiles": [1, 2]})
    assert "it has no column smiles or canonical_smiles (its columns: SMILES)" in told({"SMILES": keys})
    assert "rename it" in told({"smiles": keys, "file_row_number": [0] * len(keys)})
    path.write_bytes(whole[:-30])
    assert "its Parquet footer is missing" in told()
    path.write_bytes(whole[:4] + b"\xff" * 300 + whole[304:])
    told()
    path.write_bytes(b"")
    assert "is empty (0 bytes)" in told()
    done = halodb("adopt", old, "-l", library, "-i", inputs)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{OME}: broken: {path} is empty (0 bytes)" in done.stderr.splitlines()
    assert "2 adopted, 0 there already, 0 unknown, 0 not adopted, 1 broken" in done.stderr
    report = package.transform(inputs / "polyphenol-1X", library, rules=RULES, workers=1)
    assert (len(report.already), report.parents) == (2, 480)


def test_the_key_may_be_the_canonical_one_of_two_columns(old: Path, inputs: Path, tmp_path: Path) -> None:
    keys = pq.read_table(old / OME / "products.parquet")["smiles"].to_pylist()
    old_result(old, OME, {"smiles": [f"[CH3]{key}" for key in keys], "canonical_smiles": keys})
    assert not package.adopt(old, tmp_path / "library", inputs=inputs).failed
    table = pq.read_table(tmp_path / "library" / OME / "products.parquet")
    assert table["smiles"].to_pylist() == keys
    assert table["old_smiles"][0].as_py().startswith("[CH3]")


def test_what_is_no_job_is_told_and_skipped(halodb: Run, old: Path, inputs: Path, tmp_path: Path) -> None:
    for name in (
        "steroid-1X_FG_PHENOL_OH__OH__TO__OMe",
        "polyphenol-3X_FG_PHENOL_OH__OH__TO__OMe",
        "polyphenol-1X_NOPE",
        "polyphenol-1X_FG_AMINE_ALIPH__NH2__TO__NHMe",
        "misc",
    ):
        old_result(old, name, {"smiles": ["C"]})
    shutil.copytree(inputs / "polyphenol-1X", old / "polyphenol-1X")
    done = halodb("adopt", old, "-l", tmp_path / "library", "-i", inputs)
    assert done.returncode == 0, done.stderr
    assert "polyphenol-1X_NOPE: unknown: transforms.yaml has no rule NOPE" in done.stderr
    assert "misc: unknown: its name is not <class>-<k>X_<rule>" in done.stderr
    assert "3 adopted, 0 there already, 5 unknown" in done.stderr
    old_result(old, OME.replace("1X", "2X"), {"smiles": ["C"]})
    done = halodb("adopt", old, "-l", tmp_path / "library", "-i", inputs)
    assert done.returncode == 1
    assert f"not adopted: its input polyphenol-2X is not in {inputs}" in done.stderr


def test_what_is_in_the_way_is_kept(old: Path, inputs: Path, phenol_library: Path, tmp_path: Path) -> None:
    (old / OME / "shards").mkdir()
    pq.write_table(pa.table({"smiles": ["mine"]}), old / NH2 / "rejects.parquet")
    before = snapshot(old)
    results = outcomes(package.adopt(old, old, inputs=inputs, jobs=["*PHENOL*"]))
    assert results == {OME: Outcome.HELD, NH2: Outcome.HELD}
    assert {path: content for path, content in snapshot(old).items() if path in before} == before
    library = Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))
    manifest = read_manifest(library / ACL)
    assert manifest is not None
    write_manifest(library / ACL, manifest.moved(State.TRANSFORMING))
    (result,) = package.adopt(old, library, inputs=inputs, jobs=[ACL]).results
    assert (result.outcome, "is under way" in result.why) == (Outcome.HELD, True)
    report = package.adopt(library, tmp_path / "other", inputs=inputs)
    assert set(outcomes(report).values()) == {Outcome.HELD}


def test_wrong_usage(halodb: Run, old: Path, inputs: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no result"):
        package.adopt(inputs, tmp_path / "library", inputs=inputs)
    with pytest.raises(InputError, match="holds no input"):
        package.adopt(old, tmp_path / "library", inputs=old)
    assert not (tmp_path / "library").exists()
    assert halodb("adopt", old, "-l", tmp_path / "library").returncode == 2
    done = halodb("adopt", tmp_path / "none", "-l", tmp_path / "library", "-i", inputs)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
