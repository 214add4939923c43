"""Telling of the rows of a file that cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import BaseModel

from halodb.errors import InputError
from halodb.reading.looks import look_of

_SHOWN = 80


class FirstReject(BaseModel):
    """The first reject: its row from 0, its line from 1 in a text file, its SMILES as given, the reason, and its file.

    The file is that of several that were read together, None where there was one.
    """

    row: int
    line: int | None
    smiles: str | None
    reason: str
    file: str | None = None

    def __str__(self) -> str:
        place = f"line {self.line:,}" if self.line else f"row {self.row:,} (from 0)"
        place = f"{self.file}, {place}" if self.file else place
        given = self.smiles or ""
        shown = f"`{given[:_SHOWN]}...`" if len(given) > _SHOWN else f"`{given}`"
        return f"{place}, {shown}: {self.reason[: 2 * _SHOWN]}"


def first_reject(file: Path) -> FirstReject | None:
    """The first row of a file of rejects."""
    with pq.ParquetFile(file) as rejects:
        for batch in rejects.iter_batches(1):
            (row,) = batch.to_pylist()
            return FirstReject(
                row=row["parent_row"],
                line=row["line"],
                smiles=row["smiles"],
                reason=row["reason"],
                file=row.get("part_of_file"),
            )
    return None


def unusable(file: str, reasons: Counter[str], first: FirstReject, unknown: Sequence[str] = ()) -> InputError:
    """The error for a file of which no row can be used; `unknown` tells of its unknown classes."""
    counts = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
    also = f" {unknown[0]}." if unknown else ""
    look, remedy = look_of(first.smiles or "", first.reason)
    return InputError(
        f"{file}: none of its {reasons.total():,} rows can be used ({counts}). The first: {first}.{look}{also}", remedy
    )
