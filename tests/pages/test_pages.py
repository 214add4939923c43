"""The gallery, drawings and the report as a person uses them: in a browser, without a network."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import halodb
from tests.pages.conftest import OpenPage, keep_looks

COUNT = 1000


@pytest.fixture(scope="session")
def leafed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery of 1,000 products of the demo."""
    file = tmp_path_factory.mktemp("gallery") / "gallery.html"
    assert halodb.gallery(demo / "library", file, limit=COUNT, workers=2).molecules == COUNT
    return file


def shown(page: Any) -> int:
    """How many molecules pass the filters."""
    return int(page.inner_text("#status").split(" of ")[0].replace(",", ""))


def settled(page: Any) -> None:
    """Wait for what is typed to be looked for."""
    page.wait_for_timeout(250)


def test_a_gallery_opens_quickly_and_draws_what_is_seen(leafed: Path, open_page: OpenPage) -> None:
    with open_page(leafed) as page:
        began = time.monotonic()
        page.reload()
        page.wait_for_selector(".card .mol svg")
        assert time.monotonic() - began < 2
        assert shown(page) == COUNT
        page.wait_for_timeout(300)
        drawn, cards = page.locator(".card .mol svg").count(), page.locator(".card").count()
        assert 0 < drawn < cards == 48
        page.locator(".card").last.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelectorAll('.card .mol svg').length > " + str(drawn))


def test_searching_sorting_and_filtering(leafed: Path, open_page: OpenPage) -> None:
    with open_page(leafed) as page:
        page.keyboard.press("/")
        page.keyboard.type("lipid-2X")
        settled(page)
        found = shown(page)
        assert 0 < found < COUNT
        assert all("lipid-2X" in text for text in page.locator(".card .id").all_inner_texts())
        page.click("#reset")
        page.get_by_role("group", name="class").get_by_text("lipid").click()
        page.get_by_role("group", name="k", exact=True).get_by_text("2", exact=True).first.click()
        assert shown(page) == found
        page.click("#reset")
        page.get_by_label("mol_weight from").fill("300")
        page.get_by_label("mol_weight to").fill("400.5")
        settled(page)
        assert 0 < shown(page) < COUNT
        page.select_option("#sort", label="mol_weight")
        page.click("#direction")
        weights = [
            float(re.findall(r"MW ([\d,.]+)", text)[0].replace(",", ""))
            for text in page.locator(".card .facts").all_inner_texts()
        ]
        assert weights == sorted(weights, reverse=True)
        assert 300 <= weights[-1] <= weights[0] <= 400.5
        page.get_by_label("mol_weight from").fill("99999")
        settled(page)
        assert page.is_visible("#nothing")
        page.click("#again")
        assert shown(page) == COUNT


def test_picking_and_saving(demo: Path, leafed: Path, open_page: OpenPage, tmp_path: Path) -> None:
    with open_page(leafed) as page:
        assert page.is_disabled("#csv")
        page.locator(".card .pick input").nth(0).check()
        page.click("#next")
        page.locator(".card .pick input").nth(1).check()
        page.locator(".card .mol").nth(2).click()
        page.wait_for_selector("#large svg")
        page.click("#pick")
        page.keyboard.press("Escape")
        assert page.inner_text("#only") == "3 picked"
        for button in ("csv", "smi"):
            with page.expect_download() as download:
                page.click(f"#{button}")
            download.value.save_as(tmp_path / download.value.suggested_filename)
        page.click("#only")
        assert shown(page) == 3
    with (tmp_path / "picked.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    lines = [line.split("\t") for line in (tmp_path / "picked.smi").read_text(encoding="utf-8").splitlines()]
    assert lines == [[row["smiles"], row["name"]] for row in rows]
    with halodb.open(demo / "library") as library:
        query = "SELECT smiles, class, rule FROM products WHERE id = $id"
        for row in rows:
            assert library.sql(query, {"id": row["name"]}).fetchall() == [(row["smiles"], row["class"], row["rule"])]
            assert float(row["mol_weight"]) > 50


def test_a_gallery_is_used_without_a_mouse(leafed: Path, open_page: OpenPage) -> None:
    with open_page(leafed) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.locator(".card .mol").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("p")
        assert page.inner_text("#count") == "1"
        page.keyboard.press("Enter")
        before = page.inner_text("#what")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#what") != before
        page.keyboard.press("Escape")
        page.keyboard.press("PageDown")
        assert page.input_value("#page") == "2"
        unnamed = """[...document.querySelectorAll('button, input, select')].filter((each) =>
            !(each.innerText || each.getAttribute('aria-label') || each.labels?.[0]?.innerText)).length"""
        assert page.evaluate(unnamed) == 0


def test_texts_of_users_stay_texts(tmp_path: Path, open_page: OpenPage) -> None:
    evil = [
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(2)</script>",
        "\u2028<!--<script>'\"&amp;",
        "=cmd|' /C calc'!A0",
    ]
    inputs = tmp_path / "inputs" / "polyphenol-1X"
    inputs.mkdir(parents=True)
    smiles = ["Oc1ccccc1F", "Oc1ccc(Cl)cc1", "Oc1cccc(Br)c1", "C[R1]Oc1ccccc1"]
    pq.write_table(pa.table({"smiles": smiles, "name": evil}), inputs / "products.parquet")
    library = tmp_path / "<b onmouseover=alert(3)>lib"
    halodb.run(library, inputs.parent, jobs=["*OMe"], workers=1)
    query = """SELECT smiles, '<i>' || id AS "a <b>b</b>", label, name FROM products JOIN origins USING (class, k, parent_row)
        UNION ALL SELECT 'C1CC', '</style><script>alert(4)</script>', '<svg onload=alert(5)>', '<svg onload=alert(5)>'
        UNION ALL SELECT 'C* |$<script>alert(6)</script>;$|', 'x', 'y', '<z>'"""
    halodb.gallery(library, tmp_path / "g.html", query=query, workers=1)
    halodb.draw(library, tmp_path / "d.html", query=query)
    for name in ("g.html", "d.html"):
        with open_page(tmp_path / name) as page:
            page.wait_for_selector(".mol svg")
            told = page.inner_text("body")
            assert "<svg onload=alert(5)>" in told
            assert "Not drawn" in told
    with open_page(library / "report.html") as page:
        assert "<b onmouseover=alert(3)>lib" in page.inner_text("h1")


def test_a_report_sorts_and_filters(demo: Path, open_page: OpenPage) -> None:
    with open_page(demo / "library" / "report.html") as page:
        rows = page.locator("#jobs-table tbody tr")
        assert rows.count() == 118
        page.get_by_role("button", name="unique", exact=True).click()
        counts = [
            int(text.replace(",", "")) for text in page.locator("#jobs-table td[data-label=unique]").all_inner_texts()
        ]
        assert counts == sorted(counts, reverse=True)
        page.get_by_placeholder("Filter").fill("lipid-2X done")
        assert page.locator("#jobs-table tbody tr:visible").count() == 6
        assert page.inner_text("#jobs-table-status") == "6 of 118"
        assert page.locator("#looks .samples li").count() == 19
        assert page.locator("#looks .samples .mol svg").count() == 38
        assert page.locator("#made .bar rect").count() > 19
        assert page.locator("#went .timeline .bar").count() == 10
        assert page.locator("#went .area path").count() > 2


@pytest.mark.slow
def test_how_they_look(demo: Path, leafed: Path, tmp_path: Path, open_page: OpenPage, pictures_of_pages: Path) -> None:
    drawn = tmp_path / "drawn.html"
    query = "SELECT *, logp(smiles) AS logp FROM products WHERE class = 'polyphenol' ORDER BY id LIMIT 20"
    assert halodb.draw(demo / "library", drawn, query=query).beside_parent == 20
    wait = "document.querySelectorAll('.mol svg').length > 3"
    keep_looks(open_page, leafed, pictures_of_pages, "gallery", lambda page: page.wait_for_function(wait))
    keep_looks(open_page, drawn, pictures_of_pages, "draw")
    keep_looks(open_page, demo / "library" / "report.html", pictures_of_pages, "report")
    assert len(list(pictures_of_pages.glob("*.png"))) >= 12


@pytest.mark.slow
def test_ten_thousand_molecules(demo: Path, tmp_path: Path, open_page: OpenPage) -> None:
    report = halodb.gallery(demo / "library", tmp_path / "all.html")
    assert (report.molecules, report.more) == (10_000, True)
    assert report.bytes < 8_000_000
    with open_page(tmp_path / "all.html") as page:
        began = time.monotonic()
        page.reload()
        page.wait_for_selector(".card .mol svg")
        assert time.monotonic() - began < 4
        page.fill("#search", "quercetin")
        settled(page)
        assert 0 < shown(page) < 10_000
        page.click("#reset")
        page.select_option("#sort", label="logp")
        page.click("#last")
        page.wait_for_selector(".card .mol svg")
