"""Whether and where a compound is in a library: by any writing of it, by its InChIKey, by its id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdkit import Chem
from rdkit.Chem.rdinchi import MolToInchiKey

import halodb as package
from halodb.chemistry.writings import writings_of
from halodb.engine import statement
from halodb.errors import UsageError
from halodb.finding.asked import parse_id
from tests.chemistry.oracle import canonical
from tests.conftest import Run, make_input
from tests.verification.test_keys import SEVERAL

ORTHO = """rules:
  - name: ORTHO_BR
    label: H->Br
    family: ortho
    scope_classes: [polyphenol]
    query_smarts: "[c:1]([OX2H:2]):[cH:3]"
    smirks: "[c:1]([OX2H:2]):[cH:3]>>[c:1]([OX2:2]):[c:3]Br"
"""
"""Makes two products at one site."""

Rows = list[tuple[str, str, int, str, int, str]]


@pytest.fixture(scope="module")
def sample(demo: Path) -> Rows:
    """id, class, k, rule, row of the parent and SMILES of some products."""
    with package.open(demo / "library") as library:
        query = "SELECT id, class, k, rule, parent_row, smiles FROM products USING SAMPLE 40 (reservoir, 1)"
        return library.sql(query).fetchall()


def test_ids_are_unique_and_say_where_a_product_comes_from(demo: Path, sample: Rows) -> None:
    with package.open(demo / "library") as library:
        assert library.sql("SELECT count(*) = count(DISTINCT id) FROM products").fetchall() == [(True,)]
        assert library.sql("SELECT count(*) FROM derivations WHERE id IS NULL").fetchall() == [(0,)]
    for made, class_name, k, rule, parent_row, _ in sample:
        assert parse_id(made)[:4] == (class_name, k, rule, parent_row)


def test_an_id_leads_back_without_a_scan(demo: Path, sample: Rows) -> None:
    report = package.find(demo / "library", [made for made, *_ in sample])
    assert [[hit.smiles for hit in answer.hits] for answer in report.answers] == [[smiles] for *_, smiles in sample]
    made, class_name, k, rule, *_ = sample[0]
    with package.open(demo / "library") as library:
        asked = library.connection.execute(
            f"EXPLAIN ANALYZE {statement('find/by_row')}",
            {"class": class_name, "k": k, "rule": rule, "rows": [parse_id(made).row]},
        )
        assert "Row Groups Scanned: 1 / 118" in str(asked.fetchall()[0][1])


def test_two_products_of_one_site_have_two_ids(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(ORTHO, encoding="utf-8")
    source = make_input(tmp_path / "inputs", ["Cc1ccc(C)c(O)c1", "Cc1ccc(O)cc1F"])
    package.transform(source, tmp_path / "library", rule_file=tmp_path / "rules.yaml", workers=1)
    package.dedup(tmp_path / "library")
    with package.open(tmp_path / "library") as library:
        rows = library.sql("SELECT id, smiles FROM products WHERE parent_row = 1").fetchall()
    assert [made for made, _ in rows] == ["polyphenol-1X_ORTHO_BR.1.4.1", "polyphenol-1X_ORTHO_BR.1.4.2"]
    report = package.find(tmp_path / "library", [made for made, _ in rows])
    assert [answer.hits[0].smiles for answer in report.answers] == [smiles for _, smiles in rows]


def test_an_id_of_another_library_leads_nowhere(demo: Path, sample: Rows) -> None:
    """Its row may be there, but it is of another parent or site."""
    job, parent_row, site, row = sample[0][0].rsplit(".", 3)
    wrong = [f"{job}.{parent_row}.{site}.999999999", f"{job}.{int(parent_row) + 1}.{site}.{row}", f"{job}.{row}"]
    report = package.find(demo / "library", [*wrong, "lipid-7X_NO_RULE.1.2.3"])
    assert all(answer.problem and not answer.hits for answer in report.answers)


def test_any_writing_is_found_with_its_origin(demo: Path, sample: Rows) -> None:
    """In every row that has it, as a scan of all canonical SMILES tells."""
    with package.open(demo / "library") as library:
        where = {
            smiles: library.sql("SELECT id FROM products WHERE smiles = ? ORDER BY id", [smiles]).fetchall()
            for *_, smiles in sample
        }
        origin = dict(
            library.sql(
                "SELECT id, (parent_smiles, natural_product, name) FROM derivations JOIN origins USING (class, k, parent_row)"
            ).fetchall()
        )
    asked = [Chem.MolToRandomSmilesVect(Chem.MolFromSmiles(smiles), 1, 7)[0] for *_, smiles in sample]
    for answer, (*_, smiles) in zip(package.find(demo / "library", asked).answers, sample, strict=True):
        assert sorted((hit.id,) for hit in answer.hits) == where[smiles]
        for hit in answer.hits:
            assert (hit.parent_smiles, hit.natural_product, hit.name) == origin[hit.id]


def test_an_inchikey_finds_what_the_smiles_finds(phenol_library: Path) -> None:
    """Every product's InChIKey is computed for it: 0.4 ms each, hence a small library."""
    with package.open(phenol_library / "library") as library:
        smiles = [
            each for (each,) in library.sql("SELECT smiles FROM products ORDER BY hash(smiles) LIMIT 3").fetchall()
        ]
    keys = [MolToInchiKey(Chem.MolFromSmiles(each)) for each in smiles]
    report = package.find(phenol_library / "library", [*smiles, *keys, "AAAAAAAAAAAAAA-AAAAAAAAAA-A"])
    found = [{hit.id for hit in answer.hits} for answer in report.answers]
    assert all(by_smiles and by_smiles <= by_key for by_smiles, by_key in zip(found[:3], found[3:6], strict=True))
    assert (found[6], report.answers[6].problem) == (set(), None)


@pytest.mark.parametrize("key", SEVERAL)
def test_a_molecule_of_several_canonical_smiles_is_found_by_each(key: str) -> None:
    wanted = {key, canonical(key)}
    for order in Chem.MolToRandomSmilesVect(Chem.MolFromSmiles(key), 5, 11):
        assert wanted <= writings_of(Chem.MolFromSmiles(order))


def test_the_command_says_where_and_what_is_missing(halodb: Run, demo: Path, sample: Rows, tmp_path: Path) -> None:
    made, *_, smiles = sample[0]
    done = halodb("find", demo / "library", smiles)
    assert (done.returncode, done.stderr) == (0, "")
    assert made in done.stdout
    (tmp_path / "asked.smi").write_text(f"{smiles} the first\n\nCCO ethanol\nC1CC\n", encoding="utf-8-sig")
    done = halodb("find", demo / "library", made, "--file", tmp_path / "asked.smi", "--json")
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["CCO", "C1CC"]
    answers = json.loads(done.stdout)["answers"]
    assert [(each["query"], each["kind"], len(each["hits"]) > 0) for each in answers] == [
        (made, "id", True),
        (smiles, "smiles", True),
        ("CCO", "smiles", False),
        ("C1CC", "smiles", False),
    ]
    assert halodb("find", demo / "library").returncode == 2
    assert halodb("find", demo / "library", "-f", tmp_path / "none").returncode == 1


def test_too_many_inchikeys_to_compute_are_refused(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("halodb.finding.inchikeys._MOST_COMPUTED", 1000)
    with pytest.raises(UsageError, match=r"\d\d,\d{3} products would take \d\d\.\d s"):
        package.find(demo / "library", ["AAAAAAAAAAAAAA-AAAAAAAAAA-A"])
