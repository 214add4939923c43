"""Molecules as text: a line of SMILES, an entry of an SD file, a ligand for docking."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from rdkit import Chem

from halodb.errors import UsageError
from halodb.exporting.conformer import in_space, in_the_plane
from halodb.records import Maker, Row
from halodb.records.makers import NOT_ALONE, molecule_of

_NOT_FOR_A_TAG = re.compile(r"[<>\s]+")
_WHITE = re.compile(r"\s+")
_BREAKS = re.compile(r"[\r\n\v\f\x00\x1c-\x1e\x85\u2028\u2029]+")


def line_of(smiles: str | None, name: str, values: tuple[str | None, ...]) -> bytes:
    r"""A line of a SMILES file: the SMILES, the name, and further columns, with tabs between.

    Raises:
        ValueError: there is no SMILES, or more than that; the text is the reason.

    >>> line_of("CCO", "an alcohol", ())
    b'CCO\tan_alcohol\n'
    """
    if not smiles or smiles.isspace():
        raise ValueError("there is no SMILES")
    if _WHITE.search(smiles):
        raise ValueError(NOT_ALONE)
    others = (_WHITE.sub(" ", value or "") for value in values)
    return ("\t".join((smiles, _WHITE.sub("_", name), *others)) + "\n").encode()


@dataclass(frozen=True)
class SdMaker(Maker):
    """Makes entries of an SD file.

    Attributes:
        tags: names of the values.
        space: coordinates in space, with hydrogens; else in the plane.
    """

    tags: tuple[str, ...]
    space: bool

    @property
    def unit_rows(self) -> int:  # type: ignore[override]
        """Rows that a worker takes at a time."""
        return 64 if self.space else 1000

    def make(self, row: Row) -> bytes:
        """The entry: structure, and a tag for each value that is not null."""
        molecule = molecule_of(row.smiles)
        molecule = in_space(molecule) if self.space else in_the_plane(molecule)
        molecule.SetProp("_Name", _BREAKS.sub(" ", row.name))
        for tag, value in zip(self.tags, row.values, strict=True):
            if value is not None:
                molecule.SetProp(_tag(tag), _BREAKS.sub(" ", value))
        text: str = Chem.SDWriter.GetText(molecule)
        return text.encode()


@dataclass(frozen=True)
class PdbqtMaker(Maker):
    """Makes ligands for AutoDock and Vina, with meeko.

    Attributes:
        alone: one molecule a file, as docking programs take them; else each is a MODEL.
    """

    unit_rows: ClassVar[int] = 64
    alone: bool

    def make(self, row: Row) -> bytes:
        """The ligand with its torsions."""
        molecule = in_space(molecule_of(row.smiles))
        preparation, writer = _meeko()
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                text, well, why = writer.write_string(preparation.prepare(molecule)[0])
        except Exception as error:  # whatever it meets in a molecule that it does not know
            raise ValueError(f"meeko: {error}") from error
        if not well:
            raise ValueError(f"meeko: {why}")
        ligand = f"REMARK  Name = {_BREAKS.sub(' ', row.name)}\n{text.rstrip()}\n"
        return (ligand if self.alone else f"MODEL {row.number + 1:>8}\n{ligand}ENDMDL\n").encode()


def _tag(name: str) -> str:
    """A column's name as one of a tag; RDKit does not write what begins with an underscore."""
    return _NOT_FOR_A_TAG.sub("_", name).strip("_") or "tag"


def check_meeko() -> None:
    """Refuse PDBQT where meeko, or gemmi which it imports, is not installed.

    Raises:
        UsageError: it is not.
    """
    for package in ("meeko", "gemmi"):
        if importlib.util.find_spec(package) is None:
            raise UsageError(
                f"PDBQT needs {package}, which is not installed.", "Install both: python -m pip install meeko gemmi"
            )


@cache
def _meeko() -> tuple[Any, Any]:
    from meeko import MoleculePreparation, PDBQTWriterLegacy  # noqa: PLC0415  an extra, and slow to import

    return MoleculePreparation(), PDBQTWriterLegacy
