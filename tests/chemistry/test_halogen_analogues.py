"""Products read off those of a parent that differs in its halogens alone equal plain RDKit, whichever came first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from halodb.chemistry import Enumerator
from halodb.chemistry.halogen_patterns import HalogenPattern, halogens_are_terminal, pattern_of
from halodb.chemistry.halogen_rules import halogen_use
from halodb.chemistry.plain_smiles import PlainSmiles, plain_smiles
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, TRANSFORMS, Rule, read_rules
from tests.chemistry.oracle import SHARED, canonical, differences, own_rule, shared_natural_products, spread

HALOGENS = ("F", "Cl", "Br", "I")
BOTH = (*read_rules().rules, *read_rules(shipped=HALOGENATION).rules)

# X and Y stand for any halogen.
PARENTS = {
    "one halogen": "Nc1ccc(X)c(CC(=O)O)c1",
    "beside another of each kind": "Nc1c(F)c(Cl)c(X)cc1CCC(=O)O",
    "two of them": "Oc1c(X)c(Y)cc(C(=O)O)c1",
    "sulfur and phosphorus lie between fluorine and chlorine": "CSc1cc(X)c(O)cc1CP(C)CC(=O)O",
    "a thiol is terminal too": "Sc1cc(CC(=O)O)cc(X)c1",
    "so is a phosphine": "Pc1cc(CC(=O)O)cc(X)c1",
    "a centre that sulfur and the halogen tell apart": "CS[C@](C)(X)CC(=O)O",
    "a centre that phosphorus and the halogen tell apart": "CP(C)[C@](C)(X)CC(=O)O",
    "aromatic sulfur": "OC(=O)c1cc(X)c(O)s1",
    "boron is lighter than all": "CB(C)c1cc(X)c(N)cc1O",
    "a centre that two halogens tell apart": "C[C@](X)(Y)CC(=O)O",
    "a centre far away that the halogen decides": "O=C(O)C[C@H](CCCX)CCCY",
    "a double bond that the halogens decide": "Y/C(CC(=O)O)=C(X)/c1ccc(O)cc1",
    "large enough for the proofs": "CC(C)(C)CC(C)(C)C[C@H](N)C[C@@H](X)CC/C(C)=C/CC(=O)OCC(Y)Cc1ccc(O)cc1",
    "meso but for the halogens": "C[C@H](c1ccc(O)c(X)c1)[C@@H](C)c1ccc(O)c(Y)c1",
    "charges": "O=[N+]([O-])c1cc(X)c(O)cc1CC(Y)N",
    "a bond of two halogens": "Nc1ccc(OX)cc1Y",
    "a hypohalite": "OC(=O)CCOX",
    "first in its SMILES": "XCCCCCO",
    "iodine of a higher valence": "OC(=O)c1c(X)cccc1I(=O)=O",
}


def analogues(pattern: str) -> list[str]:
    """Canonical SMILES with all halogens for X and Y."""
    found = []
    for one, two in product(HALOGENS, HALOGENS) if "Y" in pattern else ((each, "") for each in HALOGENS):
        found.append(canonical(pattern.replace("X", one).replace("Y", two)))
    return found


@pytest.mark.parametrize("attested", [False, True], ids=["any input", "attested input"])
@pytest.mark.parametrize("pattern", PARENTS.values(), ids=list(PARENTS))
def test_analogues_in_any_order(pattern: str, attested: bool) -> None:
    parents = analogues(pattern)
    for order in (parents, parents[::-1]):
        assert differences(BOTH, order, attested=attested)[1] == []


def test_four_analogues_are_enumerated_once() -> None:
    enumerator = Enumerator(read_rules().rules, attested=True)
    made = [enumerator.enumerate(parent) for parent in analogues("Cc1cc(X)ccc1O")]
    assert enumerator.paths["unsanitized"] == 1
    assert enumerator.paths["recalled"] == 3
    assert [each.products[0] for each in made] == [(0, 7, f"COc1ccc({each})cc1C") for each in HALOGENS]
    assert len({tuple(each.sites) for each in made}) == 1


def test_halogenation_of_an_analogue_is_read_off_across_rules() -> None:
    """What F brings beside I is what Cl brings beside I, and what F brings beside Br."""
    enumerator = Enumerator(read_rules(shipped=HALOGENATION).in_scope("polyphenol"), attested=True)
    for parent in analogues("Xc1ccccc1O"):
        enumerator.enumerate(parent)
    assert enumerator.paths["unsanitized"] == 2
    assert enumerator.paths["recalled"] == 2
    assert enumerator.paths["edited"] == 5 * (2 + 1)  # F and Cl beside fluorine; F beside chlorine
    assert enumerator.paths["read_off"] == 5 * 2  # Br and I beside fluorine, as Cl


def test_analogues_need_no_attestation() -> None:
    enumerator = Enumerator(read_rules().rules)
    for parent in analogues("Cc1cc(X)ccc1O"):
        enumerator.enumerate(parent)
    assert enumerator.paths["full"] == 1
    assert enumerator.paths["recalled"] == 3


ANY_INPUT = [
    "OC(=O)C(X)C",
    "X[C@](Y)(C)CC(O)=O",
    "C1=CC(X)=CC(O)=C1Y",
    "C(C(X))C(O)=O",
    "N(CCX)CC(=O)O",
    "Xc1ccccc1O name(X)",
    "XCCO.OC(=O)CX",
    "[X]CC(=O)O",
    "X/C=C\\C(Y)C(=O)O",
    "X-CC(=O)O",
    "OC(=O)c1ccccc1X(=O)=O",
    "OC(=O)c1ccccc1X=O",
    "OC(=O)CXC",
    "OC(=O)CX1CC1",
    "XXCC(=O)O",
    "c1cc(X)ccc1O |^1:0|",
]


@pytest.mark.parametrize("pattern", ANY_INPUT)
def test_analogues_of_which_some_are_no_molecules(pattern: str) -> None:
    """As a file from elsewhere may have them: not canonical, or of a valence that iodine alone has."""
    parents = [pattern.replace("X", one).replace("Y", two) for one, two in product(HALOGENS[::-1], HALOGENS)]
    for order in (parents, parents[::-1]):
        together, alone = Enumerator(BOTH), Enumerator(BOTH, remembered_bytes=0)
        for parent in order:
            assert together.enumerate(parent) == alone.enumerate(parent)


def test_halogens_that_are_terminal() -> None:
    for smiles in ("CC(=O)OI(OC(C)=O)C", "O=I(=O)CCO", "O=IC", "I(C)C", "C1CCI1C", "C=F", "CFC", "FFC", "[F]C", "CF O"):
        assert not halogens_are_terminal(PlainSmiles(smiles))
    for smiles in ("Ic1ccccc1I", "I/C=C/I", "CC(I)(I)I", "Cl[C@H](C)O", "CC(Br)", "C1CC1F", "CCO"):
        assert halogens_are_terminal(PlainSmiles(smiles))


def test_what_is_remembered_keeps_to_its_budget() -> None:
    enumerator = Enumerator(read_rules().rules, attested=True, remembered_bytes=20_000)
    first, last = analogues("Cc1cc(X)ccc1O"), analogues("CCCc1cc(X)ccc1O")
    enumerator.enumerate(first[0])
    for length in range(100):
        enumerator.enumerate(f"{'C' * (length + 4)}c1cc(F)ccc1O")
    enumerator.enumerate(last[0])
    enumerator.enumerate(first[1])
    assert enumerator.paths["recalled"] == 0
    enumerator.enumerate(last[1])
    assert enumerator.paths["recalled"] == 1


def pattern(smiles: str) -> HalogenPattern:
    plain = plain_smiles(smiles)
    assert plain is not None
    return pattern_of(plain)


def test_patterns_keep_the_order_of_the_elements() -> None:
    assert pattern("CCF").text == pattern("CCI").text != "CCF"
    assert pattern("SCF").text != pattern("SCCl").text == pattern("SCBr").text
    assert pattern("c1csc(F)c1").text != pattern("c1csc(Cl)c1").text
    assert pattern("FCCl").text == pattern("ClCBr").text == pattern("FCI").text != pattern("ClCF").text
    assert pattern("CCO").text == "CCO"
    assert not pattern("CCO").has_halogens


def test_ranks_tell_where_a_halogen_stands_among_the_elements() -> None:
    assert pattern("CCF").rank("Cl") == pattern("CCF").rank("I") == pattern("CCCl").rank("Br")
    assert pattern("CCBr").rank("Cl") == pattern("CCI").rank("Cl") != pattern("CCF").rank("Cl")
    assert pattern("CCCl").rank("Cl") == pattern("CCI").rank("I") != pattern("CCO").rank("I")
    assert pattern("CSC").rank("F") != pattern("CSC").rank("Cl") == pattern("CSC").rank("I")


@pytest.mark.parametrize(
    ("smirks", "halogen"),
    [
        ("[c:1][OX2H:2]>>[c:1]OC", ""),
        ("[c:1][OX2H:2]>>[c:1]CCF", "F"),
        ("[c:1][OX2H:2]>>[c:1]OC(Br)(Br)Br", "Br"),
        ("[c:1][Cl:2]>>[c:1]O", "Cl"),
        ("[c:1][#9:2]>>[c:1]O", "F"),
        ("[c:1][OX2H:2][$(*c(F)c)]>>[c:1][C:2]", "F"),
        ("[c;!$(*Cl):1][OX2H:2]>>[c:1]Cl", "Cl"),
        ("[c:1][F,#17:2]>>[c:1]O", None),
        ("[c:1][Cl:2]>>[c:1]Br", None),
        ("[c:1][OX2H:2]>>[c:1]S", None),
        ("[c:1][OX2H:2]>>[c:1]CP", None),
        ("[c:1][OX2H:2]>>[c:1]I(C)C", None),
        ("[c:1][OX2H:2]>>[c:1]C(F)Cl", None),
        ("[C^3:1][OX2H:2]>>[C:1]OC", None),
        ("[c:1][SX2H:2]>>[c:1][S:2]C", ""),
        ("[c:1][SX2H:2]>>[c:1][S:2]CF", "F"),
    ],
)
def test_halogens_that_rules_use(smirks: str, halogen: str | None) -> None:
    use = halogen_use(own_rule(smirks))
    assert (None if use is None else use.halogen) == halogen


OWN = {
    "a halogen is replaced": "[c:1][Cl:2]>>[c:1]O",
    "any halogen is replaced": "[c:1][F,Cl,Br,I:2]>>[c:1]O",
    "a halogen by its number": "[c:1][#35:2]>>[c:1]N",
    "whatever is no oxygen is replaced": "[c:1][!#6;!#8;X1:2]>>[c:1]N",
    "two halogens come": "[c:1][OX2H:2]>>[c:1]OC(F)(F)Cl",
    "three of a kind come": "[c:1][OX2H:2]>>[c:1]OC(Cl)(Cl)Cl",
    "iodine comes in the middle": "[c:1][OX2H:2]>>[c:1]I(C)C",
    "bromine would come in the middle": "[c:1][OX2H:2]>>[c:1]Br(C)C",
    "a halogen decides where": "[c:1]([OX2H:2])[c:3][Br:4]>>[c:1](OC)[c:3][Br:4]",
    "halogens are bonded to": "[X1;!#8:1]>>[*:1]C",
    "sulfur comes with chlorine": "[c:1][OX2H:2]>>[c:1]C(S)Cl",
    "sulfur comes with fluorine": "[c:1][OX2H:2]>>[c:1]C(S)F",
    "sulfur comes": "[c:1][OX2H:2]>>[c:1]S",
    "sulfur comes farther out": "[c:1][OX2H:2]>>[c:1]CS",
    "sulfur comes by its number": "[c:1][OX2H:2]>>[c:1][#16]",
    "phosphorus comes": "[c:1][OX2H:2]>>[c:1]OP(=O)(O)O",
    "silicon comes": "[c:1][OX2H:2]>>[c:1][O:2][Si](C)(C)C",
    "selenium comes": "[c:1][OX2H:2]>>[c:1][Se]C",
    "arsenic comes": "[c:1][OX2H:2]>>[c:1][As](C)C",
    "a metal comes": "[c:1][OX2H:2]>>[c:1][O:2][Hg]C",
    "boron comes": "[c:1][OX2H:2]>>[c:1]B(O)O",
    "an isotope comes": "[c:1][OX2H:2]>>[c:1][18F]",
    "a charge comes": "[c:1][OX2H:2]>>[c:1][S-]",
    "oxygen becomes sulfur": "[c:1][OX2H:2]>>[c:1][S:2]C",
    "carbon becomes silicon": "[CX4;H2,H3:1]>>[Si:1]F",
    "any one of a list becomes its first": "[C,S;X4,X2:1][OX2H:2]>>[C:1]F",
    "a list of new atoms": "[c:1][OX2H:2]>>[c:1][S,C]",
    "whatever is kept": "[*:1][OX2H:2]>>[*:1]S",
    "a neighbour of a certain halogen": "[c;$(c:c[#17]):1][OX2H:2]>>[c:1]OC",
    "a site without certain halogens": "[c;!$(c:c[F,Cl]):1][OX2H:2]>>[c:1]OC",
    "as many halogens as hydrogens": "[c;$(c:c[X1;!#1]):1][OX2H:2]>>[c:1]OC",
    "not of a range": "[C;z{1-}:1][CX3](=O)[OX2H:2]>>[C:1]F",
}


@pytest.mark.parametrize("smirks", OWN.values(), ids=list(OWN))
def test_rules_of_ones_own(smirks: str) -> None:
    parents = [each for pattern in PARENTS.values() for each in analogues(pattern)]
    assert differences([own_rule(smirks)], parents, attested=True)[1] == []


def test_rules_of_ones_own_together() -> None:
    parents = [each for pattern in PARENTS.values() for each in analogues(pattern)]
    assert differences([own_rule(smirks) for smirks in OWN.values()], parents, attested=True)[1] == []


PARTS = [
    "C",
    "CC",
    "[C@H](X)",
    "[C@@H](C)",
    "c1cc(X)c(O)cc1",
    "C(Y)",
    "C(=O)",
    "S",
    "O",
    "/C=C/",
    "/C(X)=C/",
    "N",
    "C1CC(Y)C1",
]
TERMINI = ["N", "O", "C(=O)O", "c1c(Y)cccc1O", "X", "c1cc(N)nc(X)c1", "[C@@H](N)C(=O)O", "/C=C/C(=O)O", "[C@](X)(Y)O"]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(TERMINI),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5),
    st.sampled_from(TERMINI),
    st.permutations(list(permutations(HALOGENS, 2)) + [(each, each) for each in HALOGENS]),
    st.sampled_from([TRANSFORMS, HALOGENATION]),
)
def test_molecules_made_of_parts(
    begin: str, middle: list[str], end: str, pairs: list[tuple[str, str]], shipped: str
) -> None:
    pattern = "".join([*middle, end, ".", begin]).replace(".", "C", 1)
    parents = [Chem.MolFromSmiles(pattern.replace("X", one).replace("Y", two)) for one, two in pairs[:6]]
    if None not in parents:
        rules = read_rules(shipped=shipped).rules
        assert differences(rules, [Chem.MolToSmiles(each) for each in parents], attested=True)[1] == []


def halogenated_analogues(parents: Sequence[str], depth: int) -> Iterator[list[str]]:
    """Of each parent its four (or sixteen) analogues of one site (or two), another site from parent to parent."""
    enumerator = Enumerator(read_rules(shipped=HALOGENATION).rules, attested=True)
    for number, parent in enumerate(parents):
        rows = [parent]
        for _ in range(depth):
            rows = [halogenated for row in rows for halogenated in one_site(enumerator, row, number)]
        if rows:
            yield rows


def one_site(enumerator: Enumerator, parent: str, number: int) -> list[str]:
    """What all rules of the group that comes at that number make of a parent at the site that comes at that number."""
    products = enumerator.enumerate(parent).products
    groups = sorted({rule // 4 for rule, _, _ in products})
    if not groups:
        return []
    group = groups[number % len(groups)]
    sites = sorted({site for rule, site, _ in products if rule // 4 == group})
    site = sites[number % len(sites)]
    return [smiles for rule, at, smiles in products if rule // 4 == group and at == site]


def analogue_differences(rules: Sequence[Rule], groups: Sequence[list[str]]) -> tuple[int, list[str]]:
    """How many parents were recalled, and what differs: of all analogues from halodb without memory, of one from RDKit."""
    enumerator = Enumerator(rules, attested=True)
    alone = Enumerator(rules, attested=True, remembered_bytes=0)
    differing: list[str] = []
    for number, rows in enumerate(groups):
        differing.extend(row for row in rows if enumerator.enumerate(row) != alone.enumerate(row))
        differing.extend(differences(rules, [rows[number % len(rows)]], enumerator=enumerator)[1])
    return enumerator.paths["recalled"], differing


def _analogue_differences_of(shipped: str, depth: int, parents: Sequence[str]) -> tuple[int, list[str]]:
    return analogue_differences(read_rules(shipped=shipped).rules, list(halogenated_analogues(parents, depth)))


@pytest.mark.parametrize("shipped", [TRANSFORMS, HALOGENATION])
@pytest.mark.parametrize("depth", [1, 2])
def test_analogues_of_shipped_natural_products(shipped: str, depth: int) -> None:
    parents = [canonical(smiles) for smiles in islice(example_smiles(), 0, None, 10 * depth)]
    recalled, differing = _analogue_differences_of(shipped, depth, parents)
    assert differing == []
    assert recalled > len(parents)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
@pytest.mark.slow
@pytest.mark.parametrize(("shipped", "depth", "step"), [(TRANSFORMS, 1, 1), (TRANSFORMS, 2, 10), (HALOGENATION, 1, 5)])
def test_analogues_of_shared_natural_products(shipped: str, depth: int, step: int) -> None:
    """All of them for the transforms, some for what has more products. Spread as in `test_oracle`."""
    parents = shared_natural_products(step)
    recalled, differing = spread(partial(_analogue_differences_of, shipped, depth), parents)
    assert differing == []
    assert recalled > len(parents)
