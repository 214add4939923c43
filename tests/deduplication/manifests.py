"""A manifest of a job that was never run."""

from __future__ import annotations

from pathlib import Path

from halodb.inputs import open_input
from halodb.jobs import Job, Manifest
from halodb.jobs.manifest import new_manifest
from halodb.rules import read_rules
from tests.conftest import make_input


def manifest_of(directory: Path, pooled: bool = False) -> Manifest:
    """Of one rule, or of three."""
    parents = open_input(make_input(directory, ["C"]))
    rules = read_rules().rules[:3] if pooled else read_rules().rules[:1]
    return new_manifest(Job("polyphenol-1X", directory, parents, rules, pooled), directory, "fingerprint")
