"""What each of the 19 transforms does: molecules that must match, how often, with the exact products, and that must not."""

from __future__ import annotations

import pytest
from rdkit import Chem

from halodb.chemistry import Enumerator
from halodb.rules import HALOGENATION, read_rules

PHENOL = {
    "Oc1ccccc1": {"OMe": ["COc1ccccc1"], "NH2": ["Nc1ccccc1"], "CH2CH2NH2": ["NCCc1ccccc1"], "CH2CH2COOH": ["O=C(O)CCc1ccccc1"]},
    "Oc1ccc(O)cc1": {"OMe": ["COc1ccc(O)cc1"], "NH2": ["Nc1ccc(O)cc1"], "CH2CH2NH2": ["NCCc1ccc(O)cc1"], "CH2CH2COOH": ["O=C(O)CCc1ccc(O)cc1"]},
    "COc1cc(C)ccc1O": {"OMe": ["COc1ccc(C)cc1OC"], "NH2": ["COc1cc(C)ccc1N"], "CH2CH2NH2": ["COc1cc(C)ccc1CCN"], "CH2CH2COOH": ["COc1cc(C)ccc1CCC(=O)O"]},
}  # fmt: skip
NO_PHENOL = [
    "OC=C",
    "OC(=O)c1ccccc1",
    "OCc1ccccc1",
    "COc1ccccc1",
    "[O-]c1ccccc1",
    "O=C1CC=CC=C1",
    "CC(O)=CC(C)=O",
    "O=c1cc[nH]cc1",
    "OC1CCCCC1",
]

AROMATIC_AMINE = {
    "Nc1ccccc1": {
        "F": ["Fc1ccccc1"], "Cl": ["Clc1ccccc1"], "Br": ["Brc1ccccc1"], "I": ["Ic1ccccc1"], "OH": ["Oc1ccccc1"],
        "NHMe": ["CNc1ccccc1"], "NMe2": ["CN(C)c1ccccc1"], "NHAc": ["CC(=O)Nc1ccccc1"], "NHCHO": ["O=CNc1ccccc1"],
    },
    "Nc1cccc(N)n1": {
        "F": ["Nc1cccc(F)n1"], "Cl": ["Nc1cccc(Cl)n1"], "Br": ["Nc1cccc(Br)n1"], "I": ["Nc1cccc(I)n1"], "OH": ["Nc1cccc(O)n1"],
        "NHMe": ["CNc1cccc(N)n1"], "NMe2": ["CN(C)c1cccc(N)n1"], "NHAc": ["CC(=O)Nc1cccc(N)n1"], "NHCHO": ["Nc1cccc(NC=O)n1"],
    },
}  # fmt: skip
NO_AROMATIC_AMINE = [
    "NC(=O)c1ccccc1",
    "CC(=O)Nc1ccccc1",
    "CNc1ccccc1",
    "c1ccncc1",
    "c1cc[nH]c1",
    "[O-][n+]1ccccc1",
    "NCc1ccccc1",
    "NNc1ccccc1",
    "[NH3+]c1ccccc1",
    "NC1=CCCCC1",
    "NS(=O)(=O)c1ccccc1",
    "[NH2+]([O-])c1ccccc1",
]

ALIPHATIC_AMINE = {
    "CCN": {"NHMe": ["CCNC"], "NMe2": ["CCN(C)C"], "NHAc": ["CCNC(C)=O"]},
    "N[C@@H](C)C(=O)O": {"NHMe": ["CN[C@@H](C)C(=O)O"], "NMe2": ["C[C@@H](C(=O)O)N(C)C"], "NHAc": ["CC(=O)N[C@@H](C)C(=O)O"]},
    "NCCCCN": {"NHMe": ["CNCCCCN"], "NMe2": ["CN(C)CCCCN"], "NHAc": ["CC(=O)NCCCCN"]},
    "NCCC(N)C": {"NHMe": ["CNC(C)CCN", "CNCCC(C)N"], "NMe2": ["CC(CCN)N(C)C", "CC(N)CCN(C)C"], "NHAc": ["CC(=O)NC(C)CCN", "CC(=O)NCCC(C)N"]},
}  # fmt: skip
NO_ALIPHATIC_AMINE = [
    "CC(N)=O",
    "CC(N)=N",
    "NC(N)=N",
    "NC(N)=O",
    "CS(N)(=O)=O",
    "CNN",
    "CON",
    "NC=C",
    "NC1=CCCCC1",
    "Nc1ccccc1",
    "CNC",
    "CN(C)C",
    "C[NH3+]",
    "CC(N)N",
    "CC(N)O",
    "N",
    "CCN=C=O",
    "CC#N",
]

CARBOXYL = {
    "CC(=O)O": {"COOMe": ["COC(C)=O"], "COOEt": ["CCOC(C)=O"], "COCl": ["CC(=O)Cl"]},
    "O=CO": {"COOMe": ["COC=O"], "COOEt": ["CCOC=O"], "COCl": ["O=CCl"]},
    "OC(=O)CCC(=O)O": {"COOMe": ["COC(=O)CCC(=O)O"], "COOEt": ["CCOC(=O)CCC(=O)O"], "COCl": ["O=C(O)CCC(=O)Cl"]},
    "OC(=O)/C=C/c1ccccc1": {"COOMe": ["COC(=O)/C=C/c1ccccc1"], "COOEt": ["CCOC(=O)/C=C/c1ccccc1"], "COCl": ["O=C(Cl)/C=C/c1ccccc1"]},
}  # fmt: skip
NO_CARBOXYL = [
    "COC(C)=O",
    "CC(N)=O",
    "OC(O)=O",
    "NC(=O)O",
    "COC(=O)O",
    "CC(=O)[O-]",
    "CC(=O)OO",
    "CC=O",
    "CC(=O)Cl",
    "OC=C",
]

PREFIX = {"phenol": "FG_PHENOL_OH__OH", "aromatic_amine": "FG_AMINE_AR__NH2", "aliphatic_amine": "FG_AMINE_ALIPH__NH2", "carboxyl": "FG_CARBOXYL__COOH"}  # fmt: skip
MATCHES = {"phenol": PHENOL, "aromatic_amine": AROMATIC_AMINE, "aliphatic_amine": ALIPHATIC_AMINE, "carboxyl": CARBOXYL}
REFUSALS = {"phenol": NO_PHENOL, "aromatic_amine": NO_AROMATIC_AMINE, "aliphatic_amine": NO_ALIPHATIC_AMINE, "carboxyl": NO_CARBOXYL}  # fmt: skip
RULES = read_rules().rules


def products(rule_name: str, parent: str) -> list[str]:
    """Products of one rule, sorted; nothing may be rejected."""
    made = Enumerator([read_rules().rule(rule_name)]).enumerate(parent)
    assert made.rejects == []
    return sorted(smiles for _, _, smiles in made.products)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_exact_products_at_every_site(rule: object) -> None:
    name, family = rule.name, rule.family  # type: ignore[attr-defined]
    ending = name.removeprefix(f"{PREFIX[family]}__TO__")
    for parent, expected in MATCHES[family].items():
        assert products(name, parent) == sorted(expected[ending]), parent


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_molecules_that_are_left_alone(rule: object) -> None:
    for parent in REFUSALS[rule.family]:  # type: ignore[attr-defined]
        assert Chem.MolFromSmiles(parent) is not None, parent
        assert products(rule.name, parent) == [], parent  # type: ignore[attr-defined]


def test_salts_charges_isotopes_and_stereochemistry_survive() -> None:
    ester, acid_chloride = "FG_CARBOXYL__COOH__TO__COOMe", "FG_CARBOXYL__COOH__TO__COCl"
    assert products(ester, "[Na+].[O-]C(=O)CC(=O)O") == ["COC(=O)CC(=O)[O-].[Na+]"]
    assert products(ester, "Cl.N[C@@H](C)C(=O)O") == ["COC(=O)[C@H](C)N.Cl"]
    assert products(ester, "C[N+](C)(C)CC(=O)O") == ["COC(=O)C[N+](C)(C)C"]
    assert products(ester, "[13CH3]C(=O)O") == ["COC([13CH3])=O"]
    assert products(ester, "C[13C](=O)[18OH]") == ["C[18O][13C](C)=O"]
    assert products(acid_chloride, "F/C=C\\C(=O)O") == ["O=C(Cl)/C=C\\F"]
    assert products("FG_AMINE_ALIPH__NH2__TO__NMe2", "C[C@H](N)C[O]") == ["C[C@@H](C[O])N(C)C"]
    assert products("FG_PHENOL_OH__OH__TO__NH2", "[2H]c1ccc(O)cc1") == ["[2H]c1ccc(N)cc1"]


def test_a_dependent_stereo_centre_becomes_a_true_one() -> None:
    """1,5-dicaffeoylquinic acid: its arms are equal until one of them is edited."""
    parent = "O=C(/C=C/c1ccc(O)c(O)c1)O[C@@H]1C[C@](O)(C(=O)O)C[C@@H](OC(=O)/C=C/c2ccc(O)c(O)c2)[C@H]1O"
    rule = read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")
    made = Enumerator([rule]).enumerate(parent)
    keys = [smiles for _, _, smiles in made.products]
    assert len(keys) == len(set(keys)) >= 2
    assert all(Chem.MolToSmiles(Chem.MolFromSmiles(smiles)) == smiles for smiles in keys)


def test_mirror_image_products_of_a_meso_parent_are_both_kept() -> None:
    parent = "C[C@H](c1ccc(O)cc1)[C@@H](C)c1ccc(O)cc1"
    assert len(products("FG_PHENOL_OH__OH__TO__OMe", Chem.MolToSmiles(Chem.MolFromSmiles(parent)))) == 2


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        (None, "empty SMILES"),
        ("", "empty SMILES"),
        ("  ", "empty SMILES"),
        ("C1CC", "SMILES does not parse"),
        ("xyz", "SMILES does not parse"),
        ("CC(C)(C)(C)C", "SMILES is not a molecule"),
        ("c1cccc1", "SMILES is not a molecule"),
        ("C" * 1001, "more than 1000 heavy atoms"),
    ],
)
def test_a_bad_molecule_is_a_reject_with_a_reason(
    smiles: str | None, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Enumerator(RULES).enumerate(smiles)
    assert made.products == []
    ((rule, site, why),) = made.rejects
    assert (rule, site, why.partition(":")[0]) == (None, None, reason)
    assert capfd.readouterr().err == ""


def test_what_is_attested_wrongly_is_a_reject_all_the_same() -> None:
    made = Enumerator(RULES, attested=True).enumerate("Oc1ccccc")
    assert (made.products, [reject.rule for reject in made.rejects]) == ([], [None])


def test_a_product_that_is_no_molecule_is_a_reject_of_its_site() -> None:
    made = Enumerator([read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")]).enumerate("[2H]Oc1ccccc1")
    ((rule, _, reason),) = made.rejects
    assert rule == 0
    assert reason.startswith("product is not a molecule")


def test_a_500_atom_monster_is_done_like_any_other() -> None:
    made = Enumerator(RULES).enumerate("N" + "CC(=O)N" * 125 + "CC(=O)O")
    assert {len(smiles) > 500 for _, _, smiles in made.products} == {True}
    assert len(made.products) == 3 + 3  # the amine and the acid


@pytest.mark.parametrize(
    ("name", "parent", "expected"),
    [
        ("HALO_AROMATIC_CH__H__TO__F", "Cc1ccccc1", ["Cc1ccc(F)cc1", "Cc1cccc(F)c1", "Cc1ccccc1F"]),
        ("HALO_AROMATIC_CH__H__TO__Cl", "CCC", []),
        ("HALO_RING_CH__H__TO__Br", "C1CCCCC1", ["BrC1CCCCC1"]),
        ("HALO_RING_CH__H__TO__Br", "c1ccccc1", []),
        ("HALO_ALPHA_CH2__H__TO__I", "CC(=O)CC", ["CC(=O)C(C)I"]),
        ("HALO_ALPHA_CH2__H__TO__I", "CCCC", []),
        ("HALO_PRIMARY_ALCOHOL__OH__TO__F", "OCCC(C)O", ["CC(O)CCF"]),
        ("HALO_PRIMARY_ALCOHOL__OH__TO__F", "CC(C)O", []),
        ("HALO_CARBOXYL__COOH__TO__Cl", "OC(=O)c1ccccc1", ["Clc1ccccc1"]),
        ("HALO_CARBOXYL__COOH__TO__Cl", "COC(=O)c1ccccc1", []),
    ],
)
def test_halogenation(name: str, parent: str, expected: list[str]) -> None:
    made = Enumerator([read_rules(shipped=HALOGENATION).rule(name)]).enumerate(parent)
    assert sorted(smiles for _, _, smiles in made.products) == expected
    assert made.sites == [len(expected)]
