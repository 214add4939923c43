"""Enumeration: halodb against a plain RDKit loop, public peers, and MolToSmiles alone on the same products (the limit).

One core, no file written. On each class of input that the shipped rules are for, `<class>-1X` made by
`halodb.halogenate`, every peer makes all products of all rules in scope of evenly spaced runs of rows, so rows that no
rule matches, and rows that differ in their halogen alone, count as they do in a pass. `halodb, each row alone` is
halodb without what it gains from the latter. Peers take turns. Products are compared with those of the plain loop,
after RDKit has written them anew; what differs is counted and told.

`all classes` is what whole passes over all these inputs would take: each class counts as many times as it has rows for
each row taken, so the classes weigh as natural products are, not alike.

Then whole passes over rows in any order, see `order`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from rdkit import Chem, rdBase

from benchmarks.data import evenly_spaced, halogenated, natural_products
from benchmarks.enumeration_peers import PEERS, Enumerate, Key
from benchmarks.measure import interleaved
from benchmarks.order import passes_in_any_order
from benchmarks.result import Result, Series, begin, series
from halodb.inputs import Input
from halodb.rules import Rule, read_rules

LIMIT = "MolToSmiles alone"
REFERENCE = "RDKit loop"
OVERALL = "all classes"

_ONE_OF = 20
"""Rows of a large input to one that is taken."""

Made = set[tuple[str, int, str]]


def run(parents: int, rows: int, order_rows: int, rounds: int, note: str) -> Result:
    """Measure.

    Args:
        parents: natural products to halogenate.
        rows: rows taken of each input, at least; of a large one a twentieth, for it weighs more.
        order_rows: rows of each input whose order is changed.
        rounds: how often each peer runs.
        note: for the result.
    """
    result = begin("enumeration", rounds, note)
    silence = rdBase.BlockLogs()
    rules = read_rules()
    with tempfile.TemporaryDirectory() as name:
        for source in halogenated(Path(name), natural_products(parents)):
            in_scope = rules.in_scope(source.name.class_name)
            sample = evenly_spaced(source, max(rows, source.rows // _ONE_OF))
            taken = [smiles for smiles in sample if Chem.MolFromSmiles(smiles)]
            _one_input(result, source, in_scope, taken, rounds)
    for who in dict.fromkeys(one.who for one in result.series):
        result.series.append(_over_all(who, [one for one in result.series if one.who == who]))
    del silence
    _headline(result)
    with tempfile.TemporaryDirectory() as name:
        passes_in_any_order(result, natural_products(parents), order_rows, Path(name), rounds)
    return result


def _over_all(who: str, inputs: list[Series]) -> Series:
    """What whole passes over all inputs would give, and the sums of what was compared."""
    whole = 0.0
    seconds = [0.0] * len(inputs[0].values)
    for one in inputs:
        products = one.numbers["products"] * one.numbers["rows"] / one.numbers["parents"]
        whole += products
        seconds = [total + products / rate for total, rate in zip(seconds, one.values, strict=True)]
    sums = {
        number: sum(one.numbers.get(number, 0) for one in inputs)
        for number in ("parents", "products", "differing", "missing", "failed_parents")
    }
    return series(who, OVERALL, "products/s", [whole / one for one in seconds], **sums)


def _one_input(result: Result, source: Input, rules: tuple[Rule, ...], taken: list[str], rounds: int) -> None:
    """Run all peers on one input."""
    runs: dict[str, Callable[[], object]] = {}
    made: dict[str, Made] = {}
    failed: dict[str, int] = {}
    for who, prepare in PEERS.items():
        try:
            peer = prepare(source, rules)
        except ImportError:
            _tell(result, f"{who}: not installed")
            continue
        made[who], failed[who] = _outcome(peer, taken)
        # Prepared anew each time: halodb remembers parents.
        runs[who] = lambda prepare=prepare: _outcome(prepare(source, rules), taken)  # type: ignore[misc]
    molecules = [Chem.MolFromSmiles(smiles) for _, _, smiles in sorted(made[REFERENCE])]
    runs[LIMIT] = lambda: [Chem.MolToSmiles(molecule) for molecule in molecules]
    products = len(molecules)
    if products == 0:
        return
    for who, seconds in interleaved(runs, rounds).items():
        numbers: dict[str, float] = {"rows": source.rows, "parents": len(taken), "products": products}
        if who in made:
            own = {(parent, place, _anew(smiles)) for parent, place, smiles in made[who]}
            numbers["differing"] = len(own - made[REFERENCE])
            numbers["missing"] = len(made[REFERENCE] - own)
            numbers["failed_parents"] = failed[who]
        rates = [products / one for one in seconds]
        result.series.append(series(who, str(source.name), "products/s", rates, **numbers))


def _outcome(peer: Enumerate, parents: list[str]) -> tuple[Made, int]:
    """All products, and how many parents a peer raised an exception on."""
    made: Made = set()
    failed = 0
    for parent in parents:
        try:
            keys: list[Key] = peer(parent)
        except Exception:  # peers raise what they like; it is counted
            failed += 1
            continue
        made.update((parent, place, smiles) for place, smiles in keys)
    return made, failed


def _anew(smiles: str) -> str:
    molecule = Chem.MolFromSmiles(smiles)
    return Chem.MolToSmiles(molecule) if molecule is not None else smiles


def _headline(result: Result) -> None:
    """Ratios of halodb's rate to those of the others, over all classes and by class."""
    for on in dict.fromkeys(one.on for one in result.series):
        ours = result.find("halodb", on)
        for one in result.series:
            if ours is not None and one.on == on and one.who != "halodb":
                result.headline[f"halodb / {one.who}, {on}"] = ours.median / one.median


def _tell(result: Result, words: str) -> None:
    if words not in result.note:
        result.note = f"{result.note}; {words}" if result.note else words
