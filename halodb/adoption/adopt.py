"""`halodb adopt`: results of older scripts become jobs of a library."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from halodb.adoption.check import check_result, in_the_way
from halodb.adoption.find import Candidate, find_results
from halodb.adoption.report import Adoption, AdoptReport, Outcome
from halodb.adoption.take import take_over
from halodb.engine import connect, working_directory
from halodb.errors import InputError, problem_with
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Job, writing
from halodb.jobs.manifest import MANIFEST_FILE
from halodb.jobs.state import State
from halodb.jobs.status import status_of
from halodb.memory import DEFAULT_BUDGET, parse_budget
from halodb.rules import Rule, read_rules
from halodb.transformation.pass_plan import MAX_HEAVY_ATOMS
from halodb.verification import SAMPLE
from halodb.workers.listener import SILENT, Listener


def adopt(
    directory: Path | str,
    library: Path | str,
    *,
    inputs: Path | str,
    rule_file: Path | None = None,
    jobs: Sequence[str] = (),
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    sample: int = SAMPLE,
    listener: Listener = SILENT,
) -> AdoptReport:
    """Take over `<class>-<k>X_<rule>/products.parquet` of older scripts, so that these jobs are not done again.

    A result wants a column `smiles` (or `canonical_smiles`) of text, without empty or doubled keys, canonical as far as
    a sample tells; those of an older RDKit are written again. Products of a sample of parents, of all where there are
    few, are made again and must be there: a result of another rule, of another input or of a part of it is broken. It
    is written anew with halodb's columns: `parent_row` and `site` are taken from columns such as `source_smiles` and
    `xf_site_index` where these tell them, else null, as `sources` is; further columns stay. The job counts as done
    while the input and the rule are what they are now.

    Args:
        directory: holds the results; it may be the library itself. Another directory is left as it is.
        library: directory of the library; made where it is not there.
        inputs: directory with the inputs that the results were made of, `<class>-<k>X/products.parquet`.
        rule_file: a rule file of your own; the shipped transforms by default.
        jobs: names of results, or patterns such as `polyphenol-*`; all by default.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        sample: how many keys of each result RDKit reads and writes again, evenly spaced; 0 for none.
        listener: told what became of each result.

    Returns:
        What became of each result; a broken one is told there, not raised, and left where it is.

    Raises:
        UsageError: an unknown job, or a budget that cannot be understood.
        RuleFileError: the rule file is not valid.
        InputError: there is no result, or no input.
        LibraryError: another process is writing to the library.
        DiskFullError, OutputError, QueryError: no room, no permission, or not enough memory.

    Example:
        >>> halodb.adopt("old results", "library", inputs="inputs").failed  # doctest: +SKIP
    """
    directory, library = Path(directory), Path(library)
    started, held = time.monotonic(), parse_budget(memory)
    rules = read_rules(rule_file)
    candidates = find_results(directory, library, Path(inputs), rules, jobs)
    results: list[Adoption] = []
    with writing(library):
        for candidate in candidates:
            # A connection each: what DuckDB cannot recover from in one file must not speak of the next.
            with connect(library, held, temp_directory) as connection:
                results.append(_adopt(candidate, library, rules.rules, connection, sample))
            listener.result(results[-1])
    return AdoptReport(
        directory=str(directory),
        library=str(library),
        results=tuple(results),
        seconds=round(time.monotonic() - started, 3),
    )


def _adopt(
    candidate: Candidate, library: Path, rules: Sequence[Rule], connection: duckdb.DuckDBPyConnection, sample: int
) -> Adoption:
    def told(outcome: Outcome, why: str = "", **found: Any) -> Adoption:
        directory = candidate.directory
        return Adoption(job=directory.name, directory=str(directory), outcome=outcome, why=why, **found)

    job, file = candidate.job, candidate.directory / PRODUCTS_FILE
    if job is None:
        return told(Outcome.HELD if candidate.known else Outcome.UNKNOWN, candidate.why)
    status = status_of(job, job.fingerprint(MAX_HEAVY_ATOMS, 1))
    if status.state is State.DONE:
        return told(Outcome.ALREADY)
    held = _held(candidate.directory, job, status.state, status.why)
    if held:
        return told(Outcome.HELD, held)
    try:
        with working_directory(connection) as place:
            result = check_result(file, job, rules, connection, sample, place)
            if isinstance(result, list):
                return told(Outcome.BROKEN, f"{file}: {'; '.join(result)}")
            adopted, origins = take_over(result, job, library, connection, place)
    except InputError as error:
        return told(Outcome.BROKEN, problem_with(file, error))
    return told(
        Outcome.ADOPTED,
        origins.told if origins else "",
        products=adopted.counts.unique,
        checked=str(result.remade)
        + ("" if result.keys is None else "; its keys, of another RDKit, were written again"),
        parents_made_again=result.remade.parents,
        parent_rows=origins.parents if origins else 0,
        sites=origins.sites if origins else 0,
    )


def _held(source: Path, job: Job, state: State, why: str) -> str:
    """Why a result is not even looked at; empty where nothing is in its way."""
    in_place = job.directory.exists() and source.samefile(job.directory)
    if state is State.STALE:
        return f"{job.directory} {why}"
    if state in {State.TRANSFORMING, State.TRANSFORMED}:
        return f"{job.directory} is under way: `halodb transform` and `dedup` finish it"
    if state is State.FOREIGN and not in_place:
        return f"{job.directory} {why}: adopt that library itself first, or move it elsewhere"
    if not in_place and (source / MANIFEST_FILE).exists():
        return f"{source} is a job of another library of halodb's: copy the whole directory"
    return in_the_way(job)
