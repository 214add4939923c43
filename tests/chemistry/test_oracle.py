"""Products equal plain RDKit: RunReactants, SanitizeMol, MolToSmiles, and each key is a fixed point."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem import rdChemReactions

from halodb.chemistry import Enumerator
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, Rule, read_rules

SHARED = Path(
    os.environ.get("HALODB_SHARED", Path(__file__).parents[3] / "shared" / "data" / "natural_products.smi.gz")
)
NEEDS_SHARED = pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")


def oracle(rule: Rule, smiles: str) -> set[str]:
    """Plain RDKit, as a chemist would write it; a salt a fragment at a time, for RunReactants loses the others."""
    reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
    found = set()
    fragments = smiles.split(".")
    for place, fragment in enumerate(fragments):
        others = fragments[:place] + fragments[place + 1 :]
        for (product,) in reaction.RunReactants((Chem.MolFromSmiles(fragment),), maxProducts=10_000):
            if Chem.SanitizeMol(product, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE:
                key = Chem.MolToSmiles(product)
                found.add(Chem.MolToSmiles(Chem.MolFromSmiles(".".join([key, *others]))) if others else key)
    return found


def differences(rules: tuple[Rule, ...], parents: Iterable[str]) -> tuple[int, list[str]]:
    """Products compared, and what differs, in words."""
    enumerator = Enumerator(rules)
    compared, told = 0, []
    for parent in parents:
        made: dict[int, set[str]] = {place: set() for place in range(len(rules))}
        for place, _, smiles in enumerator.enumerate(parent).products:
            assert smiles not in made[place]
            made[place].add(smiles)
        for place, rule in enumerate(rules):
            expected = oracle(rule, parent)
            compared += len(expected)
            if made[place] != expected:
                told.append(f"{rule.name} of {parent}: {made[place] ^ expected}")
    return compared, told


@pytest.mark.parametrize("shipped", ["transforms.yaml", HALOGENATION])
def test_every_shipped_natural_product(shipped: str) -> None:
    compared, told = differences(read_rules(shipped=shipped).rules, example_smiles())
    assert told == []
    assert compared > 1000


@NEEDS_SHARED
@pytest.mark.slow
def test_20000_natural_products() -> None:
    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        parents = [line.strip() for line in lines][::5]
    compared, told = differences(read_rules().rules, parents)
    assert told == []
    assert compared > 20_000


FRAGMENTS = ["C", "CC", "C(C)", "[C@H](C)", "c1ccc(O)cc1", "c1cc(N)ccc1", "C(=O)", "N", "O", "[13CH2]", "/C=C/"]
ENDS = ["N", "O", "C(=O)O", "c1ccccc1O", "C[NH3+]", "F", "c1cc(N)ncc1"]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ENDS), st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6), st.sampled_from(ENDS))
def test_molecules_made_of_fragments(begin: str, middle: list[str], end: str) -> None:
    smiles = "".join(["C", *middle, end, ".", "C", begin])
    if Chem.MolFromSmiles(smiles) is not None:
        assert differences(read_rules().rules, [Chem.MolToSmiles(Chem.MolFromSmiles(smiles))])[1] == []
