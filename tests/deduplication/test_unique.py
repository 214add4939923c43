"""Dedup keeps each product once, with its first origin and the number of its origins: as a loop over a dict would."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halodb.deduplication.repeats import Rows
from halodb.deduplication.result import write_unique
from halodb.engine import connect
from halodb.shards import POOLED_SCHEMA, PRODUCT_SCHEMA
from tests.deduplication.manifests import manifest_of

SAME_HASH = ("COc1c(O)c(OC)c(F)c(-c2ccccc2)c1F", "COc1c(O)c(OC)c(I)c(-c2ccccc2)c1I")
"""DuckDB's hash does not tell these apart."""

KEYS = ("C", "CC", "CO", "Cc1ccccc1", *SAME_HASH)


class Origin(NamedTuple):
    """A row of a shard in the order of a result."""

    parent_row: int
    site: int
    rule: int
    smiles: str


ORIGINS = st.builds(Origin, st.integers(0, 2**31 - 1), st.integers(0, 3), st.integers(0, 2), st.sampled_from(KEYS))


def write_shards(directory: Path, origins: Sequence[Origin], count: int, pooled: bool) -> Rows:
    """So many shards of the rows, one after the other."""
    schema = POOLED_SCHEMA if pooled else PRODUCT_SCHEMA
    files, counts = [], []
    for number in range(count):
        some = origins[number * len(origins) // count : (number + 1) * len(origins) // count]
        columns = {name: [getattr(origin, name) for origin in some] for name in schema.names}
        files.append(directory / f"{number}.parquet")
        counts.append(len(some))
        pq.write_table(pa.table(columns, schema=schema), files[-1])
    return Rows(tuple(files), tuple(counts))


def test_the_hash_does_not_tell_two_products_apart() -> None:
    first, second = duckdb.execute("SELECT hash($1), hash($2)", SAME_HASH).fetchall()[0]
    assert first == second


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("parts", [0, 1, 3])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ORIGINS, unique_by=lambda one: (one.parent_row, one.site, one.smiles), max_size=40), st.integers(1, 3))
def test_dedup_is_what_a_dict_would_do(
    tmp_path: Path, pooled: bool, parts: int, origins: list[Origin], shards: int
) -> None:
    """Whether the shards are in order or not, grouped at once (0 parts) or not, and memory holds them or not."""
    origins = sorted(origins if pooled else [origin._replace(rule=0) for origin in origins])
    expected: dict[str, list[Origin]] = {}
    for origin in origins:
        expected.setdefault(origin.smiles, []).append(origin)
    manifest = manifest_of(tmp_path, pooled)
    written = set()
    for in_order in (True, False):
        given_rows = origins if in_order else random.Random(len(origins)).sample(origins, len(origins))
        rows = write_shards(tmp_path, given_rows, shards, pooled)
        output = tmp_path / "result.parquet"
        with connect(tmp_path, 10**9) as connection, pytest.MonkeyPatch.context() as patch:
            patch.setattr("halodb.deduplication.result._MANY_REPEATS", -1.0 if parts == 0 else 1.0)
            if parts:
                patch.setattr("halodb.deduplication.result.limit_of", lambda _: 0)
            if parts > 1:
                patch.setattr("halodb.deduplication.repeats.limit_of", lambda _: 8 * max(1, len(origins) // parts))
            assert write_unique(connection, rows, output, manifest, in_order=in_order) == len(expected)
        written.add(output.read_bytes())
    made = pq.ParquetFile(output).read().to_pylist()
    assert [(row["parent_row"], row["site"], row["rule"], row["smiles"], row["sources"]) for row in made] == sorted(
        (first.parent_row, first.site, manifest.rules[first.rule].name, first.smiles, len(same))
        for same in expected.values()
        for first in same[:1]
    )
    assert {(row["class"], row["k"]) for row in made} <= {("polyphenol", 1)}
    assert len(written) == 1


def test_the_file_depends_neither_on_threads_nor_on_how_shards_were_cut(tmp_path: Path) -> None:
    """Memory pressure cuts a unit into more shards."""
    origins = [Origin(row, 0, 0, f"C{'C' * (row % 150)}{row // 300}") for row in range(200_000)]
    contents = set()
    for threads, shards in ((1, 2), (4, 7)):
        rows = write_shards(tmp_path, origins, shards, pooled=False)
        with connect(tmp_path, 10**9) as connection:
            connection.execute(f"SET threads = {threads}")
            output = tmp_path / "result.parquet"
            assert write_unique(connection, rows, output, manifest_of(tmp_path, False), in_order=True) == 100_050
        contents.add(output.read_bytes())
    assert len(contents) == 1
