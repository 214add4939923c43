"""The products of one molecule, for a notebook or a script: `halodb.products("Oc1ccccc1")`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from halodb.chemistry.enumeration import Product, Reject
from halodb.chemistry.enumerator import Enumerator
from halodb.chemistry.parse import ParentRejectedError
from halodb.rules import Rule, RuleSet, read_rules


def products(smiles: str, rules: Iterable[Rule] | None = None) -> list[Product[str]]:
    """All products of one molecule; sites that have none, such as those of isotopes, are left out.

    For many molecules use an `Enumerator`, or `halodb.transform` for files: both do what can be done once for all.

    Args:
        smiles: the molecule.
        rules: what to apply; the shipped transforms by default. `halodb.read_rules` reads files of your own.

    Returns:
        Products in the order of the rules, each SMILES once a rule. A site is an atom, counted from 0 in the order of
        the SMILES.

    Raises:
        ParentRejectedError: it is no molecule, or has more than 1,000 heavy atoms; the text is the reason.

    >>> for product in products("Oc1ccccc1"):
    ...     print(product.rule, product.site, product.smiles)
    FG_PHENOL_OH__OH__TO__OMe 1 COc1ccccc1
    FG_PHENOL_OH__OH__TO__NH2 1 Nc1ccccc1
    FG_PHENOL_OH__OH__TO__CH2CH2NH2 1 NCCc1ccccc1
    FG_PHENOL_OH__OH__TO__CH2CH2COOH 1 O=C(O)CCc1ccccc1
    """
    made, rejects = products_of(smiles, _shipped().rules if rules is None else rules)
    for reject in rejects:
        if reject.rule is None:
            raise ParentRejectedError(reject.reason)
    return made


def products_of(smiles: str, rules: Iterable[Rule]) -> tuple[list[Product[str]], list[Reject[str]]]:
    """All products of one molecule, and what has none.

    Args:
        smiles: the molecule.
        rules: what to apply.

    Returns:
        Products, and rejected sites or, without a rule and a site, the rejected molecule; both in the order of the
        rules, which are given by name.

    >>> made, rejects = products_of("[2H]Oc1ccccc1", [read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")])
    >>> made, rejects[0].site, rejects[0].reason
    ([], 2, 'product is not a molecule: properties')
    """
    rules = tuple(rules)
    found = Enumerator(rules).enumerate(smiles)
    return (
        [Product(rules[rule].name, site, product) for rule, site, product in found.products],
        [Reject(None if rule is None else rules[rule].name, site, reason) for rule, site, reason in found.rejects],
    )


@cache
def _shipped() -> RuleSet:
    return read_rules()
