"""A parent that has sites: its molecule, and the facts about it that decide how its products are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from rdkit import Chem

from halodb.chemistry.edit_conditions import (
    atoms_beside_nontetrahedral_stereo,
    has_aromatic_direction,
    has_hydrogen_atom,
    has_spiro_atom,
)
from halodb.chemistry.parse import perceive_stereo
from halodb.chemistry.plain_smiles import PlainSmiles
from halodb.chemistry.stereo import Stereo


@dataclass(frozen=True)
class Parent:
    """A parent and what is known of it.

    Attributes:
        smiles: as it was given.
        plain: the same, where it is a plain SMILES.
        molecule: parsed from it.
        unsanitized: whether that was done by `parse.parse_attested`.
        has_stereo: whether it may have stereo centres or stereo double bonds.
        has_stereo_bonds: whether it may have stereo double bonds.
        has_spiro_centres: whether it may have stereo centres in rings that share one atom with another ring.
        fragile: atoms of fragments with non-tetrahedral stereo, which RDKit's engine loses: only edits may touch them.
        may_be_edited: whether edits may make its products, at matches that `edit_conditions` admits.
        sugars: the atoms of its sugars, where a rule masks them.
    """

    smiles: str
    plain: PlainSmiles | None
    molecule: Chem.Mol
    unsanitized: bool
    has_stereo: bool
    has_stereo_bonds: bool
    has_spiro_centres: bool
    fragile: frozenset[int]
    may_be_edited: bool
    sugars: frozenset[int] = frozenset()

    @cached_property
    def stereo(self) -> Stereo | None:
        """What is known of where edits leave stereochemistry alone; None where nothing is."""
        if self.plain is None:
            return None
        stereo = Stereo(self.molecule, self.plain, bonds=self.has_stereo_bonds)
        return stereo if stereo.centres else None

    @cached_property
    def sanitized(self) -> Chem.Mol:
        """The molecule for RDKit's reaction engine."""
        return Chem.MolFromSmiles(self.smiles) if self.unsanitized else self.molecule


def examine(
    smiles: str,
    plain: PlainSmiles | None,
    molecule: Chem.Mol,
    *,
    unsanitized: bool,
    edits: bool,
    sugars: frozenset[int] = frozenset(),
) -> Parent:
    """Find out about a parent what decides how its products are made.

    Args:
        smiles: the parent.
        plain: the same, where it is a plain SMILES.
        molecule: just parsed from it; stereo double bonds are perceived in it where they were not yet.
        unsanitized: whether it was parsed by `parse.parse_attested`.
        edits: whether edits are known to be right with the RDKit in use.
        sugars: the atoms of its sugars, where a rule masks them.
    """
    bonds, centres = "/" in smiles or "\\" in smiles, "@" in smiles
    if bonds and unsanitized:
        perceive_stereo(molecule)
    fragile = atoms_beside_nontetrahedral_stereo(molecule) if centres and plain is None else frozenset()
    if plain is not None:
        lost = False
    elif fragile:
        lost = bonds and has_hydrogen_atom(molecule, of_double_bonds=True)
    else:
        lost = "." in smiles or has_hydrogen_atom(molecule)
    edits = edits and not lost and not (bonds and has_aromatic_direction(molecule))
    spiro = edits and centres and not fragile and has_spiro_atom(molecule)
    parent = Parent(
        smiles=smiles,
        plain=plain,
        molecule=molecule,
        unsanitized=unsanitized,
        has_stereo=bonds or centres,
        has_stereo_bonds=bonds,
        has_spiro_centres=spiro,
        fragile=fragile,
        may_be_edited=edits,
        sugars=sugars,
    )
    # Where spiro rings may decide a centre, the proof must tell that they do not.
    return parent if not spiro or parent.stereo is not None else replace(parent, may_be_edited=False)
