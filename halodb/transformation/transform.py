"""`halodb transform`: one pass over an input for all the rules asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from halodb.cluster import check_cluster, executor_of, shared_path
from halodb.inputs import open_input
from halodb.jobs import transform_jobs, writing
from halodb.jobs.paths import check_paths
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.rules import read_rules
from halodb.rules.choose import choose_rules
from halodb.transformation.pass_plan import Limits
from halodb.transformation.pass_report import PassReport
from halodb.transformation.run_pass import run_pass
from halodb.workers.listener import SILENT, Listener


def transform(
    parents: Path | str,
    library: Path | str,
    *,
    rules: Sequence[str] = (),
    rule_file: Path | None = None,
    name: str | None = None,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    limits: Limits | None = None,
    replace: bool = False,
    cluster: str | None = None,
    listener: Listener = SILENT,
) -> PassReport:
    """Write the shards of all products that some rules make of an input; `dedup` makes the results of them.

    Runs again where it was stopped: units with a receipt are not done twice, jobs that are finished not at all.

    Args:
        parents: the input, `<class>-<k>X/products.parquet` or its directory.
        library: directory of the library; made where it is not there.
        rules: names of rules; all in scope of the input's class by default.
        rule_file: a rule file of your own; the shipped transforms by default.
        name: `<class>-<k>X` where the path does not say it.
        workers: processes; the machine's cores by default. The result does not depend on it.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        limits: what one parent and one worker may take.
        replace: start anew the jobs that another input, rule or version of halodb or RDKit has made.
        cluster: where the units run, if not here: see `run`.
        listener: told while it goes on.

    Raises:
        UsageError: an unknown rule, one that is out of scope, or paths that Windows would refuse.
        RuleFileError: the rule file is not valid.
        InputError: the input cannot be read.
        LibraryError: the library is in use, or holds jobs of another input and `replace` is not set.
        DiskFullError, OutputError: the library cannot be written to.
        WorkerError: workers keep dying for a reason that is not a molecule.

    Example:
        >>> halodb.transform("inputs/polyphenol-1X", "library").products  # doctest: +SKIP
    """
    check_cluster(cluster, workers)
    library, parents = shared_path(library, cluster), shared_path(parents, cluster)
    chosen_from = read_rules(rule_file)
    source = open_input(parents, name)
    jobs = transform_jobs(library, source, choose_rules(chosen_from, source.name.class_name, rules))
    check_paths(library, (job.name for job in jobs))
    with (
        writing(library),
        MemoryMeter() as meter,
        executor_of(cluster, meter, workers, parse_budget(memory), library, listener) as executor,
    ):
        return run_pass(
            jobs,
            library,
            budget=executor.budget,
            executor=executor,
            limits=limits,
            replace=replace,
            listener=listener,
        )
