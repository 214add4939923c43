"""Where an edit does what RDKit's reaction engine would do, and where the engine must do it itself.

Read off ReactionRunner.cpp of RDKit 2026.09 and tested molecule by molecule in `tests/chemistry/test_edits.py`. The
engine copies the parent atom by atom; what gets lost or changes on that way an edit would keep, so such parents and
matches are left to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from halodb.chemistry.edit_sequence import EditSequence
from halodb.chemistry.elements import CARBON, HYDROGEN
from halodb.chemistry.query_group import Match
from halodb.chemistry.substitution import Substitution

_TETRAHEDRAL = frozenset(
    {Chem.ChiralType.CHI_UNSPECIFIED, Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW}
)


def edits_match(molecule: Chem.Mol, match: Match, sequence: EditSequence, *, stereo_bonds: bool) -> bool:
    """Whether the products of a sequence at one match may be made by edits.

    Args:
        molecule: the parent.
        match: atoms of the parent, in the order of the query's.
        sequence: of the query.
        stereo_bonds: whether the parent may have stereo double bonds.
    """
    substitution = sequence.strictest
    return _is_ordinary(molecule, match, substitution) and not (
        stereo_bonds and _has_stereo_bond(molecule, match, substitution)
    )


def has_aromatic_direction(molecule: Chem.Mol) -> bool:
    """Whether an aromatic bond says on which side of a double bond it is: the engine forgets such directions."""
    none = Chem.BondDir.NONE
    return any(bond.GetBondDir() != none and bond.GetIsAromatic() for bond in molecule.GetBonds())


def has_hydrogen_atom(molecule: Chem.Mol, *, of_double_bonds: bool = False) -> bool:
    """Whether a hydrogen is an atom of its own: RDKit forgets a stereo bond like that of `[H]/N=C` in a copy.

    Args:
        molecule: all of its fragments count.
        of_double_bonds: only hydrogens count that are bonded to an atom of a double bond.
    """
    if molecule.GetNumAtoms() == molecule.GetNumHeavyAtoms():
        return False
    hydrogens = (atom for atom in molecule.GetAtoms() if atom.GetAtomicNum() == HYDROGEN)
    return any(not of_double_bonds or _is_in_double_bond(atom.GetNeighbors()) for atom in hydrogens)


def has_spiro_atom(molecule: Chem.Mol) -> bool:
    """Whether two rings share one atom: centres that are known by such rings only come out by the order of the atoms.

    RDKit writes several canonical SMILES of the same molecule then (see `verification.keys`); the engine's is the one.
    """
    return bool(rdMolDescriptors.CalcNumSpiroAtoms(molecule))


def atoms_beside_nontetrahedral_stereo(molecule: Chem.Mol) -> frozenset[int]:
    """The atoms of all fragments with non-tetrahedral stereo (square planes, octahedra), which the engine loses."""
    centres = {atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetChiralTag() not in _TETRAHEDRAL}
    if not centres:
        return frozenset()
    return frozenset(
        index for fragment in Chem.GetMolFrags(molecule) if not centres.isdisjoint(fragment) for index in fragment
    )


def _is_ordinary(molecule: Chem.Mol, match: Match, substitution: Substitution) -> bool:
    """Whether a match has nothing that the engine treats otherwise than to exchange the group.

    Atoms that hang on the group would get lost; a charge, an isotope or a radical is kept or not; the product may be no
    molecule. An atom that may have implicit hydrogens was not in brackets, so it has none of these three.
    """
    attachment = molecule.GetAtomWithIdx(match[substitution.attachment])
    if attachment.GetNoImplicit() and (attachment.GetFormalCharge() or attachment.GetNumRadicalElectrons()):
        return False
    if substitution.head is None:
        return (
            attachment.GetTotalNumHs() >= substitution.hydrogens
            and not attachment.GetIsotope()
            and not attachment.GetAtomMapNum()  # of the parent's, which the engine forgets
            and (not attachment.GetIsAromatic() or attachment.GetAtomicNum() == CARBON)
            and attachment.GetChiralTag() in _TETRAHEDRAL
        )
    return _is_ordinary_atom(
        molecule, match[substitution.head], substitution.head_degree, substitution.hydrogens
    ) and all(_is_ordinary_atom(molecule, match[place], degree, 0) for place, degree in substitution.leaving_group)


def _is_ordinary_atom(molecule: Chem.Mol, index: int, degree: int, hydrogens: int) -> bool:
    """Whether an atom of the old group has no neighbours but those of the query, and is not in brackets."""
    atom = molecule.GetAtomWithIdx(index)
    return (
        atom.GetDegree() == degree
        and not atom.GetNoImplicit()
        and not atom.GetNumExplicitHs()
        and (not hydrogens or atom.GetTotalNumHs() >= hydrogens)
    )


def _has_stereo_bond(molecule: Chem.Mol, match: Match, substitution: Substitution) -> bool:
    """Whether the attachment atom is in a stereo double bond: the engine may drop it when it exchanges a neighbour."""
    attachment = molecule.GetAtomWithIdx(match[substitution.attachment])
    return any(
        bond.GetBondType() == Chem.BondType.DOUBLE and bond.GetStereo() != Chem.BondStereo.STEREONONE
        for bond in attachment.GetBonds()
    )


def _is_in_double_bond(atoms: Sequence[Chem.Atom]) -> bool:
    return any(bond.GetBondType() == Chem.BondType.DOUBLE for atom in atoms for bond in atom.GetBonds())
