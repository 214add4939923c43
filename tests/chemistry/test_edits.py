"""Molecules at which an edit could go wrong: each must give what RDKit's reaction engine gives, by either path."""

from __future__ import annotations

import pytest
from rdkit import Chem

from halodb.chemistry import Enumerator
from halodb.rules import HALOGENATION, read_rules
from tests.chemistry.oracle import canonical, differences, own_rule

BOTH = (*read_rules().rules, *read_rules(shipped=HALOGENATION).rules)

MOLECULES = {
    "a stereo centre appears: its arms are equal until one is edited": [
        "O=C(/C=C/c1ccc(O)c(O)c1)O[C@@H]1C[C@](O)(C(=O)O)C[C@@H](OC(=O)/C=C/c2ccc(O)c(O)c2)[C@H]1O",
        "OC(=O)C[C@H](O)C[C@@H](O)CC(=O)O",
        "C[C@H](N)CCC[C@@H](C)N",
    ],
    "a stereo centre vanishes: its arms become equal": [
        "COc1ccc([C@H](CCC)c2ccc(O)cc2)cc1",
        "CCOC(=O)CC[C@H](CCC(=O)O)c1ccccc1C",
        "CNCCCC[C@@H](CCCCN)Oc1ccccc1",
        "Nc1ccc(C[C@@H](C(C)C)Cc2ccc(O)cc2)cc1",
        "OCCC[C@H](CCCF)c1ccccc1OC",
    ],
    "a stereo centre bears what is edited": [
        "N[C@@H](C)C(=O)O",
        "C[C@@]1(N)CCC[C@H]1C(=O)O",
        "C[C@@](N)(CO)C(=O)O",
        "O[C@H](C(=O)O)[C@@H](O)C(=O)O",
        "C[C@@H]1CC[C@H](C(C)C)C[C@H]1O",
        "[13C@H](C)(N)C(=O)O",
    ],
    "stereo centres of a ring that depend on each other": [
        "C[C@H]1CC[C@@H](N)CC1",
        "OC(=O)[C@H]1CC[C@@H](C(=O)O)CC1",
        "N[C@H]1C[C@@H](C(=O)O)C1",
        "O[C@H]1[C@@H](O)[C@H](O)[C@@H](N)[C@H](O)[C@@H]1O",
        "C[C@]12CC[C@](N)(CC1)C2",
    ],
    "double bonds": [
        "OC(=O)/C=C/c1ccccc1",
        "OC(=O)/C=C\\C(=O)O",
        "CC(/C(=O)O)=C/c1ccccc1",
        "C/C(C(=O)O)=C(\\C)C(=O)O",
        "O=C(O)/C=C/C=C/CN",
        "Nc1ccc(/C(=C/c2ccc(O)cc2)c2ccc(OC)cc2)cc1",
        "OCC/C(CCO)=C/C(=O)O",
        "NC/C(=N/O)CN",
        "C=c1cc(O)c2c(O)/c(=c3\\cc(OC)c4cc(=C)cc(O)c4c3O)cc(OC)c2c1",
    ],
    "meso parents": [
        "C[C@H](c1ccc(O)cc1)[C@@H](C)c1ccc(O)cc1",
        "N[C@@H](CCCC[C@H](N)C(=O)O)C(=O)O",
        "O=C(O)[C@H](O)[C@@H](O)C(=O)O",
    ],
    "explicit hydrogens": ["[H]Oc1ccccc1", "[2H]Oc1ccccc1", "[2H]N([2H])c1ccccc1", "[H]C([H])(N)C", "[2H]C([2H])(N)CC(=O)O"],
    "hydrogens that stay atoms": [
        "[H]/N=C(c1ccc(O)cc1)\\C(/N=C\\O)=N\\[H]", "[H]/N=C(/N)Nc1ccc(O)cc1", "[2H]/N=C(\\C)c1ccc(O)cc1", "[2H]/C(O)=C(/[2H])c1ccc(O)cc1",
        "[H]/N=C1/CCc2cc(O)ccc21", "[H]/N=C(/CCN)CC(=O)O", "[H]/[N+](C)=C(/N)c1ccc(O)cc1", "[2H][C@H](C)c1ccc(O)cc1", "[2H][C@](C)(F)c1cc(C(=O)O)ccc1O",
        "[H][H]", "[2H][2H]", "[H-]", "[H+]", "[Na][H]", "[3H]c1cc(O)ccc1N", "[H]C([2H])([3H])c1ccc(O)cc1", "[H]/N=C(C)/c1ccc(O)cc1.[2H]Cl",
        "[AlH4-].[Li+].Oc1ccccc1", "[H-].[Na+].NCC(=O)O", "[H:1]Oc1ccccc1", "[2H]n1ccc2cc(O)ccc21",
    ],
    "canonical SMILES that RDKit writes otherwise when it has read them": [
        "O=C(O)[C@H]1CC2(C1)C[C@@](F)(C(=O)O)C2",
        "OC(=O)CC[C@@H](C)[C@H]1CC[C@H]2[C@H]3[C@H](CC[C@@]21C)[C@@]1(C)CC[C@]2(C[C@H]1C[C@H]3OC(C)=O)OOC1(CC[C@@H](C)CC1)OO2",
    ],
    "isotopes": ["[18OH]c1ccccc1", "[15NH2]CC(=O)O", "C[13C](=O)[18OH]", "[13CH3][14CH2]C(=O)O", "c1cc[13cH]cc1O", "[13CH]1CCCCC1"],
    "charges": ["[NH3+]CC(=O)[O-]", "C[N+](C)(C)CC(=O)O", "[O-]c1ccc(O)cc1", "O=[N+]([O-])c1ccc(O)cc1", "Nc1cc[n+]([O-])cc1", "C=[OH+]", "[CH2-]C(=O)O", "[cH-]1cccc1O"],
    "radicals": ["[CH2]CN", "C[CH]C(=O)O", "[O]c1ccc(O)cc1", "C[C@H](N)C[O]", "C1[CH]CCC1", "[NH]c1ccccc1O"],
    "salts": ["Cl.N[C@@H](C)C(=O)O", "[Na+].[O-]C(=O)CC(=O)O", "NCCN.OC(=O)c1ccccc1.Oc1ccccc1"],
    "aromatic nitrogen": ["Nc1ccc[nH]1", "Oc1cc2[nH]ccc2cn1", "Cn1cnc(N)c1C(=O)O", "Nc1nc[nH]c2ncnc1-2", "Oc1c[nH]cn1"],
    "macrocycles": [
        "O=C1CCCCCCCCCC(N)CCC/C=C/C(C(=O)O)O1",
        "C[C@H]1OC(=O)CC/C=C\\CCC(O)Cc2cc(O)cc(O)c2C1",
        "C1CCCCCCC/C=C/CCCCC1",
    ],
    "aromatic and fused rings": ["Oc1ccc2cc(O)ccc2c1", "O=c1cc(-c2ccc(O)cc2)oc2cc(O)cc(O)c12", "Oc1ccc2cccc-2cc1", "Nc1c2ccccc2cc2ccccc12"],
    "unusual elements": ["C[Si](C)(C)CC(=O)O", "NCP(=O)(O)O", "C[S@](=O)CC(N)C(=O)O", "OB(O)c1ccc(O)cc1", "C[P@](=O)(O)CCN", "*CC(=O)O", "[Se]1CC(N)C1"],
    "atom maps": ["[CH3:7][C:1](=[O:2])[OH:3]", "[NH2:1]c1ccccc1"],
}  # fmt: skip


@pytest.mark.parametrize("attested", [False, True], ids=["any input", "attested input"])
@pytest.mark.parametrize("kind", MOLECULES)
def test_hard_molecules(kind: str, attested: bool) -> None:
    parents = [canonical(smiles) if attested else smiles for smiles in MOLECULES[kind]]
    assert differences(BOTH, parents, attested=attested)[1] == []


@pytest.mark.parametrize("kind", MOLECULES)
def test_hard_molecules_with_a_long_tail(kind: str) -> None:
    """Small molecules have their stereochemistry perceived again in any case; these are large enough for the proofs."""
    tail = "CC(C)(C)CC(C)(C)CCC(F)(F)OC"
    parents = [canonical(smiles) + tail for smiles in MOLECULES[kind] if canonical(smiles).endswith(("C", ")C"))]
    parents = [canonical(smiles) for smiles in parents if Chem.MolFromSmiles(smiles)]
    assert differences(BOTH, parents, attested=True)[1] == []


def test_unstable_keys_may_be_inputs() -> None:
    """They are attested too, and read as they are written: without what a full parse takes for no stereo centre."""
    unstable = MOLECULES["canonical SMILES that RDKit writes otherwise when it has read them"]
    parents = [*unstable, *map(canonical, unstable), *(canonical(canonical(smiles)) for smiles in unstable)]
    assert differences(BOTH, parents, attested=True)[1] == []


def test_rdkits_other_stereo_perception() -> None:
    """Edits know the legacy perception, RDKit's default; with the other one the engine makes everything."""
    parents = [canonical(smiles) for kind in MOLECULES.values() for smiles in kind if "." not in smiles]
    Chem.SetUseLegacyStereoPerception(False)
    try:
        assert differences(BOTH, parents)[1] == []
    finally:
        Chem.SetUseLegacyStereoPerception(True)


def test_how_products_are_made_is_counted() -> None:
    enumerator = Enumerator(read_rules().rules, attested=True)
    enumerator.enumerate("CCCC")
    assert enumerator.paths == {"screened": 1}
    enumerator.enumerate("Cc1ccc(O)cc1")
    assert enumerator.paths == {"screened": 1, "unsanitized": 1, "edited": 4}
    enumerator.enumerate("Cl.NCCc1ccccc1")
    assert (enumerator.paths["full"], enumerator.paths["engine"]) == (1, 3)


def test_equivalent_sites_are_made_once_for_all_rules_of_a_query() -> None:
    enumerator = Enumerator(read_rules().rules)
    made = enumerator.enumerate("Oc1ccc(O)cc1")
    assert len(made.products) == 4
    assert (enumerator.paths["edited"], enumerator.paths["equivalent"]) == (4 + 1, 3)
    assert {site for _, site, _ in made.products} == {1}


CUSTOM = {
    "a ring is closed": "[c:1][OX2H:2]>>[c:1]1[O:2]C1",
    "a charge is made": "[CX4:1][NX3H2+0:2]>>[C:1][N+:2]",
    "a double bond is made": "[CX4:1][OX2H:2]>>[C:1]=[O:2]",
    "two sites at once": "[c:1][OX2H:2]>>([c:1][O:2]C.Cl)",
    "a stereo centre is made": "[CH2:1][OX2H:2]>>[C@H:1](F)([O:2])C",
    "hydrogens that are not there": "[c:1]>>[c:1]F",
    "a group on a nitrogen of a ring": "[nH:1]>>[n:1]C",
    "an oxygen on a double bond is lost": "[#6:1]=[OX1:2]>>[#6:1]C",
    "the site is not the attachment atom": "[CX4:1][CX3:2](=[OX1:3])[OX2H:4]>>[C:1][C:2](=[O:3])N",
    "a long chain with a single iodine": "[c:1][OX2H:2]>>[c:1]CCCCCI",
    "a bond to be kept as it is": "[#6:1][CX3:2](=[OX1:3])[OX2H:4]>>[#6:1][C:2](=[O:3])Cl",
    "a kept atom that may be another one": "[C,N:1][OX2H:2]>>[C:1]F",
    "a kept atom that may be aromatic": "[C,c:1][OX2H:2]>>[C:1]F",
    "a kept atom of a list": "[#6:1][O,S;H1:2]>>[#6:1][O:2]C",
    "a kept atom that is not something": "[#6:1][!#6;X1:2]>>[#6:1][O:2]C",
    "a bond that is not something": "[#6:1]!=;!#[OX2H:2]>>[#6:1]!=;!#[O:2]C",
    "a hydrogen is asked for as an atom": "[c:1][O:2][H]>>[c:1][O:2]C",
    "deuterium goes": "[#6:1][2H:2]>>[#6:1]F",
}


@pytest.mark.parametrize("smirks", CUSTOM.values(), ids=list(CUSTOM))
def test_rules_of_ones_own(smirks: str) -> None:
    parents = [
        canonical(smiles) for kind in MOLECULES.values() for smiles in kind if "." not in smiles and ":" not in smiles
    ]
    assert differences([own_rule(smirks)], parents, attested=True)[1] == []
