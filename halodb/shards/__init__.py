"""Shards: unsorted Parquet files that one unit writes for one job, under a small fixed byte budget."""

from halodb.shards.schema import POOLED_SCHEMA, PRODUCT_SCHEMA, REJECT_SCHEMA
from halodb.shards.writer import DEFAULT_BUDGET, ShardWriter

__all__ = ["DEFAULT_BUDGET", "POOLED_SCHEMA", "PRODUCT_SCHEMA", "REJECT_SCHEMA", "ShardWriter"]
