"""What kind of file a part is, by the end of its name or else by its content, and how that kind is read."""

from __future__ import annotations

from enum import Enum
from itertools import islice
from pathlib import Path

from halodb.errors import InputError
from halodb.inputs.columns import is_smiles_name
from halodb.reading.arrow import read_feather, read_parquet
from halodb.reading.columns import Wanted
from halodb.reading.excel import read_excel
from halodb.reading.header import find_by_content, find_table, find_without_header, header_missing, usual_delimiter
from halodb.reading.looks import fields_of, holds_smiles
from halodb.reading.packed import Part
from halodb.reading.row import Reading, Tally
from halodb.reading.sdf import read_mol2, read_sdf
from halodb.reading.smi import read_smi
from halodb.reading.table import table_reading
from halodb.reading.text import TextFile, open_text

_PARQUET, _FEATHER, _WORKBOOK = b"PAR1", (b"ARROW1", b"FEA1"), b"PK\x03\x04"
_LINES_LOOKED_AT = 2000


class Kind(Enum):
    """A kind of file, with the ends of its names."""

    LINES = (".smi", ".smiles", ".ism", ".can", ".cxsmiles")
    TABLE = (".csv", ".tsv", ".tab")
    TEXT = (".txt", "")
    SDF = (".sdf", ".sd", ".mol", ".mdl")
    MOL2 = (".mol2", ".ml2")
    EXCEL = (".xlsx", ".xlsm")
    PARQUET = (".parquet", ".parq", ".pq")
    FEATHER = (".feather", ".ft", ".arrow", ".arrows", ".ipc")


_BY_SUFFIX = {suffix: kind for kind in Kind for suffix in kind.value}
KNOWN = ".smi, .ism, .can, .txt, .tab, .csv, .tsv, .sdf, .mol2, .xlsx, .parquet or .feather"


def is_known(part: Part) -> bool:
    """Whether a file has the name of one that can be read."""
    return part.suffix in _BY_SUFFIX and part.suffix != ""


def read_part(part: Part, tally: Tally, wanted: Wanted, spool: Path) -> Reading:  # noqa: PLR0911  a kind each
    """How a file is read.

    Args:
        part: the file.
        tally: is told what is read.
        wanted: columns that are asked for.
        spool: a directory for copies of what is packed.

    Raises:
        InputError: it is of no kind that is read, damaged, or without SMILES.
    """
    kind = _BY_SUFFIX.get(part.suffix)
    if kind is Kind.TEXT:
        kind = _by_content(part)
    match kind:
        case Kind.PARQUET:
            if part.first_bytes(4) != _PARQUET:
                raise InputError(
                    f"{part.name} is named {part.suffix} and is not a Parquet file.",
                    "Name it by its content: .smi, .csv or .tsv; or export it again.",
                )
            return read_parquet(part, tally, wanted, spool)
        case Kind.FEATHER:
            return read_feather(part, tally, wanted, spool)
        case Kind.EXCEL:
            return read_excel(part, tally, wanted, spool)
        case Kind.LINES:
            return read_smi(open_text(part), tally, wanted)
        case Kind.TABLE:
            return _read_table(open_text(part), tally, wanted, usual_delimiter(part.suffix))
        case Kind.TEXT:
            return _read_text(open_text(part), tally, wanted)
        case Kind.SDF:
            return read_sdf(open_text(part), tally, wanted)
        case Kind.MOL2:
            return read_mol2(open_text(part), tally, wanted)
        case None:
            raise InputError(
                f"{part.name} is of a kind that halodb does not read.",
                f"Give {KNOWN}, also with .gz, .bz2, .xz, .zst or .zip after it.",
            )


def _by_content(part: Part) -> Kind:
    head = part.first_bytes()
    if head.startswith(_PARQUET):
        return Kind.PARQUET
    if head.startswith(_FEATHER):
        return Kind.FEATHER
    if head.startswith(_WORKBOOK):
        return Kind.EXCEL
    for line in islice(open_text(part).lines(), _LINES_LOOKED_AT):
        if line.startswith("@<TRIPOS>"):
            return Kind.MOL2
        if line.startswith(("M  END", "$$$$")):
            return Kind.SDF
    return Kind.TEXT


def _read_table(text: TextFile, tally: Tally, wanted: Wanted, usual: str) -> Reading:
    table = find_table(text, usual, wanted)
    if table is None and wanted.smiles is not None and wanted.smiles.isdecimal():
        table = find_without_header(text, usual, wanted)
    elif table is None and wanted.smiles is None:
        table = find_by_content(text, usual, wanted)
    if table is None:
        raise header_missing(text, usual)
    return table_reading(text, table, tally)


def _read_text(text: TextFile, tally: Tally, wanted: Wanted) -> Reading:
    """A file that may be a table, with a header or without, or lines of SMILES and names."""
    lines = (line.strip() for line in text.lines())
    first = next((line for line in lines if line and line[0] != "#"), "")
    fields = fields_of(first)
    alone = bool(fields) and (holds_smiles(fields[0]) or is_smiles_name(fields[0].lstrip("#")))
    usual = usual_delimiter(".txt")
    if alone and wanted.smiles is None:
        return read_smi(text, tally, wanted)
    table = find_table(text, usual, wanted)
    if table is None and wanted.smiles is None:
        table = find_by_content(text, usual, wanted)
    if table is None:
        table = find_without_header(text, usual, wanted)
    return read_smi(text, tally, wanted) if table is None else table_reading(text, table, tally)
