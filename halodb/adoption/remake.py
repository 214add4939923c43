"""Making products again: a result is right when those of a sample of parents, or of all, are in it, and no others."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import duckdb
import pyarrow as pa
import rdkit
from rdkit import Chem, rdBase

from halodb.chemistry import Enumerator
from halodb.chemistry.writings import writings_of
from halodb.engine import run_statement
from halodb.inputs import Input
from halodb.inputs.windows import Window, read_windows
from halodb.jobs import Job
from halodb.rules import Rule
from halodb.transformation.pass_plan import MAX_HEAVY_ATOMS
from halodb.units.sample import spread

SMALL = 5000
"""Parents: of a job with no more all are made again."""
_SLOT = 5
"""Parents that are looked at together: to reach a row of a file all rows before it in its row group are decoded."""
_FIRST = 2000
"""Parents that are looked at of a larger job."""
_ENOUGH = 300
"""Parents with products, until which more are looked at: some rules match one parent in a thousand."""
_GROWTH = 5
_PATIENCE_SECONDS = 120.0
_TRIED = 30
"""Parents with products, by which it is told which rule made a result instead."""
_SHOWN = 120
_MOST_DOUBTED = 200
"""Products that are not found, each of which may have another canonical SMILES: it takes milliseconds to tell."""

FOUND_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs infer list[object]
        pa.field("smiles", pa.string()),
        pa.field("parent_row", pa.int64()),
        pa.field("site", pa.int32()),
    ]
)
"""Products, and where they come from."""


@dataclass(frozen=True)
class Remade:
    """What was made again of a job.

    Attributes:
        parents: that were looked at.
        of: parents of the job.
        products: distinct ones, that were all to be found in the result.
    """

    parents: int
    of: int
    products: int

    def __str__(self) -> str:
        parents = f"all {self.of:,}" if self.parents == self.of else f"{self.parents:,} of {self.of:,}"
        return f"{parents} parents made again, their {self.products:,} products are there"


def check_products(
    job: Job, rows: int, others: Sequence[Rule], connection: duckdb.DuckDBPyConnection
) -> tuple[Remade, list[str]]:
    """Make products again, and look for them in the view `result_keys`.

    Args:
        job: whose result it is said to be.
        rows: of the result.
        others: other rules that may have made it.
        connection: has the view.

    Returns:
        What was made, and what is wrong with the result, as sentences without their end.

    Raises:
        InputError: the input is damaged.
    """
    parents, made = _make(job)
    expected: dict[str, tuple[int, int]] = {}
    for row, _, products in made:
        for smiles, site in products:
            expected.setdefault(smiles, (row, site))
    remade = Remade(parents, job.input.rows, len(expected))
    table = pa.table(
        [pa.array(list(expected)), *map(pa.array, zip(*expected.values(), strict=True))] if expected else [[], [], []],
        schema=FOUND_SCHEMA,
    )
    connection.register("expected_products", table)
    try:
        problems = list(_problems(job, rows, remade, expected.keys(), connection))
    finally:
        connection.unregister("expected_products")
    if problems and expected:
        problems += _made_by_another(others, job, [smiles for _, smiles, _ in made[:_TRIED]], connection)
    return remade, problems


def _problems(
    job: Job, rows: int, remade: Remade, expected: Collection[str], connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    rule = job.rules[0].name
    missing = _but_for_writings(
        run_statement(connection, "adopt/missing").fetchall(), lambda smiles: _is_a_key(smiles, connection)
    )
    if missing:
        yield (
            f"{len(missing):,} of {remade.products:,} products that {rule} makes of {remade.parents:,} of its "
            f"{remade.of:,} parents are not in its {rows:,} rows, such as {missing[0][0][:_SHOWN]} of row "
            f"{missing[0][1]} of the input"
        )
    if remade.parents == remade.of:
        unexpected = _but_for_writings(
            run_statement(connection, "adopt/unexpected").fetchall(),
            lambda smiles: any(writing in expected for writing in smiles),
        )
        if unexpected:
            yield (
                f"{len(unexpected):,} of its {rows:,} rows are no product that {rule} makes of any parent, such as "
                f"{unexpected[0][0][:_SHOWN]} in row {unexpected[0][1]}"
            )
    elif rows and not remade.products:
        yield f"{rule} makes nothing of the {remade.parents:,} parents looked at, so that its rows cannot be checked"


def _but_for_writings(found: list[tuple[str, int]], is_there: Callable[[set[str]], bool]) -> list[tuple[str, int]]:
    """Those that are not there under another of their canonical SMILES either; of very many none is doubted."""
    if len(found) > _MOST_DOUBTED:
        return found
    with rdBase.BlockLogs():
        molecules = [(each, Chem.MolFromSmiles(each[0])) for each in found]
        return [each for each, molecule in molecules if molecule is None or not is_there(writings_of(molecule))]


def _is_a_key(smiles: set[str], connection: duckdb.DuckDBPyConnection) -> bool:
    ((found,),) = run_statement(connection, "adopt/among_keys", {"smiles": sorted(smiles)}).fetchall()
    return bool(found)


def _make(job: Job) -> tuple[int, list[tuple[int, str, list[tuple[str, int]]]]]:
    """How many parents were looked at; and row, SMILES, and products with their sites of those that have some."""
    rule, parents = job.rules[0], job.input
    enumerator = _enumerator([rule], parents)
    found: list[tuple[int, str, list[tuple[str, int]]]] = []
    looked = 0
    until = time.monotonic() + _PATIENCE_SECONDS
    for windows in _samples(parents.rows):
        for window, texts in zip(windows, read_windows(parents.path, windows), strict=True):
            for row, smiles in enumerate(texts, window.start):
                looked += 1
                products = [(product, site) for _, site, product in enumerator.enumerate(smiles).products]
                if products:
                    found.append((row, str(smiles), products))
        if len(found) >= _ENOUGH or time.monotonic() > until:
            break
    return looked, sorted(found)


def _samples(rows: int) -> Iterator[list[Window]]:
    """Windows of rows, evenly spaced, a few and then more, until all rows are looked at."""
    if rows <= SMALL:
        yield [Window(0, rows)]
        return
    order = spread(-(-rows // _SLOT))
    wanted = _FIRST // _SLOT
    while slots := sorted(islice(order, wanted)):
        yield [Window(slot * _SLOT, min((slot + 1) * _SLOT, rows)) for slot in slots]
        wanted *= _GROWTH


def _enumerator(rules: Sequence[Rule], parents: Input) -> Enumerator:
    attested = parents.canonical_by == rdkit.__version__
    return Enumerator(rules, max_heavy_atoms=MAX_HEAVY_ATOMS, attested=attested)


def _made_by_another(
    others: Iterable[Rule], job: Job, parents: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """The rule whose products are in a result in place of those of its own, as a sentence; none where it is unclear."""
    rules = [rule for rule in others if rule.name != job.rules[0].name]
    made: dict[int, set[str]] = {}
    enumerator = _enumerator(rules, job.input) if rules else None
    for smiles in parents if enumerator else ():
        for rule, _, product in enumerator.enumerate(smiles).products:  # type: ignore[union-attr]  # there are parents
            made.setdefault(rule, set()).add(product)
    for rule, products in made.items():
        table = pa.table([list(products), [0] * len(products), [0] * len(products)], schema=FOUND_SCHEMA)
        connection.register("expected_products", table)
        try:
            missing = run_statement(connection, "adopt/missing").fetchall()
        finally:
            connection.unregister("expected_products")
        if not missing:
            return [f"it holds products of {rules[rule].name}"]
    return []
