"""Non-tetrahedral stereo: right is the SMILES with the group written into it, for RDKit's reaction engine loses it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from halodb.chemistry import Enumeration, Enumerator
from halodb.chemistry.make_products import LOST
from tests.chemistry.oracle import canonical, own_rule

COMPLEXES = [
    "N[Pt@SP1](Cl)(N)O{}", "N[Pt@SP2](Cl)(N)O{}", "N[Pt@SP3](Cl)(N)O{}", "[Pt@SP1](N)(Cl)(Br){}", "[Pt@SP2-](N)(Cl)(Br){}",
    "N[Co@OH17](Cl)(Br)(F)(I)O{}", "C[Fe@OH25](Cl)(Br)(F)(N){}", "F[P@TB7](Cl)(Br)(I){}", "F[As@TB3](Cl)(Br)(N){}",
    "N[Pt@SP2]%11(Cl)OC({})CO%11", "C[C@H](F)N[Pt@SP2](Cl)(N)O{}", "[Pt@SP1H](N)(Cl){}", "[2H]N([2H])[Pt@SP2](Cl)(Br){}",
]  # fmt: skip
LIGANDS = [
    "c1ccc({})cc1",
    "C[C@H](F)c1cc({})ccc1",
    "/C=C/c1cc({})ccc1",
    "CCCc1ccc({})c(Br)c1",
    "C/C(=N\\[2H])c1ccc({})cc1",
]
IONS = [
    "[Na+]", "[Cl-]", "[O-]S(=O)(=O)[O-]", "[NH4+]", "F[P-](F)(F)(F)(F)F", "O=C([O-])/C=C/[C@H](O)C", "C[S@](=O)CC", "[H+]", "[2H]Cl", "O",
    "N[Pd@SP3](Cl)(Br)I",
]  # fmt: skip
RULES = {"OC": "[c:1][OX2H:2]>>[c:1][O:2]C", "N": "[c:1][OX2H:2]>>[c:1]N", "CCN": "[c:1][OX2H:2]>>[c:1]CCN"}
PHENOL = "Cc1cc({})ccc1[C@H](F)C"


def made(rule: str, parent: str) -> tuple[Enumeration, set[str]]:
    """What a rule makes of a parent: everything, and its products."""
    found = Enumerator([own_rule(rule)]).enumerate(parent)
    return found, {key for _, _, key in found.products}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(COMPLEXES),
    st.sampled_from(LIGANDS),
    st.lists(st.sampled_from(IONS), max_size=2),
    st.sampled_from(sorted(RULES)),
    st.sampled_from(["reacts", "looks on", "both"]),
    st.randoms(),
)
def test_complexes_and_their_counter_ions(
    cage: str, ligand: str, ions: list[str], group: str, what: str, random: object
) -> None:
    """Whichever component reacts, the others stay as they are, in any order of the components."""
    places = list(range(2 + len(ions)))
    random.shuffle(places)  # type: ignore[attr-defined]

    def written(on_complex: str, on_phenol: str) -> str:
        """The salt with these groups."""
        parts = [
            cage.format(ligand.format(on_complex) if what != "looks on" else "CC"),
            PHENOL.format(on_phenol) if what != "reacts" else "CCO",
            *ions,
        ]
        return ".".join(parts[place] for place in places)

    right = set()
    if what != "looks on":
        right.add(canonical(written(group, "O")))
    if what != "reacts":
        right.add(canonical(written("O", group)))
    found, products = made(RULES[group], written("O", "O"))
    if "[2H]" in ligand and what != "looks on":  # what nobody can do
        assert {why for _, _, why in found.rejects} == {LOST}
        assert products <= right
    else:
        assert (products, found.rejects, found.sites) == (right, [], [len(right)])


@pytest.mark.parametrize("allowed", [True, False])
def test_a_complex_alone_whether_rdkit_keeps_such_stereo_or_not(allowed: bool) -> None:
    before = Chem.GetAllowNontetrahedralChirality()
    Chem.SetAllowNontetrahedralChirality(allowed)
    try:
        for cage in COMPLEXES:
            for group, rule in RULES.items():
                found, products = made(rule, cage.format(LIGANDS[0].format("O")))
                assert products == {canonical(cage.format(LIGANDS[0].format(group)))}
                assert found.rejects == []
    finally:
        Chem.SetAllowNontetrahedralChirality(before)


@pytest.mark.parametrize(
    ("rule", "parent", "product"),
    [
        ("[Pt:1][Cl:2]>>[Pt:1]O", "N[Pt@SP1](Cl)(Br)C#N", "N[Pt@SP1](O)(Br)C#N"),
        ("[Pt:1][Cl:2]>>[Pt:1]O", "Br[Pt@SP3](N)(C#N)Cl", "Br[Pt@SP3](N)(C#N)O"),
        ("[Co:1][Cl:2]>>[Co:1]F", "N[Co@OH12](Cl)(Br)(O)(I)C", "N[Co@OH12](F)(Br)(O)(I)C"),
        ("[Pt:1][NX3H2:2]>>[Pt:1][N:2]C", "N[Pt@SP1](Cl)(Br)C", "CN[Pt@SP1](Cl)(Br)C"),
        ("[C:1](=[O:3])[OX2H:2]>>[C:1](=[O:3])[O:2]C", "N[Pt@SP1](Cl)(Br)/C=C/C(=O)O", "N[Pt@SP1](Cl)(Br)/C=C/C(=O)OC"),
        ("[#6:1][CX3:2](=[OX1:3])[OX2H:4]>>[#6:1]Br", "N[Pt@SP2](Cl)(Br)CC(=O)O", "N[Pt@SP2](Cl)(Br)CBr"),
        ("[c:1][OX2H:2]>>[c:1]OC", "CC=[C@AL1]=C(F)c1ccc(O)cc1", "CC=[C@AL1]=C(F)c1ccc(OC)cc1"),
        ("[c:1][OX2H:2]>>[c:1]OC", "CC=[C@@]=C(F)c1ccc(O)cc1", "CC=[C@@]=C(F)c1ccc(OC)cc1"),
    ],
)
def test_groups_at_and_near_the_centre(rule: str, parent: str, product: str) -> None:
    assert made(rule, parent)[1] == {canonical(product)}


@pytest.mark.parametrize(
    ("rule", "parent"),
    [
        ("[Pt:1][Cl:2]>>[Pt:1]O", "Br[Pt@SP3-](N)(C#N)Cl"),
        ("[Pt;!H0:1]>>[Pt:1]F", "C[Pt@SP1H](Cl)N"),
        ("[c:1][OX2H:2]>>[c:1][O:2][Si](C)(C)C", "N[Pt@SP1](Cl)(N)Oc1ccc(O)cc1"),
        ("[c:1][OX2H:2]>>[c:1][O:2]C", "N[Pt@SP1](Cl)(N)Oc1ccc([18OH])cc1"),
    ],
)
def test_a_site_that_only_the_engine_could_do_is_a_reject(rule: str, parent: str) -> None:
    found, products = made(rule, parent)
    assert products == set()
    assert found.sites == [1]
    assert [why for _, _, why in found.rejects] == [LOST]


def test_the_engine_does_the_other_components() -> None:
    """Of three phenols one is in the complex, and a rule that is no edit does the other two."""
    rule = "[c:1][OX2H:2]>>[c:1][O:2][Si](C)(C)C"
    parent = "N[Pt@SP2](Cl)(N)Oc1ccc({})cc1.[Na+].Cc1ccc({})cc1.Fc1ccc({})cc1"
    found, products = made(rule, parent.format("O", "O", "O"))
    silyl = "O[Si](C)(C)C"
    assert products == {canonical(parent.format("O", silyl, "O")), canonical(parent.format("O", "O", silyl))}
    assert [(site, why) for _, site, why in found.rejects] == [(8, LOST)]
    assert found.sites == [3]


def test_a_site_of_which_one_match_is_plain_is_made_and_another_rejected() -> None:
    found, products = made("[C:1][OX2H:2]>>[C:1]F", "OC([18OH])C[Pt@SP1](Cl)(Br)N")
    assert products == {canonical("FC([18OH])C[Pt@SP1](Cl)(Br)N")}
    assert found.rejects == [(0, 1, LOST)]


def test_without_fast_paths_such_sites_are_rejects() -> None:
    enumerator = Enumerator([own_rule(RULES["N"])], rdkit_version="0")
    found = enumerator.enumerate("N[Pt@SP2](Cl)(N)Oc1ccc(O)cc1.Oc1ccccc1")
    assert [key for _, _, key in found.products] == [canonical("N[Pt@SP2](Cl)(N)Oc1ccc(O)cc1.Nc1ccccc1")]
    assert found.rejects == [(0, 8, LOST)]
