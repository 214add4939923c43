"""Reading exports as other programs read them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

Named = list[tuple[str, str]]


def by_rdkit(file: Path) -> Named:
    """Names and canonical SMILES of a file of molecules, without hydrogens."""
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as content:
        if ".smi" in file.name:
            lines = [line.split("\t") for line in content.read().decode().splitlines()]
            return [(name, Chem.MolToSmiles(Chem.MolFromSmiles(smiles))) for smiles, name, *_ in lines]
        molecules = list(Chem.ForwardSDMolSupplier(content))
    return [(molecule.GetProp("_Name"), Chem.MolToSmiles(molecule)) for molecule in molecules]


def by_open_babel(file: Path, form: str) -> Iterator[Any]:
    """Molecules of a file, as Open Babel reads them."""
    pybel = pytest.importorskip("openbabel.pybel", reason="openbabel-wheel has no wheel for this Python")
    yield from pybel.readfile(form, str(file))


def skeleton(molecule: Any) -> str:
    """Canonical SMILES of Open Babel, without stereo: it perceives that by rules of its own."""
    return str(molecule.write("can", opt={"i": None, "n": None})).strip()


def files_of(directory: Path) -> dict[str, bytes]:
    """All files below a directory."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}
