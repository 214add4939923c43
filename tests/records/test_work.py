"""Records come in the order of the rows, whatever becomes of the workers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from halodb.memory import MemoryMeter
from halodb.records import Maker, Row, make_records, write_spool
from halodb.workers import SILENT, WorkerBudget


class Deadly(Maker):
    """Ends its worker at one row, and raises at another."""

    unit_rows: ClassVar[int] = 4

    def make(self, row: Row) -> bytes:
        if row.name == "deadly":
            os._exit(1)
        if row.name == "bad":
            raise ValueError("bad\nto the  bone")
        return f"{row.number} {row.name} {row.smiles} {row.values}".encode()


def test_a_row_at_which_workers_die_is_a_failure(tmp_path: Path) -> None:
    names = ["deadly" if row == 5 else "bad" if row == 9 else None if row == 2 else f"n{row}" for row in range(30)]
    smiles = [None if row == 11 else "C" * (row + 1) for row in range(30)]
    table = pa.table({"s": smiles, "n": names, "v": ["x", None] * 15})
    spool = write_spool(tmp_path / "rows.parquet", table.schema, table.to_batches(max_chunksize=7))
    with MemoryMeter() as meter:
        budget = WorkerBudget(2, 10**9, meter)
        found = list(make_records(spool, Deadly(), budget=budget, directory=tmp_path, listener=SILENT, title="t"))
    made = [record for piece in found for record in piece.made]
    failures = [failure for piece in found for failure in piece.failures]
    assert [made[row] for row in (0, 2, 29)] == [
        b"0 n0 C ('x',)",
        b"2 3 CCC ('x',)",
        b"29 n29 " + b"C" * 30 + b" (None,)",
    ]
    assert [row for row, record in enumerate(made) if record is None] == [5, 9, 11]
    assert [failure.row for failure in failures] == [5, 9, 11]
    assert [failure.reason for failure in failures[1:]] == ["bad to the bone", "there is no SMILES"]
    assert "twice" in failures[0].reason
    assert not list(tmp_path.glob("*.records"))
