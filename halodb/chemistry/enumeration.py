"""What rules make of one parent: products, rejects, numbers of sites, and what a mask or a limit left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
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


IN_SUGARS = "sites in sugars"
OVER_SITES = "products beyond max_sites"
OVER_PRODUCTS = "products beyond max_products"
"""What may be left out of a parent's products."""

NO_MATCH = "no rule of its scope matches"
ALL_IN_SUGARS = "all its sites are in sugars"
ALL_REJECTED = "all its sites were rejected"
"""Why a parent has no product."""


class LeftOut(NamedTuple):
    """Something that a rule was not to make.

    Attributes:
        rule: place of the rule.
        what: one of `IN_SUGARS`, `OVER_SITES` and `OVER_PRODUCTS`.
        number: how many; sites in sugars are atoms, equivalent ones counted each.
    """

    rule: int
    what: str
    number: int


class MostOf(NamedTuple):
    """The limits of a rule for one parent; None where there is none."""

    sites: int | None
    products: int | None


@dataclass(slots=True)
class Enumeration:
    """What the rules of an enumerator make of one parent.

    Attributes:
        products: each SMILES once a rule; by rule, site and SMILES.
        rejects: in the order of the rules.
        sites: number of sites of each rule, with a product or rejected; equivalent sites are one.
        left_out: what the sugar mask and limits left out.
    """

    products: list[Product[int]] = field(default_factory=list)
    rejects: list[Reject[int]] = field(default_factory=list)
    sites: list[int] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def why_nothing(self) -> str | None:
        """Why there is no product; None where there is one, or where the whole parent is rejected."""
        if self.products or any(reject.rule is None for reject in self.rejects):
            return None
        if self.rejects:
            return ALL_REJECTED
        return ALL_IN_SUGARS if self.left_out else NO_MATCH


def merged(
    products: Iterable[Product[int]],
    rejects: Sequence[Reject[int]],
    rules: int,
    masked: Mapping[int, int] | None = None,
    limits: Mapping[int, MostOf] | None = None,
) -> Enumeration:
    """An enumeration of products and rejects from several sources.

    Args:
        products: in any order.
        rejects: in any order of the rules.
        rules: how many rules the enumerator has.
        masked: sites in sugars, by the place of their rule.
        limits: of rules, by their places.

    >>> found = merged([Product(1, 0, "CN"), Product(0, 0, "CO")], [], rules=3)
    >>> [product.smiles for product in found.products], found.sites
    (['CO', 'CN'], [1, 1, 0])
    """
    in_order = sorted(products)
    left_out = [LeftOut(rule, IN_SUGARS, count) for rule, count in sorted(masked.items())] if masked else []
    if limits:
        in_order = _within(in_order, limits, left_out)
    refused = sorted(rejects, key=lambda reject: -1 if reject.rule is None else reject.rule) if rejects else []
    sites = [0] * rules
    for product in in_order:
        sites[product[0]] += 1
    for reject in refused:
        if reject.rule is not None:
            sites[reject.rule] += 1
    return Enumeration(in_order, refused, sites, left_out)


def _within(products: list[Product[int]], limits: Mapping[int, MostOf], left_out: list[LeftOut]) -> list[Product[int]]:
    """The products within the limits of their rules: those of the smallest sites; notes what is left out.

    Args:
        products: by rule, site and SMILES.
        limits: of rules, by their places.
        left_out: to note it in.
    """
    kept: list[Product[int]] = []
    for rule, of_rule in groupby(products, itemgetter(0)):
        made = list(of_rule)
        most = limits.get(rule)
        if most is not None:
            if most.sites is not None and len(made) > most.sites:
                chosen = set(sorted({product.site for product in made})[: most.sites])
                within = [product for product in made if product.site in chosen]
                if len(within) < len(made):
                    left_out.append(LeftOut(rule, OVER_SITES, len(made) - len(within)))
                    made = within
            if most.products is not None and len(made) > most.products:
                left_out.append(LeftOut(rule, OVER_PRODUCTS, len(made) - most.products))
                made = made[: most.products]
        kept.extend(made)
    return kept
