"""Shards hold what was added, once, in files no larger than the budget, and are known by their digest."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from halodb.files import digest
from halodb.inputs import open_input
from halodb.jobs import transform_jobs
from halodb.rules import read_rules
from halodb.shards import ShardWriter
from halodb.units import Unit
from tests.conftest import flip, make_input


def test_rows_of_many_jobs_under_one_budget(tmp_path: Path) -> None:
    source = open_input(make_input(tmp_path, ["Oc1ccccc1"]))
    jobs = tuple(transform_jobs(tmp_path / "library", source, read_rules().in_scope("polyphenol")[:3]))
    writer = ShardWriter(jobs, Unit(0, 9000), budget=20_000)
    for row in range(9000):
        writer.add(row % 7 % 3, f"{'C' * (row % 40)}O", row, row % 5, 0)
    written = writer.finish()
    assert all(len(shards) > 1 for shards in written)
    for number, (job, shards) in enumerate(zip(jobs, written, strict=True)):
        rows = [row for shard in shards for row in pq.ParquetFile(job.shards / shard.file).read().to_pylist()]
        assert [row["parent_row"] for row in rows] == [row for row in range(9000) if row % 7 % 3 == number]
        assert all(row["smiles"] == f"{'C' * (row['parent_row'] % 40)}O" for row in rows)
        assert all(shard.rows * 20 <= 40_000 for shard in shards)


def test_a_shard_is_known_from_its_copy_with_a_flipped_bit(tmp_path: Path) -> None:
    source = open_input(make_input(tmp_path, ["Oc1ccccc1"]))
    (job,) = transform_jobs(tmp_path / "library", source, read_rules().in_scope("polyphenol")[:1])
    writer = ShardWriter((job,), Unit(0, 1))
    writer.add(0, "COc1ccccc1", 0, 0, 0)
    ((shard,),) = writer.finish()
    assert shard.is_whole(job.shards)
    assert shard.digest == digest(job.shards / shard.file)
    flip(job.shards / shard.file, 0.5)
    assert shard.is_there(job.shards)
    assert not shard.is_whole(job.shards)
