"""Dedup keeps each product once, with its first origin and the number of its origins: as a loop over a dict would."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halodb.engine import connect, run_statement
from halodb.shards import PRODUCT_SCHEMA

ORIGINS = st.tuples(
    st.sampled_from(["C", "CC", "CO", "Cc1ccccc1", "c1ccccc1"]), st.integers(0, 2**41), st.integers(0, 2**20 - 1)
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ORIGINS, unique=True, max_size=40), st.integers(1, 3))
def test_dedup_is_what_a_dict_would_do(tmp_path: Path, rows: list[tuple[str, int, int]], shards: int) -> None:
    files = []
    for number in range(shards):
        files.append(tmp_path / f"{number}.parquet")
        columns = list(zip(*rows[number::shards], strict=True)) or [(), (), ()]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, PRODUCT_SCHEMA, strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=PRODUCT_SCHEMA), files[-1])
    expected: dict[str, list[tuple[int, int]]] = {}
    for smiles, parent_row, site in rows:
        expected.setdefault(smiles, []).append((parent_row, site))
    with connect(tmp_path, 10**9) as connection:
        told = {"shards": files, "output": tmp_path / "result.parquet", "job": "j", "fingerprint": "f", "rdkit": "r"}
        run_statement(connection, "dedup", told)
    made = pq.ParquetFile(tmp_path / "result.parquet").read().to_pylist()
    assert [tuple(row.values()) for row in made] == sorted(
        ((smiles, *min(origins), len(origins)) for smiles, origins in expected.items()),
        key=lambda row: (row[1], row[2], row[0]),
    )


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_file_does_not_depend_on_the_number_of_threads(tmp_path: Path, threads: int) -> None:
    rows = [(f"C{'C' * (n % 300)}", n, n % 9) for n in range(200_000)]
    arrays = [
        pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), PRODUCT_SCHEMA, strict=True)
    ]
    pq.write_table(pa.Table.from_arrays(arrays, schema=PRODUCT_SCHEMA), tmp_path / "shard.parquet")
    contents = set()
    for number in (1, threads):
        with connect(tmp_path, 10**9) as connection:
            connection.execute(f"SET threads = {number}")
            output = tmp_path / f"{number}.parquet"
            told = {
                "shards": [tmp_path / "shard.parquet"],
                "output": output,
                "job": "j",
                "fingerprint": "f",
                "rdkit": "r",
            }
            run_statement(connection, "dedup", told)
        contents.add(output.read_bytes())
    assert len(contents) == 1
