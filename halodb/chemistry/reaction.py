"""One rule, applied by RDKit's reaction engine (RunReactants): the reference for anything faster.

The right product is what a chemist would write: the parent's SMILES with the group exchanged in it. The engine's
product is that, but for two things that it is known to lose: the other fragments of a salt, which are added again here,
and non-tetrahedral stereo, for which it is not asked (see `make_products`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rdkit import Chem
from rdkit.Chem import rdChemReactions

from halodb.chemistry.touched import maps_that_gain
from halodb.rules import Rule

_MOST_MATCHES = 100_000
"""Above RDKit's default of 1,000, which large molecules reach; a parent has at most 1,000 heavy atoms by default."""

UNSANITIZED = "product is not a molecule"
MASKED = "masked"


class Reaction:
    """A rule, ready to run.

    Args:
        rule: a valid one.
    """

    def __init__(self, rule: Rule) -> None:
        self._reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
        self._reaction.Initialize()
        self._gaining = maps_that_gain(self._reaction)

    def products(self, parent: Chem.Mol, masked: frozenset[int] = frozenset()) -> Iterator[tuple[int, str | None, str]]:
        """The products of all matches in a parent.

        Args:
            parent: a sanitized molecule.
            masked: atoms that are no sites, and that no product may lose or bond anew.

        Yields:
            The site, the canonical SMILES or None, and where it is None the reason; `MASKED` where an atom is.
        """
        fragments = Chem.GetMolFrags(parent)
        for (made,) in self._reaction.RunReactants((parent,), maxProducts=_MOST_MATCHES):
            site = _site_of(made)
            if masked and self._touches(made, site, masked, fragments):
                yield site, None, MASKED
                continue
            product = _with_others(made, parent, fragments, site) if len(fragments) > 1 else made
            problem = Chem.SanitizeMol(product, catchErrors=True)
            if problem is Chem.SanitizeFlags.SANITIZE_NONE:
                yield site, Chem.MolToSmiles(product), ""
            else:
                yield site, None, f"{UNSANITIZED}: {problem.name.removeprefix('SANITIZE_').lower()}"

    def _touches(
        self, made: Chem.Mol, site: int, masked: frozenset[int], fragments: tuple[tuple[int, ...], ...]
    ) -> bool:
        """Whether a product has its site in masked atoms, or has lost one of them or bonded one anew."""
        lost = set(next(fragment for fragment in fragments if site in fragment))
        for atom in made.GetAtoms():
            if atom.HasProp("react_atom_idx"):
                index = atom.GetIntProp("react_atom_idx")
                lost.discard(index)
                if index in masked and atom.HasProp("old_mapno") and atom.GetIntProp("old_mapno") in self._gaining:
                    return True
        return site in masked or not masked.isdisjoint(lost)


def _with_others(product: Chem.Mol, parent: Chem.Mol, fragments: tuple[tuple[int, ...], ...], site: int) -> Chem.Mol:
    """The product with the fragments that the site is not in: RDKit's reactions lose the counter-ions of a salt."""
    others = Chem.RWMol(parent)
    reacted = next(fragment for fragment in fragments if site in fragment)
    for index in sorted(reacted, reverse=True):
        others.RemoveAtom(index)
    return Chem.CombineMols(product, others)


def _site_of(product: Chem.Mol) -> int:
    """The parent's atom that carried map number 1; RDKit notes on the product's atoms where they came from."""
    for atom in product.GetAtoms():
        if atom.HasProp("old_mapno") and atom.GetIntProp("old_mapno") == 1:
            return int(atom.GetIntProp("react_atom_idx"))
    return -1  # unreachable: a rule whose products lose atom 1 is refused when it is read
