"""Rules of any kind, on parents that differ in their halogens, in any order: what halodb makes is what plain RDKit makes."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem, rdBase

from halodb.chemistry import Enumerator
from halodb.rules import HALOGENATION, Rule, read_rules
from halodb.rules.smarts import problem_of_query, problem_of_smirks
from tests.chemistry.oracle import SHARED, canonical, differences, own_rule, shared_natural_products
from tests.chemistry.test_halogen_analogues import PARENTS, analogues, halogenated_analogues

ATTACHMENTS = {
    "c": ["c", "c;$(c1ccccc1)", "c;!$(c:c-Br)", "c;$(c:c-[#9,#17])", "c^2", "c;D3"],
    "C": ["C", "CX4", "C^3", "C;v4", "C;z1", "C@H", "C;$(C-[Cl])", "C,N", "C,S;!R", "CX4;H1,H2"],
    "#6": ["#6", "#6;!$(*[F,Cl])", "#6;h0", "#6;X{2-4}", "#6,#8"],
    "*": ["*", "!#7", "a", "A;R0"],
}
LEAVING = [
    "OX2H", "NX3H2", "SX2H", "X1", "!#6;X1", "F", "Cl", "F,Cl,Br,I", "#17", "O,S;X2H", "CX4H3", "D1;!#6", "!F;!C;D1", "$([Cl,Br])",
    "#9,#35", "O;H1;$(O-[#6])", "N,O;!H0",
]  # fmt: skip
GROUPS = [
    "C", "N", "O", "F", "Cl", "Br", "I", "S", "P", "B", "CF", "CCl", "C(F)(F)F", "C(Cl)F", "CS", "SC", "SCl", "C(S)Cl", "C(S)F", "OC",
    "C(=O)O", "S(=O)(=O)C", "OP(=O)(O)O", "C#N", "C=C", "[Si](C)(C)C", "[Se]C", "[As]", "[13C]", "[18F]", "[35Cl]", "[34S]", "[2H]",
    "[N+](=O)[O-]", "[O-]", "[N+](C)(C)C", "[Hg]C", "[Ge]", "[#16]", "[C,S]", "[!C]", "*", "[C@H](F)Cl", "/C=C/Cl", "c1ccccc1", "C1CC1",
    "I(C)C", "CCCI", "B(O)O", "[Sn](C)(C)C", "C(=O)Cl", "[SH]", "NS", "CCP",
]  # fmt: skip
ELEMENTS = ["C", "c", "#6", "*", "S", "N", "O", "Si", "C,S", "13C", "C+", "P", "C;X4"]


@st.composite
def rules(draw: st.DrawFn) -> Rule | None:
    """One rule; None where RDKit does not take it."""
    name = draw(st.sampled_from(sorted(ATTACHMENTS)))
    attachment, leaving = draw(st.sampled_from(ATTACHMENTS[name])), draw(st.sampled_from(LEAVING))
    kept = draw(st.sampled_from([name] * len(ELEMENTS) + ELEMENTS))
    group, bond = draw(st.sampled_from(GROUPS)), draw(st.sampled_from(["", "", "-", "~", "!@", "-,="]))
    head = draw(st.sampled_from(["O", "N", "S", "C", "*", "#8"]))
    smirks = draw(
        st.sampled_from(
            [
                f"[{attachment}:1]{bond}[{leaving}:2]>>[{kept}:1]{group}",
                f"[{attachment}:1]{bond}[{leaving}:2]>>[{kept}:1]{bond}[{head}:2]{group.replace('/', '')}",
                f"[{attachment};!H0:1]>>[{kept}:1]{group}",
                f"[{attachment}:1]([{leaving}:2])~[*:3][F,Cl,Br,I:4]>>[{kept}:1]({group})~[*:3][*:4]",
                f"[{attachment}:1][{leaving}:2]>>[{kept}:1]1C[{head}:2]1",
                f"[{attachment}:1][CX3](=O)[OX2H:2]>>[{kept}:1]{group}",
            ]
        )
    )
    query = smirks.partition(">>")[0]
    with rdBase.BlockLogs():
        return None if problem_of_query(query) or problem_of_smirks(smirks, query) else own_rule(smirks)


ANALOGUES = [[parent for parent in analogues(pattern) if "." not in parent] for pattern in PARENTS.values()]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(rules(), min_size=1, max_size=4),
    st.lists(st.sampled_from(ANALOGUES), min_size=2, max_size=4),
    st.randoms(),
)
def test_rules_of_any_kind(drawn: list[Rule | None], groups: list[list[str]], order: random.Random) -> None:
    chosen = [rule for rule in drawn if rule is not None]
    parents = [parent for group in groups for parent in group[:: 1 + len(group) // 8]]
    order.shuffle(parents)
    for attested in (False, True):
        assert differences(chosen, parents, attested=attested)[1] == []


@st.composite
def numbers(draw: st.DrawFn) -> tuple[Sequence[Rule], int]:
    """Rules and where to look for parents."""
    return [rule for rule in draw(st.lists(rules(), min_size=1, max_size=6)) if rule], draw(st.integers(0, 10_000))


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
@settings(max_examples=500, deadline=None)
@given(numbers())
def test_rules_of_any_kind_on_shared_natural_products(drawn: tuple[Sequence[Rule], int]) -> None:
    chosen, start = drawn
    sample = [canonical(smiles) for smiles in shared_natural_products(9)[start : start + 4] if "." not in smiles]
    parents = [row for group in halogenated_analogues([s for s in sample if len(s) < 90], 1) for row in group]
    random.Random(start).shuffle(parents)
    for attested in (False, True):
        assert differences(chosen, parents, attested=attested)[1] == []


def test_halogenation_of_thiols_reads_nothing_off_across_sulfur() -> None:
    """F, Cl, Br and I come at once: what the four make of one parent may be read off each other only beyond sulfur."""
    halogenation = read_rules(shipped=HALOGENATION).rules
    enumerator = Enumerator(halogenation, attested=True)
    parents = ["CCS", "Sc1ccccc1", "CSCC(C)=O", "CP(C)CCO", "Cc1ccsc1", "FCSCC(=O)CC"]
    assert differences(halogenation, [canonical(each) for each in parents], enumerator=enumerator)[1] == []
    assert all(Chem.MolFromSmiles(key) for parent in parents for _, _, key in enumerator.enumerate(parent).products)
