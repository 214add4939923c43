"""With an RDKit that nobody has proved the fast paths for, the engine makes everything, with the same result."""

from __future__ import annotations

import pytest
import rdkit

from halodb.chemistry import Enumerator
from halodb.chemistry.proven import PROVEN, is_proven
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, TRANSFORMS, read_rules
from tests.chemistry.oracle import canonical, differences
from tests.chemistry.test_edits import BOTH, MOLECULES


def test_only_what_was_tested_is_proven() -> None:
    assert is_proven("2026.09.1")
    assert not is_proven("2031.03.1")
    assert is_proven() is (rdkit.__version__ in PROVEN)


@pytest.mark.parametrize("kind", MOLECULES)
def test_hard_molecules_with_another_rdkit(kind: str) -> None:
    slow = Enumerator(BOTH, attested=True, rdkit_version="2031.03.1")
    assert differences(BOTH, [canonical(smiles) for smiles in MOLECULES[kind]], enumerator=slow)[1] == []


@pytest.mark.parametrize("shipped", [TRANSFORMS, HALOGENATION])
def test_products_are_the_same_and_made_by_the_engine(shipped: str) -> None:
    rules = read_rules(shipped=shipped).rules
    fast = Enumerator(rules, attested=True)
    slow = Enumerator(rules, attested=True, rdkit_version="2031.03.1")
    for parent in [canonical(smiles) for smiles in example_smiles()][::10]:
        one, other = fast.enumerate(parent), slow.enumerate(parent)
        assert (sorted(one.products), one.sites, one.rejects) == (sorted(other.products), other.sites, other.rejects)
    assert not slow.edits
    assert set(slow.paths) == {"full", "engine"}
