"""Making the products of one match: atoms and bonds are set on one copy of the parent, product after product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rdkit import Chem

from halodb.chemistry.edit_sequence import EditSequence
from halodb.chemistry.query_group import Match
from halodb.chemistry.substitution import Substitution

STEREO_DONE = "_StereochemDone"
"""RDKit's mark of a molecule whose stereochemistry is perceived: MolToSmiles perceives it where the mark is missing."""

_CANONICAL = Chem.SmilesWriteParams()


def edited_products(
    parent: Chem.Mol, match: Match, sequence: EditSequence, perceive: Sequence[bool]
) -> Iterator[tuple[int, str]]:
    """The rule of each step of a sequence and the canonical SMILES that it makes at one match, made when asked for.

    Args:
        parent: is copied.
        match: one that edits may do, see `edit_conditions`.
        sequence: of the query.
        perceive: of each step, whether the stereochemistry of its product must be perceived again.
    """
    molecule, places = _without_old_group(parent, match, sequence.strictest)
    done = bool(molecule.HasProp(STEREO_DONE))
    for step, undone in zip(sequence.steps, perceive, strict=True):
        for place, element in step.changes:
            molecule.GetAtomWithIdx(places[place]).SetAtomicNum(element)
        for place, atom, order in step.additions:
            index = molecule.AddAtom(atom)
            molecule.AddBond(places[place], index, order)
            places.append(index)
        if undone is done:
            if done:
                molecule.ClearProp(STEREO_DONE)
            else:
                molecule.SetIntProp(STEREO_DONE, 1)
            done = not done
        yield step.rule, Chem.MolToSmiles(molecule, _CANONICAL)


def _without_old_group(parent: Chem.Mol, match: Match, substitution: Substitution) -> tuple[Chem.RWMol, list[int]]:
    """A copy without the leaving group or a hydrogen; the places of the attachment atom and, if there, of the head."""
    molecule = Chem.RWMol(parent)
    attachment = match[substitution.attachment]
    if substitution.head is None:
        _give_up_hydrogen(molecule.GetAtomWithIdx(attachment))
        return molecule, [attachment]
    head = match[substitution.head]
    if substitution.leaving_group:
        leaving = [match[place] for place, _ in substitution.leaving_group]
        attachment -= sum(each < attachment for each in leaving)
        head -= sum(each < head for each in leaving)
        _remove(molecule, leaving)
    return molecule, [attachment, head]


def _give_up_hydrogen(atom: Chem.Atom) -> None:
    """What the engine does to an atom that gains a bond: hydrogens are counted anew, neighbours keep their order.

    The hydrogen of a stereo centre comes first in the order of its neighbours, a new atom last: an odd permutation.
    """
    atom.SetNoImplicit(False)
    atom.SetNumExplicitHs(0)
    if atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED:
        atom.InvertChirality()


def _remove(molecule: Chem.RWMol, atoms: list[int]) -> None:
    """Remove atoms; the rings, which RDKit then forgets, are found once for all products of the sequence."""
    done = molecule.HasProp(STEREO_DONE)
    molecule.BeginBatchEdit()
    for index in atoms:
        molecule.RemoveAtom(index)
    molecule.CommitBatchEdit()
    Chem.GetSymmSSSR(molecule)
    if done:
        molecule.SetIntProp(STEREO_DONE, 1)
