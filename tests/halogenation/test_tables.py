"""Tables of text (.csv, .tsv): one fixed dialect, no row shifted, cut or lost without a word."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halodb.errors import InputError
from tests.halogenation.files import read, refused

COUMARIC = r"OC(=O)/C=C\c1ccc(O)cc1"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_the_delimiter_is_that_of_the_header(tmp_path: Path, delimiter: str, suffix: str) -> None:
    content = f"id{delimiter}SMILES{delimiter}y\nA{delimiter}CCO{delimiter}1\n"
    assert read(tmp_path, f"parents.{suffix}", content).pairs == [("CCO", "A")]


def test_a_line_of_excel_names_the_delimiter(tmp_path: Path) -> None:
    assert read(tmp_path, "parents.csv", "sep=;\nsmiles;name\nCCO;a, b\n").pairs == [("CCO", "a, b")]


def test_a_header_of_two_delimiters_is_refused(tmp_path: Path) -> None:
    assert "delimiters ',' and ';'" in refused(tmp_path, "parents.csv", "a;smiles;b,smiles,c\nC,1;2\n")


def test_a_column_alone_needs_no_delimiter(tmp_path: Path) -> None:
    assert read(tmp_path, "parents.csv", "smiles\nCCO\n\nCCN\n").pairs == [("CCO", None), ("CCN", None)]


@pytest.mark.parametrize(
    "header",
    [
        "SMILES,Name",
        " smiles , name ",
        '"smiles","name"',
        "﻿smiles,name",
        "Canonical SMILES,Compound Name",
        "#smiles,ID",
    ],
)
def test_headers_as_people_write_them(tmp_path: Path, header: str) -> None:
    assert read(tmp_path, "parents.csv", f"{header}\nCCO,ethanol\n").pairs == [("CCO", "ethanol")]


def test_columns_that_other_programs_add_are_not_taken_for_the_smiles(tmp_path: Path) -> None:
    found = read(tmp_path, "parents.csv", "root_parent_smiles,smiles,k,canonical_smiles\nC,CCO,1,OCC\n")
    assert found.pairs == [("CCO", None)]
    assert found.tally.columns == {"smiles": "smiles"}
    assert found.tally.ignored == ["root_parent_smiles", "k", "canonical_smiles"]
    assert "no column `smiles`" in refused(tmp_path, "parents.csv", "parent_smiles,name\nCCO,a\n")


@pytest.mark.parametrize("header", ["smiles,smiles", "smiles,SMILES", "Smiles,name,smiles ", "smiles,name,Name"])
def test_two_columns_of_one_name_are_refused(tmp_path: Path, header: str) -> None:
    assert "2 columns for one thing" in refused(tmp_path, "parents.csv", f"{header}\nC,N,O\n")


@pytest.mark.parametrize("content", ["CCO,ethanol\nCCN,ethylamine\n", "CHEBI:1\tCCO\n", "CCO\n"])
def test_a_table_without_a_header_is_refused(tmp_path: Path, content: str) -> None:
    assert "has no header: line 1 looks like a molecule" in refused(tmp_path, "parents.csv", content)


def test_a_header_that_cannot_be_taken_apart(tmp_path: Path) -> None:
    assert "Remove the lines above" in refused(tmp_path, "a.csv", "# made today\nsmiles,name\nCCO,a\n")
    for header in ("smiles name", '"smiles" "name"'):
        assert "Set the columns apart by commas" in refused(tmp_path, "b.csv", f"{header}\nCCO a\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_blank_lines(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, "parents.csv", end.join(["", "name,smiles", "", "a,CCO", " ", ",", "b,CCN"]))
    assert found.pairs == [("CCO", "a"), ("CCN", "b")]
    assert [row.line for row in found.rows] == [4, 7]
    assert found.tally.skipped == {"blank": 3}


def test_a_row_of_another_number_of_fields_is_a_reject_with_its_line(tmp_path: Path) -> None:
    lines = ["name,smiles", "A1,N#Cc1ccc(O)cc1", "2,4-dinitrophenol,Oc1ccccc1", "short", "b,CCO", "# end of file"]
    found = read(tmp_path, "parents.csv", "\n".join(lines))
    assert found.pairs == [("N#Cc1ccc(O)cc1", "A1"), ("CCO", "b")]
    assert found.rejects == [(line, "wrong number of fields") for line in (3, 4, 6)]


def test_empty_fields_after_the_last_column_are_nothing(tmp_path: Path) -> None:
    """Where the header has them, too; else a row may be one that R wrote with its number in front."""
    found = read(tmp_path, "parents.csv", "smiles,name,\nCCO,a,\nCCN,b\nCCC,c,,\n")
    assert found.pairs == [("CCO", "a"), ("CCN", "b")]
    rows_of_r = '"parent","smiles","note"\n"1","CCO","CCN",""\n'
    assert read(tmp_path, "parents.csv", rows_of_r).rejects == [(2, "wrong number of fields")]


def test_names_with_primes_quotes_commas_and_hashes(tmp_path: Path) -> None:
    names = ["4'-d", "'x'", 'say ""cis""', "3,4-x", "#1", "a\\"]
    rows = "".join(f'"{name}",Cc1ccccc1O\n' for name in names)
    found = read(tmp_path, "parents.csv", "name,smiles\n" + rows + "5''-e,C\n5\"-f,N\n#2,O\n")
    assert [name for _, name in found.pairs] == [*(name.replace('""', '"') for name in names), "5''-e", '5"-f', "#2"]


def test_a_quote_far_down_is_read_as_one_in_the_first_row(tmp_path: Path) -> None:
    rows = "".join(f"n{number},CCO\n" for number in range(30_000))
    found = read(tmp_path, "parents.csv", f'name,smiles\n{rows}"3,4-x",Cc1ccccc1O\n')
    assert found.pairs[-1] == ("Cc1ccccc1O", "3,4-x")
    assert found.rows[-1].line == 30_002


def test_a_backslash_belongs_to_its_smiles(tmp_path: Path) -> None:
    for content in (
        f'smiles,name\n"{COUMARIC}",a\n',
        f'smiles,name\n{COUMARIC},"a ""cis"""\n',
        f"smiles\n{COUMARIC}\n",
    ):
        assert read(tmp_path, "parents.csv", content).pairs[0][0] == COUMARIC


def test_the_escapes_of_r_are_refused_with_the_line(tmp_path: Path) -> None:
    told = refused(tmp_path, "parents.csv", f'"smiles","name"\n"CCO","a"\n"{COUMARIC}","Z-coumaric \\"cis\\""\n')
    assert "line 3" in told
    assert 'qmethod = "double"' in told


@pytest.mark.parametrize("row", ['"a,CCO', '"a" b,CCO', 'x,"CCO"N'])
def test_wrong_quotes_are_refused_with_the_line_where_they_begin(tmp_path: Path, row: str) -> None:
    assert "line 3: the quotes" in refused(tmp_path, "parents.csv", f"name,smiles\nb,C\n{row}\nc,CCN\nd,CCC\n")


def test_a_field_over_several_lines_is_one_field_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, "parents.csv", 'name,smiles\r\n"a\r\nb",CCO\r\nc,CCN\r\n')
    assert found.pairs == [("CCO", "a\nb"), ("CCN", "c")]
    assert [row.line for row in found.rows] == [2, 4]
    assert found.tally.spanning == 1
    assert read(tmp_path, "parents.csv", 'smiles,"na\nme"\nCCO,a\n').tally.spanning == 0


def test_a_stray_quote_does_not_swallow_rows(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", 'name,smiles\n"alpha,CCO\nbeta",CCN\nc,CCC\n')
    assert (found.pairs, found.rejects) == ([("CCC", "c")], [(2, "a quoted field over several lines holds a SMILES")])
    found = read(tmp_path, "b.csv", 'smiles,note\nCCO,"stray\nCCN,x"\nCCC,"first, of all\nsecond"\n')
    assert (found.pairs, found.rejects) == ([("CCC", None)], [(2, "a quoted field over several lines holds a SMILES")])


def test_very_long_fields(tmp_path: Path) -> None:
    long = "n" * 1_000_000
    assert read(tmp_path, "parents.csv", f"note,smiles\n{long},CCO\n").pairs == [("CCO", None)]
    found = read(tmp_path, "parents.csv", f"name,smiles\n{long},CCO\n")
    assert found.rejects == [(2, "name is longer than 10,000 characters")]


@pytest.mark.parametrize("given", ["polyphenol", "Polyphenol", " POLYPHENOL ", "polyphenols", '"polyphenol"'])
def test_classes_as_people_write_them(tmp_path: Path, given: str) -> None:
    assert read(tmp_path, "parents.csv", f"smiles,class\nO,{given}\n").rows[0].class_name == "polyphenol"


@pytest.mark.parametrize(
    ("given", "meant"),
    [("AA-Peptide", "aa_peptide"), ("aa peptide", "aa_peptide"), ("NA", None), ("nan", None), ("", None)],
)
def test_other_spellings_and_no_class(tmp_path: Path, given: str, meant: str | None) -> None:
    assert read(tmp_path, "parents.csv", f"smiles,class\nO,{given}\n").rows[0].class_name == meant


def test_an_unknown_class_is_a_reject_with_its_line(tmp_path: Path) -> None:
    found = read(tmp_path, "parents.csv", "smiles,class\n\nC,lipid\nC,steroid\n")
    assert found.rejects == [(4, "class is not known")]
    assert found.tally.first_unknown == ["line 4: 'steroid' is not a class, left out"]


def test_a_backslash_before_a_quote_may_be_an_escape(tmp_path: Path) -> None:
    content = 'smiles,note\nCCO,"{""a"": ""b\\""c""}"\nCCN,"a\\b"\n'
    assert read(tmp_path, "parents.csv", content).rejects == [(2, "a backslash before a quote, which may be an escape")]


TEXT = st.text(st.sampled_from("abx \"',;\t|\\#\n-é中'"), max_size=12)
ROWS = st.lists(st.tuples(TEXT, st.sampled_from(["CCO", COUMARIC, "N#C", "[O-]"]), TEXT), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(",\t;|"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_pythons_csv_writes_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, quoted: bool
) -> None:
    written = io.StringIO()
    dialect = csv.unix_dialect if quoted else csv.excel
    writer = csv.writer(written, dialect, delimiter=delimiter, lineterminator=end)
    writer.writerows([("name", "smiles", "note"), *rows])
    with tempfile.TemporaryDirectory() as directory:
        found = read(Path(directory), "parents.csv", written.getvalue())
    expected = [(smiles, name.strip() or None) for name, smiles, note in rows if '\\"' not in f"{name} {note}"]
    assert found.pairs == expected
    assert len(found.rejects) == len(rows) - len(expected)


NAME = st.text(st.sampled_from('ab",\\ '), max_size=10)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAME, st.sampled_from(["CCO", COUMARIC]), NAME), min_size=1, max_size=6), st.booleans())
def test_what_r_writes_with_escapes_is_read_rightly_or_refused(rows: list[tuple[str, str, str]], first: bool) -> None:
    def quoted(field: str) -> str:
        return '"' + field.replace('"', '\\"') + '"'

    lines = [
        ",".join([quoted(name), smiles, quoted(note)] if first else [smiles, quoted(name), quoted(note)])
        for name, smiles, note in [("name", "smiles", "note"), *rows]
    ]
    with tempfile.TemporaryDirectory() as directory, contextlib.suppress(InputError):
        found = read(Path(directory), "parents.csv", "\n".join(lines))
        assert set(found.pairs) <= {(smiles, name.strip() or None) for name, smiles, _ in rows}
