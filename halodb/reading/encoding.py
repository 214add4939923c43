"""What the first bytes of a file tell: no text at all, or text in which encoding."""

from __future__ import annotations

import codecs
import re

_NO_TEXT = {
    b"PAR1": "a Parquet file (name it .parquet)",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"\x1f\x8b": "compressed with gzip twice",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"%PDF": "a PDF file",
    b"SQLite format 3": "an SQLite database",
    b"ARROW1": "an Arrow file",
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SHARE_OF_NULS = 0.25
"""SMILES are ASCII, every other byte of which is NUL in UTF-16."""

_EAST_ASIAN = {"gbk": "GBK", "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "big5": "Big5", "euc_kr": "EUC-KR"}


def not_text(head: bytes) -> str | None:
    """What a file is, by its first bytes, where that is a known kind that is not text."""
    return next((what for magic, what in _NO_TEXT.items() if head.startswith(magic)), None)


def sniff_encoding(head: bytes) -> str:
    """Python's name of the encoding: by its mark, UTF-16 by its NUL bytes from the first on, else UTF-8."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    low, high = head[0::2].count(0), head[1::2].count(0)
    least = _SHARE_OF_NULS * len(head) / 2
    if head[1:2] == b"\0" and high >= least and low < high / 10:
        return "utf-16-le"
    if head[:1] == b"\0" and low >= least and high < low / 10:
        return "utf-16-be"
    return "utf-8"


def guess_encoding(line: bytes) -> str:
    """What a line that is not UTF-8 looks like, as part of a sentence."""
    if b"\0" in line:
        return "it holds NUL bytes, as UTF-16 does"
    if _is_cut(line):
        return "the file ends within a character, and may be cut short"
    runs = re.findall(rb"[\x80-\xff][\x40-\xff]*", line)
    fitting = [name for codec, name in _EAST_ASIAN.items() if _decodes(line, codec)]
    if fitting and any(len(re.findall(rb"[\x80-\xff]", run)) > 1 for run in runs):
        return f"it may be {', '.join(fitting)} or Windows-1252"
    return "it looks like Windows-1252 (cp1252)" if _decodes(line, "cp1252") else "its encoding is unknown"


def _is_cut(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
