"""What rules make of one parent: products, rejects, and numbers of sites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

RuleId = TypeVar("RuleId", int, str)
"""How a rule is named: by its place among an enumerator's rules, or by its name."""


class Product(NamedTuple, Generic[RuleId]):
    """One product.

    Attributes:
        rule: place of the rule that made it; its name where `products_of` gives it.
        site: the parent's atom that map number 1 of the rule matches, counted from 0 in the order of the SMILES; the
            smallest one where several sites lead to this product.
        smiles: canonical, as the RDKit in use writes it.
    """

    rule: RuleId
    site: int
    smiles: str

    def _repr_html_(self: Any) -> str:
        """The molecule, drawn, in a notebook."""
        from halodb.pictures.notebook import molecule_as_html  # noqa: PLC0415  workers do without

        return molecule_as_html(self.smiles, [("rule", self.rule), ("site", self.site), ("smiles", self.smiles)])


class Reject(NamedTuple, Generic[RuleId]):
    """A site, or a whole parent, that has no product.

    Attributes:
        rule: place or name of the rule, as in `Product`; None for the whole parent.
        site: the atom, as in `Product`; None for the whole parent.
        reason: in words; its part before a colon is stable.
    """

    rule: RuleId | None
    site: int | None
    reason: str


@dataclass(slots=True)
class Enumeration:
    """What the rules of an enumerator make of one parent.

    Attributes:
        products: each SMILES once a rule; by rule, site and SMILES.
        rejects: in the order of the rules.
        sites: number of sites of each rule, with a product or rejected; equivalent sites are one.
    """

    products: list[Product[int]] = field(default_factory=list)
    rejects: list[Reject[int]] = field(default_factory=list)
    sites: list[int] = field(default_factory=list)


def merged(products: Iterable[Product[int]], rejects: Sequence[Reject[int]], rules: int) -> Enumeration:
    """An enumeration of products and rejects from several sources.

    Args:
        products: in any order.
        rejects: in any order of the rules.
        rules: how many rules the enumerator has.

    >>> found = merged([Product(1, 0, "CN"), Product(0, 0, "CO")], [], rules=3)
    >>> [product.smiles for product in found.products], found.sites
    (['CO', 'CN'], [1, 1, 0])
    """
    in_order = sorted(products)
    refused = sorted(rejects, key=lambda reject: -1 if reject.rule is None else reject.rule) if rejects else []
    sites = [0] * rules
    for product in in_order:
        sites[product[0]] += 1
    for reject in refused:
        if reject.rule is not None:
            sites[reject.rule] += 1
    return Enumeration(in_order, refused, sites)
