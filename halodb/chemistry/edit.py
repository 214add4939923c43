"""Making the products of one site: atoms and bonds are set on one copy of the parent, product after product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from halodb.chemistry.chain import Step
from halodb.chemistry.halogens import Twin
from halodb.chemistry.recipe import Recipe

STEREO_DONE = "_StereochemDone"
"""RDKit's mark of a molecule whose stereochemistry is perceived: MolToSmiles perceives it where the mark is missing."""

_CANONICAL = Chem.SmilesWriteParams()
_HYDROGEN, _CARBON = 1, 6
_NO_TAG = Chem.ChiralType.CHI_UNSPECIFIED
_TETRAHEDRAL = frozenset({_NO_TAG, Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW})


def is_plain(parent: Chem.Mol, match: tuple[int, ...], recipe: Recipe) -> bool:
    """Whether a match is one that the recipe does right.

    Where it is not, the engine does something else than to exchange the group (atoms that hang on it get lost, a
    charge, an isotope or a radical is kept or not, the product is no molecule), and so it is left to the engine. An
    atom that may have implicit hydrogens was not in brackets, so it has neither charge nor isotope nor radical.
    """
    anchor = parent.GetAtomWithIdx(match[recipe.anchor])
    if anchor.GetNoImplicit() and (anchor.GetFormalCharge() or anchor.GetNumRadicalElectrons()):
        return False
    if recipe.first is None:
        return (
            anchor.GetTotalNumHs() >= recipe.hydrogens
            and not anchor.GetIsotope()
            and (not anchor.GetIsAromatic() or anchor.GetAtomicNum() == _CARBON)
            and anchor.GetChiralTag() in _TETRAHEDRAL
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


def has_hydrogen_atom(parent: Chem.Mol, *, of_double_bonds: bool = False) -> bool:
    """Whether a hydrogen is an atom of its own: RDKit forgets a stereo bond like that of `[H]/N=C` in a copy.

    Args:
        parent: all of its fragments count.
        of_double_bonds: only hydrogens count that hang on the end of a double bond.
    """
    if parent.GetNumAtoms() == parent.GetNumHeavyAtoms():
        return False
    hydrogens = (atom for atom in parent.GetAtoms() if atom.GetAtomicNum() == _HYDROGEN)
    return any(not of_double_bonds or _ends_double_bond(atom.GetNeighbors()) for atom in hydrogens)


def _ends_double_bond(atoms: Sequence[Chem.Atom]) -> bool:
    return any(bond.GetBondType() == Chem.BondType.DOUBLE for atom in atoms for bond in atom.GetBonds())


def has_spiro_atom(parent: Chem.Mol) -> bool:
    """Whether two rings share one atom: centres that are known by such rings only come out by the order of the atoms.

    RDKit writes several canonical SMILES of the same molecule then (see `verification.keys`); the engine's is the one.
    """
    return bool(rdMolDescriptors.CalcNumSpiroAtoms(parent))


def fragile_atoms(parent: Chem.Mol) -> frozenset[int]:
    """The atoms of all fragments with non-tetrahedral stereo (square planes, octahedra), which the engine loses."""
    centres = {atom.GetIdx() for atom in parent.GetAtoms() if atom.GetChiralTag() not in _TETRAHEDRAL}
    if not centres:
        return frozenset()
    return frozenset(
        index for fragment in Chem.GetMolFrags(parent) if not centres.isdisjoint(fragment) for index in fragment
    )


def _is_plain_end(parent: Chem.Mol, index: int, degree: int, hydrogens: int) -> bool:
    atom = parent.GetAtomWithIdx(index)
    return (
        atom.GetDegree() == degree
        and not atom.GetNoImplicit()
        and not atom.GetNumExplicitHs()
        and (not hydrogens or atom.GetTotalNumHs() >= hydrogens)
    )


def products_of(
    parent: Chem.Mol,
    match: tuple[int, ...],
    steps: Sequence[Step],
    perceive: Sequence[bool],
    twins: Sequence[Twin | None],
) -> Iterator[tuple[int, str]]:
    """The rule of each step of a chain and the canonical SMILES that it makes at one match, each made when asked for.

    Args:
        parent: is copied.
        match: a plain one, see `is_plain`.
        steps: of a chain.
        perceive: of each step, whether the stereochemistry of its product must be perceived again.
        twins: of each step, the one whose product its own can be read off.
    """
    molecule, places = _beginning(parent, match, steps[0].recipe)
    made: list[str] = []
    done = bool(molecule.HasProp(STEREO_DONE))
    for step, undone, twin in zip(steps, perceive, twins, strict=True):
        for place, element in step.changes:
            molecule.GetAtomWithIdx(places[place]).SetAtomicNum(element)
        for place, atom, order in step.additions:
            index = molecule.AddAtom(atom)
            molecule.AddBond(places[place], index, order)
            places.append(index)
        if twin is not None:
            first, before, after = twin
            product = made[first].replace(before, after)
        else:
            if undone is done:
                if done:
                    molecule.ClearProp(STEREO_DONE)
                else:
                    molecule.SetIntProp(STEREO_DONE, 1)
                done = not done
            product = Chem.MolToSmiles(molecule, _CANONICAL)
        made.append(product)
        yield step.rule, product


def _beginning(parent: Chem.Mol, match: tuple[int, ...], recipe: Recipe) -> tuple[Chem.RWMol, list[int]]:
    """A copy without what the chain removes, and the places of the anchor and of slot 0, if that is there already."""
    molecule = Chem.RWMol(parent)
    anchor = match[recipe.anchor]
    if recipe.first is None:
        _give_up_hydrogen(molecule.GetAtomWithIdx(anchor))
        return molecule, [anchor]
    first = match[recipe.first]
    if recipe.doomed:
        doomed = [match[place] for place, _ in recipe.doomed]
        anchor -= sum(each < anchor for each in doomed)
        first -= sum(each < first for each in doomed)
        _remove(molecule, doomed)
    return molecule, [anchor, first]


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
