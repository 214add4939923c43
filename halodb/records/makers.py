"""Records that describe a molecule: its fingerprint, its scaffold, its properties."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from rdkit import Chem

from halodb.chemistry.fingerprints import morgan_of
from halodb.functions.molecules import read_molecule
from halodb.functions.properties import PROPERTIES
from halodb.records.maker import Maker, Row

NOT_ALONE = "white space in the SMILES: what follows on it would be left out or taken for a name"
NOT_A_MOLECULE = "RDKit reads no molecule in the SMILES"


def molecule_of(smiles: str) -> Chem.Mol:
    """The molecule.

    Raises:
        ValueError: RDKit reads none, or more stands there than a SMILES.
    """
    if smiles.split() != [smiles]:
        raise ValueError(NOT_ALONE)
    molecule = read_molecule(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        raise ValueError(NOT_A_MOLECULE)
    return molecule


class FingerprintMaker(Maker):
    """Makes Morgan fingerprints, as an index has them: 128 bytes."""

    def make(self, row: Row) -> bytes:
        """The bits."""
        return morgan_of(molecule_of(row.smiles))[0]


@dataclass(frozen=True)
class PropertyMaker(Maker):
    """Makes the scaffold of a molecule, and numbers before it.

    Attributes:
        properties: functions of SQL that give numbers, by name.
    """

    properties: tuple[str, ...] = ()

    def make(self, row: Row) -> bytes:
        """Doubles, then the scaffold as text."""
        molecule = molecule_of(row.smiles)
        scaffold = PROPERTIES["scaffold"](molecule)
        numbers = [PROPERTIES[name](molecule) for name in self.properties]
        return struct.pack(f"<{len(numbers)}d", *numbers) + str(scaffold).encode()

    def read(self, record: bytes) -> tuple[tuple[float, ...], str]:
        """The numbers and the scaffold of a record."""
        size = 8 * len(self.properties)
        return struct.unpack(f"<{len(self.properties)}d", record[:size]), record[size:].decode()
