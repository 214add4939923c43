"""What changed between a parent and its product, and where both are drawn."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D

import halodb as package
from halodb.errors import QueryError, UsageError
from halodb.pictures.compact import compact
from halodb.pictures.depict import picture_of, pictures_of
from halodb.pictures.pair import Pair, pair_of
from tests.conftest import Run

OME, ACID = "[c:1][OX2H:2]>>[c:1][O:2]C", "[C:1](=[O:3])[OX2H:2]>>[C:1](=[O:3])Cl"

CHANGES = {
    "a methyl ether": ("Oc1ccc(F)cc1", "COc1ccc(F)cc1", OME, 0, ["C", "O"], ["O"]),
    "the site tells which of two": ("Oc1ccc(C)c(O)c1", "COc1cc(O)ccc1C", OME, 6, ["C", "O"], ["O"]),
    "an acid chloride": ("CC(=O)O", "CC(=O)Cl", ACID, 1, ["Cl"], ["O"]),
    "without a rule": ("NCC[C@H](O)c1ccccc1", "CC(=O)NCC[C@H](O)c1ccccc1", None, None, ["C", "C", "N", "O"], ["N"]),
    "a rule that makes something else": ("Oc1ccccc1", "Nc1ccccc1", OME, 0, ["N"], ["O"]),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_changed(kind: str) -> None:
    parent, product, smirks, site, changed, left = CHANGES[kind]
    pair = pair_of(product, parent, [smirks] if smirks else [], site)
    assert pair.parent is not None
    assert sorted(pair.product.GetAtomWithIdx(atom).GetSymbol() for atom in pair.changed) == changed
    assert [pair.parent.GetAtomWithIdx(atom).GetSymbol() for atom in pair.left] == left
    assert Chem.MolToSmiles(pair.product) == Chem.MolToSmiles(Chem.MolFromSmiles(product))


def test_small_molecules_are_not_blown_up() -> None:
    for svg in pictures_of(pair_of("CNC(F)F", "NC(F)F")):
        assert max(int(size) for size in re.findall(r'font-size="(\d+)"', svg or "")) < 40


def test_what_they_share_is_drawn_in_one_place() -> None:
    pair = pair_of(
        "COc1cc(-c2oc3cc(O)cc(O)c3c(=O)c2O)c(Cl)cc1O", "Oc1cc(-c2oc3cc(O)cc(O)c3c(=O)c2O)c(Cl)cc1O", [OME], 0
    )
    before, after = pictures_of(pair)
    assert pair.parent is not None
    assert before is not None
    for parent_atom, product_atom in pair.shared:
        one = pair.parent.GetConformer().GetAtomPosition(parent_atom)
        other = pair.product.GetConformer().GetAtomPosition(product_atom)
        assert (one - other).Length() < 0.05
    lines = [
        set(re.findall(r"M([\d ]+?)(?=[MZ]|$)", re.findall(r'class="w c" d="([^"]*)"', svg)[0]))
        for svg in (before, after)
    ]
    assert len(lines[0] & lines[1]) > 20  # bonds at the very same coordinates: same scale, same position


def test_a_compact_picture_has_all_that_rdkit_drew() -> None:
    molecule = Chem.MolFromSmiles("C[C@H](N)[C@@H](Cl)C(=O)[O-].[Na+]")
    drawer = rdMolDraw2D.MolDraw2DSVG(600, 440, -1, -1, True)
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, molecule)
    drawer.FinishDrawing()
    whole = str(drawer.GetDrawingText())
    small = compact(whole, 600, 440)
    letters = "".join(re.findall(r">([^<\s]+)</text>", whole))
    found = "".join(element.text or "" for element in ElementTree.fromstring(small).iter("text"))
    assert sorted(found) == sorted(letters)
    assert len(small) < len(whole) / 5
    assert {element.tag for element in ElementTree.fromstring(small).iter()} == {"svg", "path", "text"}


@pytest.mark.parametrize(
    "smiles", ["[Na+].[Cl-]", "*c1ccccc1", "[2H]OC", "C~C", "CC=CC", "[Fe+2]", "c1ccccc1" * 12, "[H][H]", "C"]
)
def test_unusual_molecules_are_drawn(smiles: str) -> None:
    assert picture_of(Pair(Chem.MolFromSmiles(smiles))).startswith("<svg")


QUERIES = {
    "all columns": "SELECT * FROM products WHERE class = 'lipid' ORDER BY id LIMIT 8",
    "an id": "SELECT id, smiles FROM products WHERE class = 'lipid' ORDER BY id LIMIT 8",
    "a parent": "SELECT smiles, parent_smiles FROM derivations WHERE class = 'lipid' ORDER BY id LIMIT 8",
    "smiles alone": "SELECT smiles FROM products WHERE class = 'lipid' ORDER BY id LIMIT 8",
    "an expression": "SELECT smiles, upper(label) AS l, id AS product, logp(smiles) AS x FROM products WHERE class = 'lipid' ORDER BY id LIMIT 8",
}


@pytest.mark.parametrize("kind", QUERIES)
def test_products_are_drawn_beside_their_parents(demo: Path, tmp_path: Path, kind: str) -> None:
    report = package.draw(demo / "library", tmp_path / "d.html", query=QUERIES[kind])
    assert (report.molecules, report.beside_parent, report.failures) == (8, 8, 0)
    text = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert text.count("a changed") >= 16
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_what_is_no_product_is_drawn_alone(demo: Path, tmp_path: Path) -> None:
    query = "SELECT smiles, name, class, k, parent_row FROM parents WHERE k = 0 ORDER BY ALL LIMIT 5"
    report = package.draw(demo / "library", tmp_path / "p.svg", query=query)
    assert (report.molecules, report.beside_parent) == (5, 0)


def test_pictures_in_files(demo: Path, tmp_path: Path, halodb: Run) -> None:
    query = (
        "SELECT smiles, id, label, n_cl(smiles) AS chlorines FROM products WHERE class = 'lipid' ORDER BY id LIMIT 5"
    )
    done = halodb("draw", demo / "library", query, "-o", tmp_path / "a.svg")
    assert done.returncode == 0, done.stderr
    assert "5 molecules, 5 beside their parent" in done.stderr
    for name in ("b.svg", "a.png", "b.png"):
        package.draw(demo / "library", tmp_path / name, query=query)
    for ending in ("svg", "png"):
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    svg = ElementTree.parse(tmp_path / "a.svg").getroot()
    texts = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert sum(str(text).startswith("lipid-") for text in texts) == 5
    assert sum(str(text).startswith("chlorines: ") for text in texts) == 5
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_sample_is_drawn(demo: Path, tmp_path: Path) -> None:
    chosen = package.sample(demo / "library", 4, where="class = 'lipid'")
    report = package.draw(demo / "library", tmp_path / "s.html", sample=chosen, columns="logp")
    assert (report.molecules, report.beside_parent) == (4, 4)
    text = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert all(row["id"] in text for row in chosen.table.to_pylist())
    assert text.count("<dt>logp</dt>") == 4


WRONG = {
    "another ending": ("SELECT smiles FROM products", "x.gif", None, UsageError, ".html, .svg or .png"),
    "no smiles": ("SELECT id FROM products", "x.svg", None, UsageError, "no column smiles"),
    "wrong SQL": ("SELEC smiles", "x.svg", None, QueryError, "SELEC"),
    "no column": ("SELECT smiles FROM products", "x.svg", "nothing", QueryError, "nothing"),
    "too many pixels": ("SELECT smiles FROM parents", "x.png", None, UsageError, "--limit"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told(demo: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    query, name, columns, error, told = WRONG[kind]
    monkeypatch.setattr("halodb.drawing.sheet._MOST_PIXELS", 1000)
    with pytest.raises(error, match=told):
        package.draw(demo / "library", tmp_path / name, query=query, columns=columns, limit=2)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over_and_more_is_told(demo: Path, tmp_path: Path, halodb: Run) -> None:
    arguments = ("draw", demo / "library", "--where", "class = 'lipid'", "-n", 3, "-o", tmp_path / "x.html")
    first, again = halodb(*arguments), halodb(*arguments)
    assert first.returncode == 0
    assert "there are more" in first.stderr
    assert again.returncode == 1
    assert "--replace" in again.stderr
