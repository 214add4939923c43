"""Making the products of one site: atoms and bonds are set on one copy of the parent, product after product.

The copy only ever grows: taking a bond away makes RDKit forget the rings. So the recipes of a family are put into
chains in which each new group's shape is the beginning of the next one's, and each site needs one copy a chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdkit import Chem

from halodb.chemistry.recipe import Recipe

STEREO_DONE = "_StereochemDone"
"""RDKit's mark of a molecule whose stereochemistry is perceived: MolToSmiles perceives it where the mark is missing."""

_DEEPEST = 3
"""Bonds within a group that `stereo` reckons with when an atom of it is the only one of its element."""

_CARBON = 6
_NO_TAG = Chem.ChiralType.CHI_UNSPECIFIED


@dataclass(frozen=True)
class Step:
    """One product of a chain, ready to make.

    Attributes:
        rule: place of its rule.
        recipe: what to make.
        elements: of its slots.
        lone: elements that occur once in the new group, not far from the anchor.
    """

    rule: int
    recipe: Recipe
    elements: tuple[int, ...]
    lone: tuple[int, ...]


def chains_of(recipes: Sequence[tuple[int, Recipe]]) -> list[list[Step]]:
    """Recipes of one query in chains; all of a chain change the same atoms, and grow one shape."""
    chains: list[list[Step]] = []
    for rule, recipe in sorted(recipes, key=lambda each: (len(each[1].slots), each[0])):
        elements = tuple(slot.element for slot in recipe.slots)
        step = Step(rule, recipe, elements, _lone(recipe, elements))
        for chain in chains:
            last = chain[-1].recipe
            same = (last.anchor, last.first, last.doomed) == (recipe.anchor, recipe.first, recipe.doomed)
            if same and recipe.shape[: len(last.shape)] == last.shape:
                chain.append(step)
                break
        else:
            chains.append([step])
    return chains


def _lone(recipe: Recipe, elements: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(
        element
        for place, element in enumerate(elements)
        if elements.count(element) == 1 and recipe.depth(place) <= _DEEPEST
    )


def is_plain(parent: Chem.Mol, match: tuple[int, ...], recipe: Recipe) -> bool:
    """Whether a match is one that the recipe does right.

    Where it is not, the engine does something else than to exchange the group (atoms that hang on it get lost, a
    charge, an isotope or a radical is kept or not, the product is no molecule), and so it is left to the engine.
    """
    anchor = parent.GetAtomWithIdx(match[recipe.anchor])
    if anchor.GetFormalCharge() or anchor.GetNumRadicalElectrons():
        return False
    if recipe.first is None:
        return (
            anchor.GetTotalNumHs() >= recipe.hydrogens
            and not anchor.GetIsotope()
            and (not anchor.GetIsAromatic() or anchor.GetAtomicNum() == _CARBON)
        )
    return _is_plain_end(parent, match[recipe.first], recipe.first_degree, recipe.hydrogens) and all(
        _is_plain_end(parent, match[place], degree, 0) for place, degree in recipe.doomed
    )


def has_stereo_bond(parent: Chem.Mol, match: tuple[int, ...], recipe: Recipe) -> bool:
    """Whether the anchor is an end of a stereo double bond, which the engine may drop when it exchanges a neighbour."""
    anchor = parent.GetAtomWithIdx(match[recipe.anchor])
    return any(
        bond.GetBondType() == Chem.BondType.DOUBLE and bond.GetStereo() != Chem.BondStereo.STEREONONE
        for bond in anchor.GetBonds()
    )


def has_aromatic_direction(parent: Chem.Mol) -> bool:
    """Whether an aromatic bond says on which side of a double bond it is: the engine forgets such directions."""
    none = Chem.BondDir.NONE
    return any(bond.GetBondDir() != none and bond.GetIsAromatic() for bond in parent.GetBonds())


def _is_plain_end(parent: Chem.Mol, index: int, degree: int, hydrogens: int) -> bool:
    atom = parent.GetAtomWithIdx(index)
    return (
        atom.GetDegree() == degree
        and not atom.GetNoImplicit()
        and not atom.GetNumExplicitHs()
        and not atom.GetFormalCharge()
        and not atom.GetIsotope()
        and not atom.GetNumRadicalElectrons()
        and (not hydrogens or atom.GetTotalNumHs() >= hydrogens)
    )


class Editor:
    """A copy of a parent that becomes the products of one chain at one match."""

    __slots__ = ("_done", "_elements", "_molecule", "_places")

    def __init__(self, parent: Chem.Mol, match: tuple[int, ...], recipe: Recipe) -> None:
        """Copy the parent; any recipe of the chain will do."""
        molecule = Chem.RWMol(parent)
        anchor = match[recipe.anchor]
        self._places = [anchor]
        self._elements: list[int] = []
        if recipe.first is None:
            _give_up_hydrogen(molecule.GetAtomWithIdx(anchor))
        else:
            first = match[recipe.first]
            if recipe.doomed:
                doomed = [match[place] for place, _ in recipe.doomed]
                self._places = [anchor - sum(each < anchor for each in doomed)]
                first -= sum(each < first for each in doomed)
                _remove(molecule, doomed)
            self._places.append(first)
            self._elements.append(-1)
        self._molecule = molecule
        self._done = bool(molecule.HasProp(STEREO_DONE))

    def product(self, step: Step, *, perceive: bool) -> str:
        """The canonical SMILES of the next product of the chain.

        Args:
            step: the steps of a chain must come in its order.
            perceive: whether stereochemistry must be perceived again.
        """
        molecule, places, elements = self._molecule, self._places, self._elements
        slots = step.recipe.slots
        for place, element in enumerate(step.elements):
            if place == len(elements):
                slot = slots[place]
                index = molecule.AddAtom(_ATOMS[element])
                molecule.AddBond(places[slot.parent + 1], index, slot.order)
                places.append(index)
                elements.append(element)
            elif elements[place] != element:
                molecule.GetAtomWithIdx(places[place + 1]).SetAtomicNum(element)
                elements[place] = element
        if perceive is self._done:
            if perceive:
                molecule.ClearProp(STEREO_DONE)
            else:
                molecule.SetIntProp(STEREO_DONE, 1)
            self._done = not perceive
        return Chem.MolToSmiles(molecule)


_ATOMS = {number: Chem.Atom(number) for number in range(119)}


def _give_up_hydrogen(atom: Chem.Atom) -> None:
    """What the engine does to an atom that gains a bond: hydrogens are counted anew, neighbours keep their order.

    The hydrogen of a stereo centre comes first in the order of its neighbours, a new atom last: an odd permutation.
    """
    atom.SetNoImplicit(False)
    atom.SetNumExplicitHs(0)
    if atom.GetChiralTag() != _NO_TAG:
        atom.InvertChirality()


def _remove(molecule: Chem.RWMol, atoms: list[int]) -> None:
    """Remove atoms; the rings, which RDKit then forgets, are found once for all products of the chain."""
    done = molecule.HasProp(STEREO_DONE)
    molecule.BeginBatchEdit()
    for index in atoms:
        molecule.RemoveAtom(index)
    molecule.CommitBatchEdit()
    Chem.GetSymmSSSR(molecule)
    if done:
        molecule.SetIntProp(STEREO_DONE, 1)
