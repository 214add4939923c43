"""All products that a set of rules makes of a parent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rdkit import Chem, rdBase

from halodb.chemistry.parse import ParentRejectedError, parse_parent
from halodb.chemistry.reaction import Reaction
from halodb.rules import Rule

_MOST_MATCHES = 100_000


@dataclass(slots=True)
class Enumeration:
    """What the rules make of one parent.

    Attributes:
        products: (place of the rule, site, canonical SMILES), each SMILES once a rule.
        rejects: (place of the rule or None for the whole parent, site or None, reason).
        sites: number of sites of each rule; equivalent sites are one.
    """

    products: list[tuple[int, int, str]] = field(default_factory=list)
    rejects: list[tuple[int | None, int | None, str]] = field(default_factory=list)
    sites: list[int] = field(default_factory=list)


class Enumerator:
    """Applies rules to one parent after another: parse once, match each query once, make each product once.

    A site is an atom of the parent, the one that map number 1 matches. Sites that lead to the same product are
    equivalent: the smallest atom stands for them. (The same symmetry class is not enough to tell: two arms of a meso
    compound look alike and give mirror images.)

    RDKit's log is silent as long as the enumerator lives: what it has to say of a molecule is in the rejects.

    Args:
        rules: the rules; products name them by their place.
        max_heavy_atoms: parents with more are rejected.
    """

    def __init__(self, rules: Sequence[Rule], *, max_heavy_atoms: int = 1000) -> None:
        self._silence = rdBase.BlockLogs()
        self._max_heavy_atoms = max_heavy_atoms
        self._count = len(rules)
        self._by_query: dict[str, list[tuple[int, Reaction]]] = {}
        for place, rule in enumerate(rules):
            self._by_query.setdefault(rule.query_smarts, []).append((place, Reaction(rule)))
        self._queries = [(Chem.MolFromSmarts(smarts), reactions) for smarts, reactions in self._by_query.items()]

    def enumerate(self, smiles: str | None) -> Enumeration:
        """All products of one parent; a bad molecule is a reject, never an exception."""
        found = Enumeration(sites=[0] * self._count)
        try:
            parent = parse_parent(smiles, self._max_heavy_atoms)
        except ParentRejectedError as error:
            found.rejects.append((None, None, str(error)))
            return found
        for query, reactions in self._queries:
            matches = parent.GetSubstructMatches(query, maxMatches=_MOST_MATCHES)
            if matches:
                for place, reaction in reactions:
                    self._apply(place, reaction, parent, found)
        return found

    @staticmethod
    def _apply(place: int, reaction: Reaction, parent: Chem.Mol, found: Enumeration) -> None:
        made: dict[str, int] = {}
        failed: dict[int, str] = {}
        for site, product, reason in reaction.products(parent):
            if product is None:
                failed.setdefault(site, reason)
            else:
                made[product] = min(site, made.get(product, site))
        found.products.extend((place, site, product) for product, site in made.items())
        found.rejects.extend((place, site, reason) for site, reason in failed.items())
        found.sites[place] = len(made) + len(failed)
