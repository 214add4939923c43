"""The sugar mask: what it covers, what it leaves alone, and that neither orders of atoms nor halogens change it."""

from __future__ import annotations

import random

import pytest
from rdkit import Chem

import halodb
from halodb.chemistry import Enumerator, ParentRejectedError
from halodb.chemistry.enumeration import IN_SUGARS
from halodb.chemistry.parse import parse_attested
from halodb.chemistry.plain_smiles import plain_smiles
from halodb.chemistry.sugars import sugar_atoms
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, RuleSet, read_rules
from tests.chemistry.glycosides import NO_SUGARS, SUGARS
from tests.chemistry.oracle import SHARED, canonical, differences, shared_natural_products
from tests.chemistry.test_halogen_analogues import analogues

QUERCETIN_3_GLUCOSIDE = SUGARS["quercetin 3-glucoside"][0]
SHIPPED = read_rules(shipped=HALOGENATION)


def masked(smiles: str) -> frozenset[int]:
    return sugar_atoms(Chem.MolFromSmiles(smiles))


@pytest.mark.parametrize("name", SUGARS)
def test_sugars_are_masked(name: str) -> None:
    smiles, atoms = SUGARS[name]
    assert len(masked(smiles)) == atoms


@pytest.mark.parametrize("name", NO_SUGARS)
def test_what_is_no_sugar_is_not(name: str) -> None:
    assert masked(NO_SUGARS[name]) == frozenset()


def in_other_orders(smiles: str, orders: int) -> list[frozenset[int]]:
    """The masked atoms, by their numbers in the SMILES, of the same molecule written with its atoms in other orders."""
    molecule = Chem.MolFromSmiles(smiles)
    for atom in molecule.GetAtoms():
        atom.SetAtomMapNum(atom.GetIdx() + 1)
    found = []
    for text in Chem.MolToRandomSmilesVect(molecule, orders, randomSeed=7):
        other = Chem.MolFromSmiles(text)
        numbers = [atom.GetAtomMapNum() - 1 for atom in other.GetAtoms()]
        found.append(frozenset(numbers[index] for index in sugar_atoms(other)))
    return found


def test_any_writing_of_a_molecule_has_the_same_mask() -> None:
    for smiles in [*(smiles for smiles, _ in SUGARS.values()), *NO_SUGARS.values()]:
        assert set(in_other_orders(smiles, 20)) == {masked(smiles)}


def test_a_molecule_that_is_not_sanitized_has_the_same_mask() -> None:
    for smiles in map(canonical, [*(smiles for smiles, _ in SUGARS.values()), *example_smiles()]):
        plain = plain_smiles(smiles)
        if plain is not None:
            molecule = parse_attested(plain)
            assert molecule is not None
            assert sugar_atoms(molecule) == masked(smiles)


def halogenation(rules: RuleSet, *, mask: bool) -> Enumerator:
    return Enumerator(rules.masking_sugars(mask).in_scope("terpenoid", on_request=True))


def changed_masks(parents: list[str]) -> list[str]:
    """Products whose mask has other atoms than their parent's, and parents whose halogens decide it."""
    enumerator, found = halogenation(SHIPPED, mask=True), []
    for parent in parents:
        atoms = len(masked(parent))
        found += [made.smiles for made in enumerator.enumerate(parent).products if len(masked(made.smiles)) != atoms]
        for halogen in ("Cl", "Br", "I"):
            if "F" in parent and masked(parent) != masked(parent.replace("F", halogen)):
                found.append(parent)
    return found


def test_halogens_do_not_change_what_is_a_sugar() -> None:
    both = [*(smiles for smiles, _ in SUGARS.values()), *NO_SUGARS.values()]
    assert changed_masks([canonical(smiles) for smiles in both]) == []


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
def test_halogens_do_not_change_what_is_a_sugar_in_natural_products() -> None:
    assert changed_masks(shared_natural_products(100)) == []


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
def test_any_writing_of_a_natural_product_has_the_same_mask() -> None:
    for smiles in shared_natural_products(50):
        assert set(in_other_orders(smiles, 5)) == {masked(smiles)}, smiles


@pytest.mark.parametrize(("mask", "sites"), [(False, (5, 8, 5, 1)), (True, (5, 4, 0, 0))])
def test_sites_of_quercetin_3_glucoside(mask: bool, sites: tuple[int, ...]) -> None:
    rules = SHIPPED.masking_sugars(mask).in_scope("terpenoid")
    made = Enumerator(rules).enumerate(QUERCETIN_3_GLUCOSIDE)
    found = {rule.family: count for rule, count in zip(rules, made.sites, strict=True)}
    assert tuple(found[name] for name in ("aromatic_ch", "hydroxyl", "ring_ch", "primary_alcohol")) == sites
    left_out = {rules[rule].family: count for rule, what, count in made.left_out if what == IN_SUGARS}
    assert left_out == ({"hydroxyl": 4, "ring_ch": 5, "primary_alcohol": 1} if mask else {})


def test_the_aglycone_of_ginsenoside_rh2_stays_open() -> None:
    parent = SUGARS["ginsenoside Rh2"][0]
    rules = [rule for rule in SHIPPED.in_scope("terpenoid") if rule.name.endswith("__F")]
    open_sites = {site for _, site, _ in Enumerator(rules).enumerate(parent).products}
    unmasked = [rule.model_copy(update={"sugar_mask": False}) for rule in rules]
    all_sites = {site for _, site, _ in Enumerator(unmasked).enumerate(parent).products}
    assert open_sites == all_sites - masked(parent)
    assert len(all_sites) - len(open_sites) == 6  # five CH of the ring and CH2OH


def test_what_is_read_off_for_analogues_has_the_same_mask() -> None:
    parents = [
        canonical(QUERCETIN_3_GLUCOSIDE.replace("3cc(O)cc(O)c3", f"3cc(O)c({x})c(O)c3")) for x in ("F", "Cl", "Br")
    ]
    rules = SHIPPED.in_scope("polyphenol")
    together = Enumerator(rules, attested=True)
    made = [together.enumerate(parent) for parent in parents]
    assert together.paths["recalled"] == 1  # chlorine has fluorine below it, which fluorine has not
    assert made == [Enumerator(rules).enumerate(parent) for parent in parents]
    assert len({tuple(each.left_out) for each in made}) == 1


GLYCOSIDES_WITH_HALOGENS = {
    "on the aglycone": "OCC1OC(Oc2ccc(X)cc2CC(=O)CY)C(O)C(O)C1O",
    "on the sugar": "XCC1OC(Oc2cccc(C(=O)O)c2)C(Y)C(O)C1O",
    "on both, with sulfur between": "CSc1cc(X)ccc1OC1CC(O)C(O)C(CY)O1",
    "on a C-glycoside and on a nucleobase": "OCC1OC(c2ccc(X)cc2)C(O)C(O)C1On1cc(Y)cn1",
}


@pytest.mark.parametrize("kind", GLYCOSIDES_WITH_HALOGENS)
def test_masked_products_of_halogen_analogues_are_those_of_plain_rdkit(kind: str) -> None:
    parents = [canonical(parent) for parent in analogues(GLYCOSIDES_WITH_HALOGENS[kind])]
    assert len({len(masked(parent)) for parent in parents}) == 1
    mixed = [*SHIPPED.in_scope("other")[:12], *SHIPPED.masking_sugars(False).in_scope("terpenoid")]
    for order in (parents, parents[::-1]):
        assert differences(mixed, order, attested=True)[1] == []


def test_an_amine_is_not_cut_off_a_sugar_and_context_is_no_site() -> None:
    smirks = "[cH:1]:[c:2][OX2:3][C:4]>>[c:1](F):[c:2][O:3][C:4]"
    beside = SHIPPED.rules[0].model_copy(update={"query_smarts": smirks.partition(">>")[0], "smirks": smirks})
    assert Enumerator([beside]).enumerate("OCC1OC(Oc2ccccc2)C(O)C(O)C1O").products
    cut = SHIPPED.rule("HALO_SECONDARY_AMINE__NH__TO__F")
    made = Enumerator([cut]).enumerate("OCC1OC(NCc2ccccc2)C(O)C(O)C1O")
    assert (made.products, made.left_out[0].number) == ([], 2)


def test_a_drawing_of_the_mask() -> None:
    drawn = halodb.draw_sugar_mask(QUERCETIN_3_GLUCOSIDE, legend="isoquercitrin")
    assert drawn.count("<ellipse") == 12
    with pytest.raises(ParentRejectedError, match="does not parse"):
        halodb.draw_sugar_mask("C1CC")


def test_limits_keep_the_sites_with_the_smallest_atoms() -> None:
    rule = SHIPPED.rules[0].model_copy(update={"max_sites": 2})
    parent = "Oc1ccc2ccccc2c1"
    free = Enumerator([SHIPPED.rules[0]]).enumerate(parent)
    made = Enumerator([rule]).enumerate(parent)
    assert made.products == free.products[:2]
    assert [(left.what, left.number) for left in made.left_out] == [("products beyond max_sites", 5)]
    fewer = rule.model_copy(update={"max_products": 1})
    made = Enumerator([fewer]).enumerate(parent)
    assert made.products == free.products[:1]
    assert sum(left.number for left in made.left_out) == 6
    assert made.sites == [1]


def test_limits_hold_for_analogues_in_any_order() -> None:
    rules = [rule.model_copy(update={"max_sites": 2, "max_products": 2}) for rule in SHIPPED.in_scope("other")]
    parents = [canonical(f"Oc1ccc2cc({x})ccc2c1CCC(=O)C") for x in ("F", "Cl", "Br", "I")]
    alone = {parent: Enumerator(rules).enumerate(parent) for parent in parents}
    random.Random(1).shuffle(parents)
    together = Enumerator(rules)
    assert {parent: together.enumerate(parent) for parent in parents} == alone
