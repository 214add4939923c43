"""What makes a record of a molecule; it goes to the workers, so it is small and can be pickled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple


class Row(NamedTuple):
    """A row: its number from 0, the name and the SMILES of its molecule, and its other values as texts."""

    number: int
    name: str
    smiles: str
    values: tuple[str | None, ...]


class Maker(ABC):
    """Makes a record of each row.

    Attributes:
        unit_rows: rows that a worker takes at a time: some seconds of work.
        molecule_seconds: a molecule that takes longer, twice, is a failure.
    """

    unit_rows: ClassVar[int] = 1000
    molecule_seconds: ClassVar[float] = 60.0

    @abstractmethod
    def make(self, row: Row) -> bytes:
        """The record.

        Raises:
            ValueError, RuntimeError: there is none; the text is the reason.
        """
