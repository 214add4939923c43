"""Keys that RDKit writes in several ways are right; damaged ones are not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rdkit import Chem, rdBase

from halodb.chemistry import Enumerator
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, read_rules
from halodb.verification import key_problems, look_at_keys
from halodb.verification.keys import is_a_writing
from tests.chemistry.oracle import SHARED, canonical, shared_natural_products

SEVERAL = [
    "O=C(O)[C@H]1CC2(C1)C[C@@](F)(C(=O)O)C2",
    "CC(=O)O[C@@H]1C[C@@H]2C[C@]3(CC[C@]2(C)[C@H]2CC[C@]4(C)[C@@H]([C@H](C)CCC(=O)O)CC[C@H]4[C@H]12)OOC1(CC[C@H](C)CC1)OO3",
]
"""Written by RDKit 2026.09, and written otherwise when read again."""

DAMAGED = [
    "OCC",
    "C(C)O",
    "C1=CC=CC=C1",
    "[CH3][CH3]",
    "CC(=O",
    "CCX",
    "c1ccccc1O",
    "CCO CCO",
    "F[C@@H](Cl)C",
    "C(/C)=C/F",
]


@pytest.mark.parametrize("key", SEVERAL)
def test_a_key_that_rdkit_writes_for_some_order_of_the_atoms_is_right(key: str) -> None:
    assert canonical(key) != key
    assert is_a_writing(key)
    assert is_a_writing(canonical(key))


@pytest.mark.parametrize("key", DAMAGED)
def test_what_rdkit_would_write_for_no_order_is_damaged(key: str) -> None:
    with rdBase.BlockLogs():
        assert not is_a_writing(key)


def problems(keys: list[str], directory: Path) -> list[str]:
    file = directory / "keys.parquet"
    pq.write_table(pa.table({"smiles": keys}), file)
    connection = duckdb.connect()
    look_at_keys(connection, file)
    return key_problems(connection, len(keys), len(keys))


def test_only_damaged_keys_are_reported(tmp_path: Path) -> None:
    assert problems([*SEVERAL, "CCO"], tmp_path) == []
    (problem,) = problems([*SEVERAL, "CCO", "OCC"], tmp_path)
    assert problem.startswith("1 of 4 keys looked at are not canonical, such as OCC in row 3, which is written CCO")


def test_many_damaged_keys_are_reported_soon(tmp_path: Path) -> None:
    keys = [f"O{'C' * length}" for length in range(2, 400)]
    (problem,) = problems([*keys, "CC(C"], tmp_path)
    assert problem.startswith("399 of 399 keys")


KEYS = [canonical(smiles) for smiles in islice(example_smiles(), 0, None, 25)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KEYS), st.data())
def test_a_key_with_a_part_lost_moved_or_changed_is_damaged(key: str, data: st.DataObject) -> None:
    """Unless it is again what RDKit writes, of another molecule: that a digest of the file must tell."""
    start = data.draw(st.integers(0, len(key) - 1))
    end = data.draw(st.integers(start + 1, min(len(key), start + 6)))
    changed = data.draw(
        st.sampled_from([key[:start] + key[end:], key[:start], key[start:end] + key[:start] + key[end:], f"{key}C"])
    )
    assume(changed != key and changed)
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(changed)
        assume(molecule is None or Chem.MolToSmiles(molecule) != changed)
        assert not is_a_writing(changed)


def halogenated(step: int) -> Iterator[str]:
    """Keys of halogenated natural products."""
    enumerator = Enumerator(read_rules(shipped=HALOGENATION).rules)
    for parent in shared_natural_products(step):
        yield from (key for _, _, key in enumerator.enumerate(parent).products)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
def test_keys_of_halogenated_natural_products_are_right() -> None:
    odd = [key for key in halogenated(100) if canonical(key) != key]
    assert [key for key in odd if not is_a_writing(key)] == []
