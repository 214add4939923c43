"""Lines of `.smi` files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.halogenation.files import read, refused

BOTH = [("CCO", "ethanol"), ("CCN", "ethyl amine")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("between", [" ", "\t", "   ", ",", ", ", ";"])
def test_a_name_follows_its_smiles(tmp_path: Path, between: str, end: str) -> None:
    content = f"CCO{between}ethanol{end}CCN{between}ethyl amine{end}"
    assert read(tmp_path, "parents.smi", content).pairs == BOTH


@pytest.mark.parametrize(
    "header",
    [
        "SMILES",
        "smiles\tname",
        "SMILES Name ",
        "canonical_smiles",
        "#smiles",
        "# SMILES of two amines",
        "smiles,name",
        "﻿smiles\tname",
        "# made today\n\nsmiles name",
    ],
)
def test_headers(tmp_path: Path, header: str) -> None:
    between = "," if "," in header else "\t"
    content = f"{header}\nCCO{between}ethanol\nCCN{between}ethyl amine\n"
    assert read(tmp_path, "parents.smi", content).pairs == BOTH


def test_a_header_that_names_the_columns_is_followed(tmp_path: Path) -> None:
    assert read(tmp_path, "parents.smi", "id\tsmiles\nA 1\tCCO\n").pairs == [("CCO", "A 1")]
    assert read(tmp_path, "parents.smi", '"SMILES","ID"\n"CCO","a ""b"""\n').pairs == [("CCO", 'a "b"')]
    found = read(tmp_path, "parents.smi", "smiles\tname\tclass\nCCO\ta\tLipid\n")
    assert (found.pairs, found.rows[0].class_name) == ([("CCO", "a")], "lipid")
    (row,) = read(tmp_path, "parents.smi", "smiles,class\nCCO,lipid\n").rows
    assert row[:3] == ("CCO", None, "lipid")
    for header in ("id smiles", "smiles class", "SMILES name class"):
        assert "Set the columns apart by tabs" in refused(tmp_path, "parents.smi", f"{header}\n1 CCO\n")


def test_quoted_fields(tmp_path: Path) -> None:
    content = '"CCO" "ethanol"\n"CCN","ethyl amine"\n"CCC\n'
    found = read(tmp_path, "parents.smi", content)
    assert found.pairs == BOTH
    assert found.rejects == [(3, "SMILES with a quote in it or after it")]


def test_a_first_molecule_named_smiles_is_no_header(tmp_path: Path) -> None:
    assert read(tmp_path, "parents.smi", "CCO smiles\nCCN b\n").pairs == [("CCO", "smiles"), ("CCN", "b")]


def test_comments_and_blank_lines_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "parents.smi", "# made by me\nsmiles name\n\nCCO a\n# end\n")
    assert found.pairs == [("CCO", "a")]
    assert found.rows[0].line == 4
    assert found.tally.skipped == {"comment": 2, "header": 1, "blank": 1}


def test_a_name_without_a_smiles_is_no_smiles(tmp_path: Path) -> None:
    assert [row[:2] for row in read(tmp_path, "parents.smi", "CCO,a\n,CO\n").rows] == [("CCO", "a"), (None, "CO")]


@pytest.mark.parametrize(
    "content", ["CHEBI:123 CCO\n", "12345\tCCO\n", "ethanol,CCO\nCO,CCN\nwater,O\n", "acetic acid CC(=O)O\nfoo bar C\n"]
)
def test_names_before_the_smiles_are_refused(tmp_path: Path, content: str) -> None:
    assert "the names stand before the SMILES" in refused(tmp_path, "parents.smi", content)


def test_broken_smiles_are_not_taken_for_names(tmp_path: Path) -> None:
    assert len(read(tmp_path, "parents.smi", "C1CC broken\nC2CC too\nCCO a\n").rows) == 3


def test_only_comments(tmp_path: Path) -> None:
    assert "has no rows" in refused(tmp_path, "parents.smi", "# nothing\n\n")
