"""What queries look at, and that the short cuts see what a full parse sees."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem, rdBase

from halodb.chemistry import Enumerator
from halodb.chemistry.explain import explain
from halodb.chemistry.halogen_rules import halogens_asked
from halodb.chemistry.parse import parse_attested
from halodb.chemistry.plain_smiles import plain_smiles
from halodb.chemistry.queries import conjuncts, only_element, primitives_of
from halodb.chemistry.query_group import QueryGroup
from halodb.chemistry.screen import Screen
from halodb.demo import example_smiles
from tests.chemistry.oracle import canonical, differences, own_rule

MOLECULES = [
    "CN(C)(C)=O", "C[N+](=O)[O-]", "C[N+](C)C", "C[n+]1ccccc1", "[O-][n+]1ccccc1", "O=c1cc[nH]cc1O", "c1ccc2cccc-2cc1O",
    "CS(=O)(=O)N", "CP(=O)(O)O", "CB(O)O", "O=I(=O)c1ccccc1", "CC=[N+]=[N-]", "C=C=CO", "CC#N", "C[C@H](N)C(=O)O",
    "F/C=C/C=N/O", "C1=CC=CC=CC=C1", "OCl(=O)(=O)=O", "C[C@@]12CC[C@](O)(CC1)C2", "OC1CC1F", "c1cc(Cl)c(O)c(Br)c1", "NC1C=CNC=C1",
    "Oc1c[nH]c2ccccc12", "C1CC2(C1)CNC2", "O", "N", "CC(F)(F)F", "NCC(O)CI", "Oc1ccc2c(c1)OCO2", "CN=C(N)N", "C/C(O)=C\\N",
]  # fmt: skip
PLAIN = [
    plain
    for smiles in map(canonical, [*MOLECULES, *islice(example_smiles(), 0, None, 40)])
    if (plain := plain_smiles(smiles)) is not None
]
PAIRS = [(plain, Chem.MolFromSmiles(plain), quick) for plain in PLAIN if (quick := parse_attested(plain))]
"""Plain SMILES, and their molecules from a full parse and from one without sanitizing."""

PRIMITIVES = [
    "C", "N", "O", "S", "F", "Cl", "c", "n", "a", "A", "*", "#6", "#7", "#8", "#17", "R", "R0", "R1", "R2", "r5", "r6",
    "r{5-6}", "k5", "x", "x0", "x2", "x{2-3}", "D1", "D2", "D{1-2}", "d1", "X1", "X2", "X3", "X4", "X{2-}", "v1", "v3", "v4", "v{-3}",
    "H0", "H", "H2", "h", "h1", "h0", "+", "+0", "-", "^1", "^2", "^3", "z0", "z1", "z{1-}", "Z1", "13C", "$(*=O)",
    "$(*[OX2H])", "$([C;^2])", "$(c:c[F,Cl])", "$(*~[$([h1])])", "C@H", "C@@",
]  # fmt: skip
BONDS = ["", "-", "=", "#", ":", "~", "@", "!@", "/", "\\", "-,=", "=,:", "-;!@", "!-", "->", "$"]

atoms = st.builds(
    lambda parts, joints: "".join(f"{joint}{part}" for part, joint in zip(parts, ["", *joints], strict=False)),
    st.lists(
        st.builds(lambda no, one: no + one, st.sampled_from(["", "", "!"]), st.sampled_from(PRIMITIVES)),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.sampled_from(["&", ";", ","]), min_size=2, max_size=2),
)
queries = st.builds(
    lambda first, rest: f"[{first}:1]" + "".join(f"{bond}[{atom}]" for bond, atom in rest),
    atoms,
    st.lists(st.tuples(st.sampled_from(BONDS), atoms), max_size=3),
)


def matches(molecule: Chem.Mol, query: Chem.Mol) -> set[tuple[int, ...]]:
    return set(molecule.GetSubstructMatches(query, uniquify=False))


@pytest.mark.parametrize("primitive", [each for each in PRIMITIVES if Chem.MolFromSmarts(f"[{each}]")])
def test_queries_match_the_same_in_an_unsanitized_parent(primitive: str) -> None:
    smarts = f"[{primitive}:1]"
    group = QueryGroup(smarts, [])
    same = all(matches(full, group.query) == matches(quick, group.query) for _, full, quick in PAIRS)
    assert same or not group.matches_unsanitized
    assert group.matches_unsanitized is not any(part in smarts for part in ("^", "h"))


@settings(max_examples=150, deadline=None)
@given(queries)
def test_no_match_is_hidden_by_the_screen_or_seen_otherwise_without_sanitizing(smarts: str) -> None:
    with rdBase.BlockLogs():
        query = Chem.MolFromSmarts(smarts)
        if query is None:
            return
        group = QueryGroup(smarts, [])
        for smiles, full, quick in PAIRS:
            found = matches(full, query)
            assert not found or group.screen.passes(smiles, {}), smiles
            assert not group.matches_unsanitized or found == matches(quick, query), smiles


@settings(max_examples=40, deadline=None)
@given(queries, st.sampled_from(["O", "F", "S", "OC", "C(=O)O"]))
def test_rules_with_any_query(smarts: str, group: str) -> None:
    with rdBase.BlockLogs():
        query = Chem.MolFromSmarts(smarts)
    if query is not None:
        rule = own_rule(f"{smarts}>>[*:1]{group}")
        for attested in (False, True):
            assert differences([rule], PLAIN[::3], attested=attested)[1] == []


HYBRIDIZED = [
    "[c;^2:1][OX2H:2]>>[c:1]OC",
    "[C^3:1][OX2H:2]>>[C:1]F",
    "[C;$(C-[^2]):1][OX2H:2]>>[C:1]F",
    "[C;!^2:1][NX3H2:2]>>[C:1][N:2]C",
    "[O;h1:2][#6:1]>>[#6:1]F",
    "[C@H:1]([NX3H2:2])C(=O)O>>[C:1](F)C(=O)O",
    "[#6:1]/[#6:3]=[#6:4]/[OX2H:2]>>[*:1]/[*:3]=[*:4]/OC",
]


@pytest.mark.parametrize("smirks", HYBRIDIZED)
def test_queries_of_what_only_sanitizing_finds(smirks: str) -> None:
    compared, differing = differences(
        [own_rule(smirks)], [canonical(smiles) for smiles in example_smiles()][::3], attested=True
    )
    assert differing == []
    assert compared or "/" in smirks


def test_a_query_that_needs_a_sanitized_parent_gets_one() -> None:
    enumerator = Enumerator([own_rule("[c;^2:1][OX2H:2]>>[c:1]OC")], attested=True)
    assert enumerator.enumerate("Oc1ccccc1").products == [(0, 1, "COc1ccccc1")]
    assert (enumerator.paths["full"], enumerator.paths["unsanitized"]) == (1, 0)


def test_primitives_of_nested_recursive_smarts() -> None:
    query = Chem.MolFromSmarts("[C;$(C=O),$(C(=[$([O,S;X1])])[!$([Fe;^2])]):1]-,=;!@[#6,#53]")
    primitives = primitives_of(query)
    assert primitives.elements == {6, 8, 16, 26, 53}
    assert {"AtomHybridization", "AtomTotalDegree", "BondInRing"} <= primitives.names


@pytest.mark.parametrize(
    ("smarts", "asked"),
    [
        ("[c:1][OX2H]", frozenset()),
        ("[c:1][F,#17]", {"F", "Cl"}),
        ("[c;!$(c~[$([I,#8])]):1]", {"I"}),
        ("[X1;!#6;!H0:1]", frozenset()),
        ("[C;z{1-2}:1]", frozenset()),
        ("[#171,Fe,In:1]", frozenset()),
        ("[^3:1]", None),
    ],
)
def test_halogens_that_a_query_tells_apart(smarts: str, asked: set[str] | None) -> None:
    assert halogens_asked(Chem.MolFromSmarts(smarts)) == asked


@pytest.mark.parametrize(
    ("smarts", "must", "only"),
    [
        ("[C:1]", {"AtomType": 6}, ("AtomType", 6)),
        ("[#6:1]", {"AtomAtomicNum": 6}, ("AtomAtomicNum", 6)),
        ("[C,N:1]", {}, None),
        ("[C;H1,H2:1]", {"AtomType": 6}, None),
        ("[!C:1]", {}, None),
        ("[*:1]", {}, None),
    ],
)
def test_what_an_atom_must_be(smarts: str, must: dict[str, int], only: tuple[str, int] | None) -> None:
    atom = Chem.MolFromSmarts(smarts).GetAtomWithIdx(0)
    assert (conjuncts(atom), only_element(atom)) == (must, only)


def test_an_atom_that_rdkit_cannot_write() -> None:
    """Its own word for it is an error, which must not come out of reading or explaining a rule."""
    for smirks in ("[C&!13C,N:1][OX2H:2]>>[C:1]F", "[C:1][OX2H:2]>>[C&!13C,N:1]F", "[C:1][OX2H:2]>>[C:1][C&!13C,N]"):
        assert explain(own_rule(smirks)).path == "engine"
        assert differences([own_rule(smirks)], PLAIN[::5], attested=True)[1] == []
    assert not QueryGroup("[C&!13C,$(C=O):1]", []).matches_unsanitized
    with rdBase.BlockLogs():
        assert not QueryGroup("[$([#171]),c:1]", []).matches_unsanitized


def test_bonds_that_are_no_plain_ones() -> None:
    assert plain_smiles("CN(C)(C)->B(C)(C)C") is None
    assert plain_smiles("C%(100)CC%(100)") is None
    methylamine = plain_smiles("CN")
    assert methylamine is not None
    assert not Screen(Chem.MolFromSmarts("[N:1]->[B]")).passes(methylamine, {})
