"""Compression, encoding and line ends are found from the content."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from halodb.reading import stage_parents, text
from tests.halogenation.files import read, refused

CONTENT = "smiles,name\nCCO,éthanol\nCCN,胺\n"
PAIRS = [("CCO", "éthanol"), ("CCN", "胺")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["parents.csv", "parents.smi"])
def test_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    assert read(tmp_path, name, CONTENT.encode(encoding)).pairs == PAIRS


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    assert "is named .parquet and is not" in refused(tmp_path, "parents.parquet", CONTENT)
    assert "is a Parquet file" in refused(tmp_path, "parents.csv", b"PAR1" + b"x" * 20)
    assert "of a kind that halodb does not read" in refused(tmp_path, "parents.xlsx", CONTENT)


def test_a_mark_of_utf_16_for_both_orders(tmp_path: Path) -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert read(tmp_path, "parents.smi", mark + "CCO\té\r\n".encode(encoding)).pairs == [("CCO", "é")]


@pytest.mark.parametrize("name", ["parents.smi", "parents.smi.gz", "parents.csv", "parents.csv.gz", "PARENTS.CSV.GZ"])
@pytest.mark.parametrize("gzipped", [True, False])
def test_gzip_is_found_by_the_content(tmp_path: Path, name: str, gzipped: bool) -> None:
    content = CONTENT.encode()
    assert read(tmp_path, name, gzip.compress(content) if gzipped else content).pairs == PAIRS


def test_damaged_gzip(tmp_path: Path) -> None:
    content = gzip.compress("".join(f"C{'C' * (number % 90)}O n{number}\n" for number in range(20_000)).encode())
    assert "is cut short" in refused(tmp_path, "parents.smi.gz", content[:-2000])
    assert "is cut short" in refused(tmp_path, "parents.smi.gz", content[:5])
    assert "is damaged" in refused(tmp_path, "parents.smi.gz", content[:-6] + b"123456")
    assert "is empty when it is unpacked" in refused(tmp_path, "parents.smi.gz", gzip.compress(b""))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PAR1....", "is a Parquet file"),
        (b"PK\x03\x04....", "an Excel workbook"),
        (b"BZh9....", "bzip2"),
        (b"\x28\xb5\x2f\xfd....", "Zstandard"),
        (gzip.compress(gzip.compress(b"CCO", mtime=0), mtime=0), "gzip twice"),
        (b"CCO\n\0\x01\x02 binary", "NUL bytes"),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refused(tmp_path, "parents.smi", content)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("CCO,caféine".encode("cp1252"), "Windows-1252"),
        ("CCO,“5-Fuß”".encode("cp1252"), "Windows-1252"),
        ("CCO,槲皮素".encode("gbk"), "GBK"),
        ("CCO,ケルセチン".encode("cp932"), "Shift-JIS"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_another_encoding_is_refused_with_the_line_and_a_guess(
    tmp_path: Path, line: bytes, told: str, end: bytes
) -> None:
    message = refused(tmp_path, "parents.csv", end.join([b"smiles,name", "CCN,é".encode(), line, b"CCC,x"]))
    assert "line 3 is not UTF-8" in message
    assert told in message
    assert "Save the file as UTF-8" in message


def test_a_file_cut_within_a_character(tmp_path: Path) -> None:
    told = refused(tmp_path, "parents.csv", CONTENT.encode().rstrip()[:-1])
    assert "line 3 is not UTF-8" in told
    assert "may be cut short" in told


def test_the_line_is_right_far_down(tmp_path: Path) -> None:
    content = b"CCO ethanol\r" * 30_000 + b"CCN \xe9\r" + b"C x\r" * 9000
    assert "line 30,001 is not UTF-8 (byte 0xE9)" in refused(tmp_path, "parents.smi", content)


def test_utf_16_cut_within_a_character(tmp_path: Path) -> None:
    assert "UTF-16" in refused(tmp_path, "parents.smi", "CCO é\nCCN x\n".encode("utf-16")[:-1])


def test_files_put_together_from_two_encodings(tmp_path: Path) -> None:
    more = "CCN amine\n"
    assert "line 2 is not UTF-8" in refused(tmp_path, "a.smi", b"CCO ethanol\n" + more.encode("utf-16"))
    assert "line 3,001 holds NUL bytes" in refused(tmp_path, "b.smi", b"CCO x\n" * 3000 + more.encode("utf-16-le"))
    first = "CCO ethanol\n" * 5000
    assert "UTF-16, and line 5,001 is not" in refused(tmp_path, "c.smi", first.encode("utf-16") + b"\xff\xdf\xff\xdf")


def test_a_file_without_line_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST_LINE", 1000)
    assert "line 2 is longer than 1,000 characters" in refused(tmp_path, "parents.smi", "CCO\n" + "C" * 3000)


def test_a_smiles_too_long_for_any_molecule_is_a_reject(tmp_path: Path) -> None:
    found = read(tmp_path, "parents.smi", "C" * 10_000_000 + " big\nCCO small\n")
    assert found.pairs == [("CCO", "small")]
    assert found.rejects == [(1, "SMILES is longer than 100,000 characters")]
    assert len(found.rows[0].smiles or "") == 1000


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """40 lines of 1 MB take no more than 20 of them at once."""
    file = tmp_path / "parents.smi"
    with file.open("w") as lines:
        for _ in range(40):
            lines.write("CCO " + "n" * 1_000_000 + "\n")
    tracemalloc.start()
    stage_parents(file, tmp_path / "staged.parquet")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25e6
