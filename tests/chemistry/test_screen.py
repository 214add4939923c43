"""The screen never hides a match, and most SMILES without a match do not pass it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdkit import Chem, rdBase

from halodb.chemistry.plain_smiles import may_have_more, plain_smiles
from halodb.chemistry.screen import Screen
from halodb.chemistry.terminal_atoms import BARE, CENTRE, MAYBE, OXO, attachments
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, read_rules

QUERIES = sorted({rule.query_smarts for rule in (*read_rules().rules, *read_rules(shipped=HALOGENATION).rules)})

SCREENS = [(smarts, query, Screen(query)) for smarts in QUERIES for query in [Chem.MolFromSmarts(smarts)]]


def hidden(smiles: str) -> list[str]:
    """Queries that match a SMILES and that the screen keeps from it; none where it is not plain."""
    plain = plain_smiles(smiles)
    if plain is None:
        return []
    molecule = Chem.MolFromSmiles(smiles)
    return [
        smarts
        for smarts, query, screen in SCREENS
        if not screen.passes(plain, {}) and molecule.HasSubstructMatch(query)
    ]


def test_no_match_in_the_natural_products_is_hidden() -> None:
    for smiles in example_smiles():
        molecule = Chem.MolFromSmiles(smiles)
        roots = (0, molecule.GetNumAtoms() // 2)
        for form in [smiles, *(Chem.MolToSmiles(molecule, rootedAtAtom=root) for root in roots)]:
            assert hidden(form) == [], form


PIECES = [
    "C",
    "O",
    "N",
    "(O)",
    "(=O)",
    "(N)",
    "(C)",
    "=C",
    "/C=C/",
    "[C@H]",
    "[C@@](C)",
    "c1ccccc1",
    "c1cc(O)ccc1",
    "C1CC1",
    "(\\O)",
    "-c1ccccc1",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7))
@example(["N", "(C)"])
@example(["O", "[C@H]", "(=O)"])
def test_no_match_is_hidden_from_whatever_atom_rdkit_begins_to_write(pieces: list[str]) -> None:
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles("".join(pieces))
    if molecule is not None:
        for root in range(-1, molecule.GetNumAtoms()):
            smiles = Chem.MolToSmiles(molecule, rootedAtAtom=root)
            assert hidden(smiles) == [], smiles


@pytest.mark.parametrize(
    ("smiles", "symbol", "expected"),
    [
        ("Oc1ccccc1", "O", {"c"}),
        ("Cc1cc(O)ccc1O", "O", {"c"}),
        ("CC(C)(C)C1CC(O)C1", "O", {BARE}),
        ("CCC(=O)O", "O", {OXO}),
        ("O=C(O)CC", "O", {OXO}),
        ("OC(=O)CC", "O", {OXO}),
        ("OC(CC)=O", "O", {MAYBE}),
        ("CC(O)=O", "O", {OXO}),
        ("C[C@H](O)CC1(O)CC1", "O", {CENTRE, BARE}),
        ("C/C(\\O)=C/C", "O", {BARE}),
        ("COC", "O", set()),
        ("C=O", "O", set()),
        ("NC(=O)CN", "N", {OXO, BARE}),
    ],
)
def test_what_terminal_atoms_are_attached_to(smiles: str, symbol: str, expected: set[str]) -> None:
    plain = plain_smiles(smiles)
    assert plain is not None
    assert attachments(plain, symbol) == expected


@pytest.mark.parametrize(
    "smiles", ["CC[O]", "[2H]C", "C.C", "[Na+]", "[NH3+]C", "*C", "[CH2]C", "C[S@](C)=O", "CCO name", "CCO |^1:0|"]
)
def test_smiles_that_are_not_plain(smiles: str) -> None:
    assert plain_smiles(smiles) is None


def test_most_molecules_without_an_acid_are_seen_to_have_none() -> None:
    query = Chem.MolFromSmarts(read_rules().rule("FG_CARBOXYL__COOH__TO__COOMe").query_smarts)
    acidless = [
        plain
        for smiles in example_smiles()
        if not Chem.MolFromSmiles(smiles).HasSubstructMatch(query) and (plain := plain_smiles(smiles))
    ]
    passing = [smiles for smiles in acidless if Screen(query).passes(smiles, {})]
    assert len(passing) < len(acidless) / 10


def test_elements_that_cannot_be_there() -> None:
    assert not may_have_more("CCO", 7, than=0)
    assert may_have_more("CCN", 7, than=0)
    assert not may_have_more("CCN", 7, than=1)
    assert may_have_more("c1cc[nH]c1N", 7, than=1)
    assert may_have_more("[#7]C", 7, than=0)
