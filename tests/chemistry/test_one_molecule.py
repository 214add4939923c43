"""The short form for one molecule, and the examples in the docstrings of halodb.chemistry."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import halodb
from halodb import chemistry
from halodb.chemistry import ParentRejectedError, Product, Reject
from halodb.chemistry.one_molecule import products_of
from halodb.rules import HALOGENATION, read_rules

MODULES = sorted(module.name for module in pkgutil.iter_modules(chemistry.__path__))


def test_products_of_one_molecule_name_their_rules() -> None:
    made = halodb.products("Oc1ccccc1")
    assert made[0] == Product("FG_PHENOL_OH__OH__TO__OMe", 1, "COc1ccccc1")
    assert [product.rule for product in made] == [rule.name for rule in read_rules().rules if rule.family == "phenol"]


def test_rules_of_ones_own() -> None:
    chlorination = [rule for rule in read_rules(shipped=HALOGENATION).rules if rule.name.endswith("__Cl")]
    assert {product.smiles for product in halodb.products("c1ccccc1", chlorination)} == {"Clc1ccccc1"}


def test_what_is_no_molecule_raises_and_what_is_no_product_is_a_reject() -> None:
    with pytest.raises(ParentRejectedError, match="SMILES does not parse"):
        halodb.products("C1CC")
    assert products_of("C1CC", read_rules().rules)[1] == [Reject[str](None, None, "SMILES does not parse")]
    made, rejects = products_of("[2H]Oc1ccccc1", read_rules().rules)
    assert [(reject.rule, reject.site) for reject in rejects] == [("FG_PHENOL_OH__OH__TO__OMe", 2)]
    assert len(made) == 3
    assert made == halodb.products("[2H]Oc1ccccc1")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(f"halodb.chemistry.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
