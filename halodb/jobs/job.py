"""A job and the paths of its files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import rdkit

from halodb.files import short_digest
from halodb.inputs import Input, InputName, parse_input_name
from halodb.inputs.input import PRODUCTS_FILE
from halodb.inputs.names import is_input_name
from halodb.rules import Rule

ENGINE_VERSION = 2
"""Raised when halodb itself would make other products of the same input and rules."""

_POOLED_VERSION = "parents without products are rejects"
"""Another text when the files of pooled jobs are to be other ones, and those of other jobs as they were."""

_NAME = re.compile(r"(?P<input>.+?-\d+X)_(?P<rule>.+)")

PASSES_DIRECTORY = "passes"
RECEIPTS_DIRECTORY = "receipts"
SHARDS_DIRECTORY = "shards"
WORKING_DIRECTORY = "working"
REJECTS_FILE = "rejects.parquet"
INDEX_FILE = "index.parquet"
INDEX_DIRECTORY = "index"
"""Of a job: what its index is put together from; gone when it is whole."""


@dataclass(frozen=True)
class Job:
    """One input and the rules whose products go into one result.

    A job of `transform` has one rule. `halogenate` pools all its rules into one result, the next input; only there the
    rule is a column of the rows.

    Attributes:
        name: `<class>-<k>X_<rule>`, or `<class>-<k>X` for a pooled job.
        directory: where its files are.
        input: the parents.
        rules: the rules, in the order of their file.
        pooled: whether the rows name their rule.
    """

    name: str
    directory: Path
    input: Input
    rules: tuple[Rule, ...]
    pooled: bool = False

    @property
    def products(self) -> Path:
        """The result: unique products, whole or absent."""
        return self.directory / PRODUCTS_FILE

    @property
    def rejects(self) -> Path:
        """Parents and sites that made an error, with the reason."""
        return self.directory / REJECTS_FILE

    @property
    def shards(self) -> Path:
        """Directory of the shards; gone after dedup."""
        return self.directory / SHARDS_DIRECTORY

    def fingerprint(self, max_heavy_atoms: int, stride: int) -> str:
        """Digest of all that the result follows from: input, rules, limits, halodb's engine and RDKit."""
        chemistry = [rule.fingerprint for rule in self.rules]
        names = [*(rule.name for rule in self.rules), _POOLED_VERSION] if self.pooled else []
        limits = (str(max_heavy_atoms), str(stride))
        return short_digest(
            self.name, self.input.digest, *chemistry, *names, *limits, str(ENGINE_VERSION), rdkit.__version__
        )

    @property
    def adopted_fingerprint(self) -> str:
        """Digest of input and rules alone: nothing tells which version and limits made an older script's result."""
        return short_digest("adopted", self.name, self.input.digest, *(rule.fingerprint for rule in self.rules))


def transform_jobs(library: Path, parents: Input, rules: Iterable[Rule]) -> list[Job]:
    """The jobs of one input: one for each rule."""
    return [
        Job(name=name, directory=library / name, input=parents, rules=(rule,))
        for rule in rules
        for name in [f"{parents.name}_{rule.name}"]
    ]


def pass_directory(library: Path, name: InputName) -> Path:
    """Where the passes over one input keep their receipts until all its jobs are deduplicated."""
    return library / PASSES_DIRECTORY / str(name)


def parse_job_name(text: str) -> tuple[InputName, str] | None:
    """The input and the rule of a name `<class>-<k>X_<rule>`; None where it is no such name."""
    found = _NAME.fullmatch(text)
    if found is None or not is_input_name(found["input"]):
        return None
    return parse_input_name(found["input"]), found["rule"]
