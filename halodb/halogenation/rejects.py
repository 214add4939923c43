"""Telling of the rows of a file that cannot be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import BaseModel

from halodb.errors import InputError
from halodb.reading.looks import look_of

_SHOWN = 80


class FirstReject(BaseModel):
    """The first reject of a file: its row from 0, its line from 1 in a text file, its SMILES as given, the reason."""

    row: int
    line: int | None
    smiles: str | None
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line:,}" if self.line else f"row {self.row:,} (from 0)"
        given = self.smiles or ""
        shown = f"`{given[:_SHOWN]}...`" if len(given) > _SHOWN else f"`{given}`"
        return f"{place}, {shown}: {self.reason[: 2 * _SHOWN]}"


def first_reject(file: Path) -> FirstReject | None:
    """The first row of a file of rejects."""
    with pq.ParquetFile(file) as rejects:
        for batch in rejects.iter_batches(1):
            (row,) = batch.to_pylist()
            return FirstReject(row=row["parent_row"], line=row["line"], smiles=row["smiles"], reason=row["reason"])
    return None


def unusable(file: Path, reasons: Counter[str], first: FirstReject) -> InputError:
    """The error for a file of which no row can be used."""
    counts = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
    look, remedy = look_of(first.smiles or "", first.reason)
    return InputError(
        f"{file}: none of its {reasons.total():,} rows can be used ({counts}). The first: {first}.{look}", remedy
    )
