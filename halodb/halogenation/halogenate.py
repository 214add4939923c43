"""`halodb halogenate`: parents in, inputs `<class>-1X`, `<class>-2X` and so on out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from halodb.deduplication.dedup import Room, run_dedup
from halodb.engine import connect
from halodb.errors import UsageError
from halodb.halogenation.earlier import check_rules, remove_outdated
from halodb.halogenation.expected import tell_expected
from halodb.halogenation.parents import ParentsRecord, prepare_parents
from halodb.halogenation.without_products import Halogenated, Reasons, list_without_products
from halodb.inputs import Input, InputName, open_input
from halodb.jobs import Job, writing
from halodb.jobs.paths import check_paths
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.reading import REJECT, Wanted
from halodb.rules import HALOGENATION, RuleSet, read_rules
from halodb.rules.choose import ask_for
from halodb.rules.classes import class_name_of
from halodb.transformation import Limits, run_pass
from halodb.workers.governor import size_pool
from halodb.workers.listener import SILENT, Listener

MOST_STEPS = 100
"""Of depth: k is a small integer in all files."""


@dataclass(frozen=True)
class HalogenateReport:
    """What a halogenation made.

    Attributes:
        parents: the parents by class, duplicates and rejects of the file.
        rows: rows of each input, by name: `polyphenol-1X`.
        peak_memory: bytes, the most that the process tree held at once.
        left_out: of each input that was made, by name, what the sugar mask and limits left out, by `<what>: <rule>`.
        without_products: of each input, by name, how many of its parents gave nothing, by reason; they are listed in
            `parents_without_products.parquet`.
    """

    parents: ParentsRecord
    rows: dict[str, int]
    peak_memory: int
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)
    without_products: Reasons = field(default_factory=dict)


def halogenate(
    parents: Path | str,
    output: Path | str,
    *,
    depth: int = 2,
    sample_2x: int | None = None,
    rules: Sequence[str] = (),
    also: Sequence[str] = (),
    sugar_mask: bool | None = None,
    rule_file: Path | None = None,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    limits: Limits | None = None,
    replace: bool = False,
    smiles_column: str | None = None,
    name_column: str | None = None,
    class_column: str | None = None,
    unknown_class: str = REJECT,
    standardize: bool = True,
    listener: Listener = SILENT,
) -> HalogenateReport:
    """Make the inputs `<class>-1X`, `<class>-2X` and so on of a file of parents; `<class>-0X` are these themselves.

    Runs on the engine of `transform`: units, shards, receipts, dedup. Where it was stopped, it goes on.

    Args:
        parents: a file of SMILES or structures, with names and classes or not: `.smi`, `.ism`, `.can`, `.txt`, `.tab`,
            `.csv`, `.tsv`, `.sdf`, `.mol2`, `.xlsx`, `.parquet` or `.feather`, also packed (`.gz`, `.bz2`, `.xz`,
            `.zst`, `.zip`); a directory of such files; or `-` for standard input.
        output: directory of the inputs.
        depth: 1 for 1X alone, 2 for 1X and 2X, and so on; each takes 20 to 30 times what the one before took.
        sample_2x: make 2X of about that many rows of each 1X, evenly spaced, and 3X of as many of each 2X; of all by
            default.
        rules: names of rules or families, or patterns such as `HALO_AROMATIC*`: these alone; all that are not on
            request by default.
        also: the same, of rules in addition to them, as those on request are.
        sugar_mask: mask sugars for all rules and classes, or for none; what the rule file says by default.
        rule_file: a rule file of your own; the shipped halogenation by default.
        workers: processes; the machine's cores by default. The result does not depend on it.
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in `output` by default.
        limits: what one parent and one worker may take.
        replace: start anew what another file, rule or version has made.
        smiles_column: the column of SMILES, by its name or its number from 1; found by its name, or by its values.
        name_column: the column of names; found by its name.
        class_column: the column of classes; found by its name, none where it is empty.
        unknown_class: what becomes of rows whose class the rules do not know: `reject`, `classify` (by their
            structure), or the class they go to.
        standardize: remove counter-ions, charges that a proton takes away, and labels of isotopes, see
            `halogenation.standardize`.
        listener: told while it goes on.

    Raises:
        UsageError: a rule that there is not, a depth below 1, or Windows would refuse the paths of files in `output`.
        InputError: the file cannot be read, or no row of it can be used.
        RuleFileError: the rule file is not valid.
        LibraryError: the directory is in use, or was made of another file and `replace` is not set.
        DiskFullError, OutputError: the directory cannot be written to.

    Example:
        >>> halodb.halogenate("parents.csv", "inputs", depth=1).rows  # doctest: +SKIP
    """
    parents, output, held = Path(parents), Path(output), parse_budget(memory)
    limits = limits or Limits()
    if not 1 <= depth <= MOST_STEPS:
        raise UsageError(f"{depth} is no depth of halogenation.", f"Give a number from 1 to {MOST_STEPS}.")
    chosen = ask_for(read_rules(rule_file, shipped=HALOGENATION), rules, also).masking_sugars(sugar_mask)
    known = chosen.known_classes()
    wanted = Wanted(smiles_column, name_column, class_column, known, unknown_class)
    classes = {*known, class_name_of(unknown_class) or ""}
    check_paths(output, (str(InputName(class_name, depth)) for class_name in sorted(classes)))
    rows: dict[str, int] = {}
    left_out: dict[str, dict[str, int]] = {}
    steps: list[Halogenated] = []
    there: dict[str, Input] = {}
    heard = Listener(progress=listener.progress)
    with writing(output, logged=True), MemoryMeter() as meter, connect(output, held, temp_directory) as connection:
        room = Room(connection, held, meter)
        budget = size_pool(meter, workers, held)
        if not replace:
            check_rules(output, chosen)
        record = prepare_parents(
            parents,
            output,
            connection,
            budget=budget,
            limits=limits,
            replace=replace,
            listener=listener,
            wanted=wanted,
            standardize=standardize,
        )
        for class_name in record.classes:
            made: Input | None = open_input(output / str(InputName(class_name, 0)))
            for k in range(1, depth + 1):
                if made is None:
                    break
                there[str(made.name)] = made
                job = _job(output, made, chosen, k)
                steps.append(Halogenated(made, job))
                if job is None:
                    break
                stride = max(1, made.rows // sample_2x) if sample_2x and k > 1 else 1
                if k > 1:
                    tell_expected(job, stride, budget, limits, listener)
                report = run_pass(
                    [job],
                    output,
                    budget=budget,
                    limits=limits,
                    stride=stride,
                    replace=replace,
                    listener=listener,
                )
                (manifest,) = run_dedup(report.jobs, output, room, title=f"{job.name}, dedup", listener=heard).jobs
                rows[job.name], left_out[job.name] = manifest.counts.unique, manifest.counts.left_out
                made = open_input(job.products) if rows[job.name] else None
            if made is not None:
                there[str(made.name)] = made
        if replace:
            remove_outdated(output, chosen, there, {step.job.name for step in steps if step.job is not None})
        without_products = list_without_products(output, steps, connection)
    return HalogenateReport(record, rows, meter.peak, left_out, without_products)


def _job(output: Path, parents: Input, rules: RuleSet, k: int) -> Job | None:
    in_scope = rules.in_scope(parents.name.class_name)
    if not in_scope:
        return None
    name = str(InputName(parents.name.class_name, k))
    return Job(name=name, directory=output / name, input=parents, rules=in_scope, pooled=True)
