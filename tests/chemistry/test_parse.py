"""A SMILES is judged by its length, then by its atoms, before RDKit does anything that may take long."""

from __future__ import annotations

import time

import pytest
from rdkit import Chem

from halodb.chemistry import Enumerator, ParentRejectedError, parse_parent
from halodb.chemistry.parse import longest_smiles
from halodb.rules import read_rules

RULES = read_rules().rules


def reason(smiles: str, max_heavy_atoms: int = 1000) -> str:
    """The stable part of why a parent is rejected, the same for the enumerator."""
    with pytest.raises(ParentRejectedError) as error:
        parse_parent(smiles, max_heavy_atoms)
    for attested in (False, True):
        enumerator = Enumerator(RULES, max_heavy_atoms=max_heavy_atoms, attested=attested)
        assert enumerator.enumerate(smiles).rejects == [(None, None, str(error.value))]
    return str(error.value).partition(":")[0]


@pytest.mark.parametrize(
    "smiles",
    [
        "C" * 10_000_000,
        "C1CC1" * 100_000,
        "(" * 200_000,
        "[" * 200_000,
        " " * 200_000,
        "C(" * 200_000,
        f"C {'x' * 200_000}",
    ],
    ids=["chain", "rings", "branches", "brackets", "spaces", "nested", "name"],
)
def test_longer_than_any_molecule_of_that_size(smiles: str) -> None:
    started = time.monotonic()
    assert reason(smiles) == "SMILES is too long"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("C" * 100_000, "more than 1000 heavy atoms"),
        ("c1ccccc1" * 5_000, "more than 1000 heavy atoms"),
        ("C(" * 30_000 + "C" + ")" * 30_000, "more than 1000 heavy atoms"),
        ("(" * 100_000, "SMILES does not parse"),
        ("C" + "(" * 100_000, "SMILES does not parse"),
        ("C" + ")" * 100_000, "SMILES does not parse"),
        ("[" * 100_000, "SMILES does not parse"),
        ("C1" * 50_000, "more than 1000 heavy atoms"),
        ("C1" * 999 + "=" * 50_000, "SMILES does not parse"),
        ("[13CH2]" * 10_000, "more than 1000 heavy atoms"),
        ("C1CC1" * 20_000, "more than 1000 heavy atoms"),
        ("C" + "=" * 100_000, "SMILES does not parse"),
        ("C" + "".join(f"%({number})" for number in range(10_000)), "SMILES does not parse"),
        ("C" + "([H])" * 5_000, "SMILES is not a molecule"),
    ],
    ids=[
        "chain",
        "rings",
        "nested",
        "branches",
        "open",
        "closed",
        "brackets",
        "ring numbers",
        "few ring numbers",
        "isotopes",
        "small rings",
        "bonds",
        "long numbers",
        "hydrogens",
    ],
)
def test_within_the_length_what_would_take_long(smiles: str, expected: str) -> None:
    assert reason(smiles) == expected


def test_deep_nesting_that_is_a_molecule() -> None:
    deep = "C(" * 900 + "O" + ")" * 900
    assert parse_parent(deep, 1000).GetNumHeavyAtoms() == 901
    assert Enumerator(RULES).enumerate(f"N{deep}").rejects == []


@pytest.mark.parametrize("most", [1, 3, 30, 300, 1000])
def test_no_molecule_as_programs_write_it_is_too_long(most: int) -> None:
    """All hydrogens are atoms with isotopes and map numbers; every bond and bracket is written out."""
    deuterium = "([2H:9999])"
    chain = f"[13CH0@@+0:1234](-{deuterium})({deuterium})-" * most
    rings = f"[238U+6@OH30:1234]=%(1000)(=%(1001)({'[2H:9999]' * 3}))" * most
    for text in (chain, rings):
        assert len(text) <= longest_smiles(most)
    molecule = Chem.AddHs(Chem.MolFromSmiles("C" * most))
    for atom in molecule.GetAtoms():
        atom.SetAtomMapNum(atom.GetIdx() + 1)
    text = Chem.MolToSmiles(molecule, allBondsExplicit=True, allHsExplicit=True)
    assert parse_parent(text, most).GetNumHeavyAtoms() == most


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CCO ethanol", "text after the SMILES"),
        ("CC\tO", "text after the SMILES"),
        ("C[C@H](N)C(=O)O |o1:1|", "CXSMILES extension that halodb does not keep"),
        ("C[C@H](N)C(=O)O |&1:1,r| rac-ala", "CXSMILES extension that halodb does not keep"),
        ("c1ccccc1 |^1:0|", "CXSMILES extension that halodb does not keep"),
        ("CCO |o1:1", "CXSMILES extension that does not end"),
        ("CCÖ", "SMILES does not parse"),
        ("CC\ud800", "SMILES does not parse"),
    ],
)
def test_what_follows_a_smiles_is_not_left_out_without_a_word(text: str, reason: str) -> None:
    """RDKit would read `CC\tO` as ethane, and a racemate as one enantiomer."""
    with pytest.raises(ParentRejectedError) as error:
        parse_parent(text, 100)
    assert str(error.value).partition(":")[0] == reason


def test_an_extension_that_changes_nothing_is_left_out() -> None:
    assert parse_parent(" CCO |(1,2,;0.5,-1,;3,4,),$a;;b$| ", 100).GetNumHeavyAtoms() == 3


def test_more_atoms_than_allowed_by_one() -> None:
    assert reason("C" * 31, 30) == "more than 30 heavy atoms"
    assert parse_parent("[H]" + "C" * 30 + "[H]", 30).GetNumAtoms() == 30
