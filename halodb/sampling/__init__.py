"""Sampling: some products of a library, by chance, in equal shares, or as different as can be."""

from halodb.sampling.sample import Method, Sample, sample

__all__ = ["Method", "Sample", "sample"]
