"""Enumeration: halodb against Chem.MolToSmiles alone on the same products, the limit. One core, median of 5 rounds.

Run by `make bench`. Reads the shipped natural products; no file is written.
"""

from __future__ import annotations

import platform
import statistics
import time

import rdkit
from rdkit import Chem

from halodb.chemistry import Enumerator
from halodb.demo import example_smiles
from halodb.rules import read_rules

ROUNDS = 5


def main() -> None:
    """Print the rates and their ratio."""
    parents = example_smiles()
    enumerator = Enumerator(read_rules().rules)
    keys = [smiles for parent in parents for _, _, smiles in enumerator.enumerate(parent).products]
    molecules = [Chem.MolFromSmiles(key) for key in keys]
    engine, limit = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for parent in parents:
            enumerator.enumerate(parent)
        between = time.perf_counter()
        for molecule in molecules:
            Chem.MolToSmiles(molecule)
        engine.append(between - started)
        limit.append(time.perf_counter() - between)
    ours, best = statistics.median(engine), statistics.median(limit)
    print(f"Python {platform.python_version()}, RDKit {rdkit.__version__}, {len(keys):,} products, median of {ROUNDS}")
    print(f"halodb {len(keys) / ours:,.0f} products/s, MolToSmiles alone {len(keys) / best:,.0f}/s: {best / ours:.0%}")


if __name__ == "__main__":
    main()
