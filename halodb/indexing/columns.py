"""Columns of `index.parquet`: those of the result, and what RDKit says of each molecule.

The rows are those of the result with all their columns, in its order: a query reads the index alone, where it would
otherwise have to join two files by the numbers of their rows. The SMILES are 8 bytes a row more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from halodb.chemistry.facts import Facts
from halodb.chemistry.fingerprints import MORGAN_BITS, MORGAN_WORDS, SCREEN_BITS, SCREEN_WORDS
from halodb.jobs.index_columns import MORGAN, NUMBERS, SCREEN

_BYTE = 8

RESULT_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("smiles", pa.string()),
    ("parent_row", pa.int64()),
    ("site", pa.int32()),
    ("sources", pa.int32()),
    ("class", pa.string()),
    ("k", pa.int8()),
    ("rule", pa.string()),
    ("family", pa.string()),
    ("label", pa.string()),
)
"""As in `products.parquet`; null where nothing tells them."""

_TYPES: dict[str, pa.DataType] = {"DOUBLE": pa.float64(), "SMALLINT": pa.int16()}

FACT_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    *((name, pa.uint64()) for name in (*SCREEN, *MORGAN)),
    *((name, _TYPES[kind]) for name, kind in NUMBERS.items()),
)
"""Null where RDKit reads no molecule."""

INDEX_SCHEMA = pa.schema([*RESULT_COLUMNS, *FACT_COLUMNS, ("inchikey", pa.string())])

FEW_VALUES = ["class", "k", "rule", "family", "label", "sources", *NUMBERS]
"""Columns that are written as a dictionary: neighbours are analogues, so few values come again and again."""

LOOKED_UP = ["smiles", "inchikey"]
"""Columns with Bloom filters."""


def columns_of(facts: Sequence[Facts | None]) -> list[pa.Array[Any]]:
    """Facts as columns, in the order of `FACT_COLUMNS`."""
    missing = np.array([each is None for each in facts], bool)
    there = [each or _NOTHING for each in facts]
    screens = _words([each.screen for each in there], SCREEN_WORDS)
    morgans = _words([each.morgan for each in there], MORGAN_WORDS)
    columns: list[pa.Array[Any]] = [
        pa.array(words, pa.uint64(), mask=missing) for words in (*screens.T.copy(), *morgans.T.copy())
    ]
    for kind, values in zip(NUMBERS.values(), zip(*(each[2:] for each in there), strict=True), strict=True):
        columns.append(pa.array(values, _TYPES[kind], mask=missing))
    return columns


def _words(bits: list[bytes], words: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return np.frombuffer(b"".join(bits), "<u8").astype(np.uint64).reshape(-1, words)


_NOTHING = Facts(bytes(SCREEN_BITS // _BYTE), bytes(MORGAN_BITS // _BYTE), *[0] * (len(Facts._fields) - 2))
