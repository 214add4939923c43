"""Dedup: DuckDB turns a job's shards into its result, unique and whole, out of core."""

from halodb.deduplication.across_jobs import dedup_across_jobs
from halodb.deduplication.dedup import DedupReport, dedup

__all__ = ["DedupReport", "dedup", "dedup_across_jobs"]
