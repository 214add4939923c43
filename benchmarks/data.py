"""What the benchmarks run on.

Inputs made of the shared natural products, or of the shipped ones where they are absent; and of synthetic parents.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from rdkit import Chem

import halodb
from halodb.demo import example_smiles
from halodb.halogenation.classify import classify
from halodb.inputs import Input, open_input, read_smiles
from halodb.jobs import Job, Manifest
from halodb.jobs.manifest import new_manifest
from halodb.rules import read_rules

SHARED = Path(
    os.environ.get("HALODB_SHARED", Path(__file__).parents[2] / "shared" / "data" / "natural_products.smi.gz")
)
_BATCH = 50_000
_POLYPHENOL = "polyphenol"
_POLYPHENOLS_AMONG = 12
"""Natural products to look through for one polyphenol; every fourth to sixth is one."""


_RUN = 20
"""Rows side by side: some that differ in their halogen alone stand together in an input, four in `<class>-1X`."""


def natural_products(count: int) -> list[str]:
    """About `count` natural products, evenly spaced over the shared file (or the shipped one)."""
    if SHARED.exists():
        with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
            found = [line.strip() for line in lines]
    else:
        found = example_smiles()
    return found[:: max(1, len(found) // count)][:count]


def halogenated(directory: Path, parents: Sequence[str], depth: int = 1) -> list[Input]:
    """Inputs of some natural products, halogenated so often: those of which a shipped rule can make something."""
    source = directory / "parents.smi"
    source.write_text("\n".join(parents) + "\n", encoding="utf-8")
    made = halodb.halogenate(source, directory / "inputs", depth=depth)
    rules = read_rules()
    inputs = [open_input(directory / "inputs" / name) for name, rows in made.rows.items() if rows]
    return sorted((one for one in inputs if rules.in_scope(one.name.class_name)), key=lambda one: one.name.class_name)


def halogenated_polyphenols(directory: Path, parents: int, depth: int = 1) -> Input:
    """The input `polyphenol-<depth>X` of about so many natural polyphenols: the class with most rules and products."""
    found = [
        smiles
        for smiles in natural_products(_POLYPHENOLS_AMONG * parents)
        if (molecule := Chem.MolFromSmiles(smiles)) and classify(molecule) == _POLYPHENOL
    ]
    inputs = halogenated(directory, found[:parents], depth)
    return next(one for one in inputs if one.name == (_POLYPHENOL, depth))


def a_manifest(directory: Path) -> Manifest:
    """The manifest of a job that was never run."""
    source = open_input(write_input(directory, "polyphenol-1X", iter(["Oc1ccccc1"]), 1))
    job = Job("benchmark", directory, source, read_rules().rules[:1])
    return new_manifest(job, directory, "fingerprint")


def evenly_spaced(source: Input, rows: int) -> list[str]:
    """About `rows` parents of an input, in evenly spaced runs: rows of a run are side by side, as in a pass."""
    step = max(_RUN, source.rows * _RUN // rows)
    parents = read_smiles(source.path, 0, source.rows)
    return [smiles or "" for row, smiles in enumerate(parents) if row % step < _RUN][:rows]


def smaller(source: Input, directory: Path, rows: int) -> Path:
    """A copy of an input with fewer rows, in evenly spaced runs, and with what its file attests."""
    schema = pq.read_schema(source.path)
    table = pa.table({"smiles": evenly_spaced(source, rows)}).replace_schema_metadata(schema.metadata)
    path = directory / str(source.name) / "products.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return path


def write_input(directory: Path, name: str, smiles: Iterator[str], rows: int) -> Path:
    """Write `<name>/products.parquet` of so many SMILES, without holding them all."""
    path = directory / name / "products.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([("smiles", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, rows, _BATCH):
            batch = list(islice(smiles, min(_BATCH, rows - start)))
            writer.write_table(pa.table({"smiles": batch}, schema=schema))
    return path


_UNITS = ("C", "C(F)", "C(Cl)", "C(Br)", "C(I)", "C(O)")
_CODES = len(_UNITS) ** 3
PRODUCTS_A_PHENOL = 20


def aminophenolic_acids() -> Iterator[str]:
    """Endless distinct small polyphenols of 20 products each.

    Two phenols, an aromatic amine and a carboxylic acid on one ring, and two halogenated chains that tell them apart.
    """
    tail = 0
    while True:
        for code in range(_CODES**2):
            first, second = _chain(code // _CODES), _chain(code % _CODES)
            yield f"Nc1c(O)c({first}{'C' * tail})c(O)c(C(=O)O)c1{second}C"
        tail += 1


def cheap_parents() -> Iterator[str]:
    """Endless small parents of which every fourth is a phenol, with one product of one rule; all alike in cost."""
    number = 0
    while True:
        chain = "".join(_UNITS[number // 6**place % 6] for place in range(8))
        yield f"{chain}c1ccccc1{'O' if number % 4 == 0 else 'C'}"
        number += 1


def _chain(code: int) -> str:
    return "".join(_UNITS[code // len(_UNITS) ** place % len(_UNITS)] for place in range(3))
