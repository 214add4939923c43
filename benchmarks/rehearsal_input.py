"""The input of the rehearsal: as many natural polyphenols, halogenated twice, as give the rows that are wanted."""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterator
from pathlib import Path

import duckdb
from rdkit import Chem

from benchmarks.data import SHARED
from halodb.demo import example_smiles
from halodb.files import whole_file
from halodb.halogenation.classify import classify
from halodb.inputs import Input
from halodb.units.sample import spread

RULES = Path(__file__).parent / "rehearsal_halogenation.yaml"
CLASS = "polyphenol"
_FIRST_ROWS = Path(__file__).parent / "sql" / "first_rows.sql"
_PHENOL = "[c][OX2H]"


def write_parents(file: Path, count: int) -> int:
    """Write about `count` natural polyphenols with their class as CSV; how many there were.

    They are spread evenly over the shared file. Where it has too few, other natural products with a phenol follow, and
    are called polyphenols.
    """
    with whole_file(file) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["smiles", "class"])
        written = 0
        for smiles in _polyphenols():
            if written == count:
                break
            writer.writerow([smiles, CLASS])
            written += 1
    return written


def _polyphenols() -> Iterator[str]:
    if SHARED.exists():
        with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
            found = [line.strip() for line in lines]
    else:
        found = example_smiles()
    phenol, others = Chem.MolFromSmarts(_PHENOL), []
    for place in spread(len(found)):
        molecule = Chem.MolFromSmiles(found[place])
        if molecule is None:
            continue
        if classify(molecule) == CLASS:
            yield found[place]
        elif molecule.HasSubstructMatch(phenol):
            others.append(found[place])
    yield from others


def parents_wanted(rows: int, parents_tried: int, rows_made: int) -> int:
    """Parents that give so many rows, by what some gave, and some more: parents differ."""
    return math.ceil(1.15 * rows * parents_tried / max(1, rows_made))


def cut(source: Input, rows: int, output: Path) -> None:
    """Write the first rows of an input as an input that attests what it attests."""
    with whole_file(output) as temporary, duckdb.connect() as connection:
        connection.execute(
            _FIRST_ROWS.read_text(encoding="utf-8"),
            {
                "input": str(source.path),
                "rows": rows,
                "output": str(temporary),
                "rdkit": source.canonical_by or "",
            },
        )
