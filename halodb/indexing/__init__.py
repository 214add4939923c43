"""Indexes of results: fingerprints and descriptors of each product, beside it, for queries that ask for chemistry."""

from halodb.indexing.index import IndexReport, index

__all__ = ["IndexReport", "index"]
