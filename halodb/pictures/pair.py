"""A product and the parent that it was made of: which atoms they share, and which changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rdkit import Chem
from rdkit.Chem import rdChemReactions, rdFMCS

from halodb.pictures.colours import HALOGENS

_MOST_ATOMS = 100
"""Of a molecule whose common part with another is searched: where no rule tells, that takes the longer the larger."""
_SEARCH_SECONDS = 1
_MOST_SITES = 200
_REACTIONS = 256


@dataclass(frozen=True)
class Pair:
    """A product, beside its parent where that is known.

    Attributes:
        product: the molecule.
        parent: the molecule, or None.
        shared: atoms that both have, of the parent and of the product.
        changed: atoms of the product that are new or not as they were.
        left: the same of the parent: atoms that go, or change.
    """

    product: Chem.Mol
    parent: Chem.Mol | None = None
    shared: tuple[tuple[int, int], ...] = ()
    changed: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()


def pair_of(product: str, parent: str | None = None, smirks: Iterable[str] = (), site: int | None = None) -> Pair:
    """A product beside its parent.

    A rule tells exactly which atoms are the same. Without one, or where none of them makes this product of this parent,
    the largest common part is taken, of molecules that are not too large for it.

    Args:
        product: its SMILES.
        parent: that of the parent, where it is known.
        smirks: of the rules that may have made it.
        site: the parent's atom that map number 1 of the rule matched.

    Raises:
        ValueError: RDKit reads no molecule in the product.

    >>> pair = pair_of("COc1ccccc1", "Oc1ccccc1", ["[c:1][OX2H:2]>>[c:1][O:2]C"], 1)
    >>> len(pair.shared), [pair.product.GetAtomWithIdx(atom).GetSymbol() for atom in sorted(pair.changed)]
    (7, ['O', 'C'])
    """
    made = read(product)
    if made is None:
        raise ValueError("RDKit reads no molecule in the SMILES")
    before = read(parent) if parent else None
    if before is None:
        return Pair(made)
    for text in smirks:
        found = _by_rule(before, made, text, site)
        if found is not None:
            return _compared(before, *found)
    return _compared(before, made, _common(before, made))


def read(smiles: str) -> Chem.Mol | None:
    """The molecule of a SMILES, without the texts that an extension may bring; None where there is none."""
    if not smiles.isascii():
        return None
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        return None
    for atom in molecule.GetAtoms() if "|" in smiles else ():
        for name in ("atomLabel", "_displayLabel", "_displayLabelW", "atomNote"):
            atom.ClearProp(name)
    return molecule


def halogens_of(molecule: Chem.Mol) -> frozenset[int]:
    """Its atoms of F, Cl, Br, I and At."""
    return frozenset(atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetAtomicNum() in HALOGENS)


@lru_cache(maxsize=_REACTIONS)
def _reaction(smirks: str) -> rdChemReactions.ChemicalReaction | None:
    try:
        reaction = rdChemReactions.ReactionFromSmarts(smirks)
        reaction.Initialize()
    except (ValueError, RuntimeError):
        return None
    return reaction if reaction.GetNumReactantTemplates() == 1 else None


def _by_rule(
    parent: Chem.Mol, product: Chem.Mol, smirks: str, site: int | None
) -> tuple[Chem.Mol, dict[int, int]] | None:
    """The product as a rule makes it, and the parent's atom of each of its atoms."""
    reaction = _reaction(smirks)
    if reaction is None:
        return None
    wanted = Chem.MolToSmiles(product)
    other = None
    for made in reaction.RunReactants((parent,), _MOST_SITES):
        if len(made) != 1:
            continue
        (molecule,) = made
        origin = {
            atom.GetIdx(): atom.GetIntProp("react_atom_idx")
            for atom in molecule.GetAtoms()
            if atom.HasProp("react_atom_idx")
        }
        here = site is None or site in {
            origin.get(atom.GetIdx())
            for atom in molecule.GetAtoms()
            if atom.HasProp("old_mapno") and atom.GetIntProp("old_mapno") == 1
        }
        if not here and other is not None:
            continue
        if Chem.SanitizeMol(molecule, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
            continue
        if Chem.MolToSmiles(molecule) != wanted:
            continue
        if here:
            return molecule, origin
        other = molecule, origin
    return other


def _common(parent: Chem.Mol, product: Chem.Mol) -> dict[int, int]:
    """The parent's atom of each atom of the product in their largest common part."""
    if max(parent.GetNumAtoms(), product.GetNumAtoms()) > _MOST_ATOMS:
        return {}
    found = rdFMCS.FindMCS([parent, product], timeout=_SEARCH_SECONDS, ringMatchesRingOnly=True, completeRingsOnly=True)
    query = Chem.MolFromSmarts(found.smartsString) if found.numAtoms else None
    if query is None:
        return {}
    return dict(zip(product.GetSubstructMatch(query), parent.GetSubstructMatch(query), strict=False))


def _compared(parent: Chem.Mol, product: Chem.Mol, origin: dict[int, int]) -> Pair:
    if not origin:
        return Pair(product, parent)
    same = {
        (before, after)
        for after, before in origin.items()
        if _state(parent.GetAtomWithIdx(before)) == _state(product.GetAtomWithIdx(after))
    }
    kept_before, kept_after = {before for before, _ in same}, {after for _, after in same}
    return Pair(
        product,
        parent,
        shared=tuple(sorted((before, after) for after, before in origin.items())),
        changed=frozenset(range(product.GetNumAtoms())) - kept_after,
        left=frozenset(range(parent.GetNumAtoms())) - kept_before,
    )


def _state(atom: Chem.Atom) -> tuple[int, int, int, int]:
    return atom.GetAtomicNum(), atom.GetFormalCharge(), atom.GetTotalNumHs(), atom.GetIsotope()
