"""Which directories hold results, and of which jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.errors import HalodbError, InputError
from halodb.inputs import Input, InputName
from halodb.inputs.find import find_inputs
from halodb.inputs.input import PRODUCTS_FILE
from halodb.inputs.names import is_input_name
from halodb.jobs import Job, transform_jobs
from halodb.jobs.job import parse_job_name
from halodb.jobs.select import pick
from halodb.rules import DEPTHS, Rule, RuleSet

Inputs = Mapping[InputName, Input | HalodbError]


@dataclass(frozen=True)
class Candidate:
    """A directory with a result, and its job; where there is none why, and whether its name is that of a job at all."""

    directory: Path
    job: Job | None = None
    known: bool = True
    why: str = ""


def open_inputs(directory: Path) -> Inputs:
    """The inputs of a directory by name, or why they cannot be opened.

    Raises:
        InputError: the directory is not there, or holds no input.
    """
    return {found.name: found.opened for found in find_inputs(directory)}


def find_results(
    directory: Path, library: Path, inputs: Path, rules: RuleSet, names: Sequence[str] = ()
) -> list[Candidate]:
    """The directories `<class>-<k>X_<rule>` of a directory that hold a `products.parquet`, by name.

    Raises:
        InputError: no such directory, or no result or input in it.
        UsageError: no result has a name that was asked for.
    """
    if not directory.is_dir():
        raise InputError(f"{directory} is not a directory.", "Give the one that holds <class>-<k>X_<rule>/.")
    found = sorted(path.parent.name for path in directory.glob(f"*/{PRODUCTS_FILE}"))
    found = [name for name in found if not is_input_name(name)]
    if not found:
        raise InputError(
            f"{directory} holds no result.", f"Results are <class>-<k>X_<rule>/{PRODUCTS_FILE}; give their directory."
        )
    opened = open_inputs(inputs)
    return [_candidate(directory / name, library, inputs, opened, rules) for name in pick(found, names, directory)]


def _candidate(directory: Path, library: Path, where: Path, inputs: Inputs, rules: RuleSet) -> Candidate:
    named = _read_name(directory.name, rules)
    if isinstance(named, str):
        return Candidate(directory, known=False, why=named)
    name, rule = named
    source = inputs.get(name)
    if source is None:
        # An input that the rules do not expect was perhaps never there.
        return Candidate(directory, known=name.k in DEPTHS, why=f"its input {name} is not in {where}")
    if isinstance(source, HalodbError):
        return Candidate(directory, why=f"its input cannot be used: {source.message.rstrip('.')}")
    (job,) = transform_jobs(library, source, [rule])
    return Candidate(directory, job)


def _read_name(text: str, rules: RuleSet) -> tuple[InputName, Rule] | str:
    """The input and the rule of a job's name, or why it is the name of none."""
    parsed = parse_job_name(text)
    if parsed is None:
        return "its name is not <class>-<k>X_<rule>"
    name, rule_name = parsed
    if name.k == 0:
        return f"{name} is none of a pipeline's inputs, which are 1X, 2X and so on"
    if not any(rule.name == rule_name for rule in rules.rules):
        return f"{rules.name} has no rule {rule_name}"
    in_scope = rules.in_scope(name.class_name, on_request=True)
    meant = next((rule for rule in in_scope if rule.name == rule_name), None)
    if meant is None:
        return f"{rule_name} of {rules.name} is not meant for {name.class_name}"
    return name, meant
