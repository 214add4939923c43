"""Molecules read from SMILES, and what was computed of them: each is parsed once for all functions of a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeGuard

from rdkit import Chem

from halodb.chemistry.parse import longest_smiles

Compute = Callable[[Chem.Mol], Any]

REMEMBERED = 32_768
"""Molecules whose values are kept, in 16 MB. DuckDB asks 2,048 rows of one function, then the same of the next, in each
of its threads. The molecules themselves would take 25 KB each, and are slower to find again than to parse."""

_LONGEST = longest_smiles(1000)
_WITHOUT_VALUE = object()


class StoppedError(Exception):
    """The query was interrupted."""


def may_be_read(smiles: str | None) -> TypeGuard[str]:
    """Whether a text is one that RDKit may be given: not null, ASCII, and no longer than 1,000 heavy atoms need."""
    return smiles is not None and len(smiles) <= _LONGEST and smiles.isascii()


def read_molecule(smiles: str) -> Chem.Mol | None:
    """The molecule, as RDKit reads it; None where it cannot."""
    return Chem.MolFromSmiles(smiles) if may_be_read(smiles) else None


class Molecules:
    """What is known of the molecules of a query.

    Attributes:
        without_value: rows whose SMILES RDKit could not read, or not compute, by what was asked.
        stopped: whether the query is to end.
        interrupted: whether Ctrl-C came to RDKit instead of Python.
    """

    def __init__(self) -> None:
        self.without_value: Counter[Hashable] = Counter()
        self.stopped = self.interrupted = False
        self._known = lru_cache(maxsize=REMEMBERED)(_nothing_yet)
        self._together: dict[Hashable, Compute] = {}

    def begin(self, together: dict[Hashable, Compute]) -> None:
        """A query begins; `together` is what it asks that is cheap, to be computed when a molecule is parsed anyway."""
        self.without_value.clear()
        self.stopped = self.interrupted = False
        self._together = together

    def interrupt(self) -> None:
        """End the query, for RDKit took Ctrl-C for itself."""
        self.stopped = self.interrupted = True

    def go_on(self) -> None:
        """To be called after a value was computed and before it is used.

        Raises:
            StoppedError: the query is to end; the value may be wrong.
        """
        if self.stopped:
            raise StoppedError

    def value(self, asked: Hashable, compute: Compute, smiles: str | None) -> Any:
        """What is asked of a molecule; None for null, and for a SMILES that RDKit cannot read.

        Args:
            asked: function and argument.
            compute: how.
            smiles: of the molecule.
        """
        if smiles is None:
            return None
        known = self._known(smiles)
        if asked not in known:
            self._compute(known, smiles, {**self._together, asked: compute})
        value = known[asked]
        if value is _WITHOUT_VALUE:
            self.without_value[asked] += 1
            return None
        return value

    def _compute(self, known: dict[Hashable, Any], smiles: str, wanted: dict[Hashable, Compute]) -> None:
        molecule = read_molecule(smiles)
        for asked, compute in wanted.items():
            if asked not in known:
                value = _WITHOUT_VALUE if molecule is None else _computed(compute, molecule)
                self.go_on()
                known[asked] = value


def _nothing_yet(_smiles: str) -> dict[Hashable, Any]:
    return {}


def _computed(compute: Compute, molecule: Chem.Mol) -> Any:
    try:
        return compute(molecule)
    except (ValueError, RuntimeError):  # what RDKit raises of a molecule that it read
        return _WITHOUT_VALUE
