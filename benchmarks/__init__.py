"""Benchmarks of halodb: `python -m benchmarks --help`, from a checkout. Never run by the tests at their real sizes."""
