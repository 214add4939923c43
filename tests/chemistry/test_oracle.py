"""Products, sites and rejects equal plain RDKit: RunReactants, SanitizeMol, MolToSmiles; and keys are fixed points."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from halodb.chemistry import Enumerator
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, TRANSFORMS, read_rules
from tests.chemistry.oracle import SHARED, canonical, differences, oracle, shared_natural_products, spread

NEEDS_SHARED = pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
BOTH = (*read_rules().rules, *read_rules(shipped=HALOGENATION).rules)


@pytest.mark.parametrize("attested", [False, True])
@pytest.mark.parametrize("shipped", [TRANSFORMS, HALOGENATION])
def test_every_shipped_natural_product(shipped: str, attested: bool) -> None:
    parents = [canonical(smiles) for smiles in example_smiles()]
    parents = parents[:: 4 if shipped == HALOGENATION else 1]
    compared, differing = differences(read_rules(shipped=shipped).rules, parents, attested=attested)
    assert differing == []
    assert compared > 800


@NEEDS_SHARED
@pytest.mark.slow
@pytest.mark.parametrize("shipped", [TRANSFORMS, HALOGENATION])
def test_all_shared_natural_products(shipped: str) -> None:
    """Hours for one core: spread over several."""
    parents = shared_natural_products(1)
    compared, differing = spread(partial(differences, read_rules(shipped=shipped).rules, attested=True), parents)
    assert differing == []
    assert compared > 3 * len(parents)


@NEEDS_SHARED
@pytest.mark.slow
def test_10000_shared_natural_products_without_attestation() -> None:
    compared, differing = differences(read_rules().rules, shared_natural_products(10))
    assert differing == []
    assert compared > 30_000


@NEEDS_SHARED
@pytest.mark.slow
def test_keys_are_fixed_points_where_those_of_plain_rdkit_are() -> None:
    enumerator = Enumerator(BOTH)
    for parent in shared_natural_products(500):
        for place, _, key in enumerator.enumerate(parent).products:
            if canonical(key) != key:
                ((expected, _),) = oracle([BOTH[place]], parent)
                assert key in expected


FRAGMENTS = [
    "C",
    "CC",
    "C(C)",
    "[C@H](C)",
    "c1ccc(O)cc1",
    "c1cc(N)ccc1",
    "C(=O)",
    "N",
    "O",
    "[13CH2]",
    "/C=C/",
    "C1CC(O)C1",
]
TERMINI = [
    "N",
    "O",
    "C(=O)O",
    "c1ccccc1O",
    "C[NH3+]",
    "F",
    "c1cc(N)ncc1",
    "[C@@H](N)C(=O)O",
    "/C=C/C(=O)O",
    "c1cc[nH]c1",
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(TERMINI),
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6),
    st.sampled_from(TERMINI),
    st.sampled_from(["", ".C"]),
    st.booleans(),
)
def test_molecules_made_of_fragments(begin: str, middle: list[str], end: str, salt: str, attested: bool) -> None:
    smiles = "".join(["C", *middle, end, salt or "C", begin])
    if Chem.MolFromSmiles(smiles) is not None:
        rules = read_rules().rules if salt else BOTH
        assert differences(rules, [canonical(smiles)], attested=attested)[1] == []
