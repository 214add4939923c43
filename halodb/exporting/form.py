"""The form of a file, by the ending of its name. Imports nothing heavy: the command line asks it before all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from halodb.errors import UsageError


class Kind(StrEnum):
    """What a file holds."""

    SMI = "smi"
    SDF = "sdf"
    PDBQT = "pdbqt"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    PARQUET = "parquet"


_ENDINGS = {**{kind.value: kind for kind in Kind}, "smiles": Kind.SMI, "ism": Kind.SMI, "sd": Kind.SDF}
_MOLECULES = {Kind.SMI, Kind.SDF, Kind.PDBQT}
_GZIP = ".gz"


@dataclass(frozen=True)
class Form:
    """How a file is written.

    Attributes:
        kind: what it holds.
        compressed: by gzip.
        stem: its name without the endings.
        ending: the endings, as they were given.
    """

    kind: Kind
    compressed: bool
    stem: str
    ending: str

    @property
    def of_molecules(self) -> bool:
        """Whether it is made of SMILES; else it is a table of any columns."""
        return self.kind in _MOLECULES


def form_of(file: Path) -> Form:
    """The form that the name of a file tells.

    Raises:
        UsageError: it tells none.

    >>> form_of(Path("set/hits.SDF.gz"))
    Form(kind=<Kind.SDF: 'sdf'>, compressed=True, stem='hits', ending='.SDF.gz')
    """
    name = file.name
    compressed = name.lower().endswith(_GZIP)
    bare = name[: -len(_GZIP)] if compressed else name
    stem, dot, ending = bare.rpartition(".")
    kind = _ENDINGS.get(ending.lower()) if dot and stem.strip(".") else None
    if kind is None:
        raise UsageError(
            f"the name {name or file} tells no format.",
            "Let it end with .smi, .sdf, .csv, .tsv, .json (each also .gz), .pdbqt or .parquet.",
        )
    if compressed and kind is Kind.PARQUET:
        raise UsageError(f"{name}: Parquet is compressed within.", f"Name it {bare}.")
    return Form(kind, compressed, stem, name[len(stem) :])
