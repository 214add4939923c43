"""From the SMILES of a parent to a molecule, or to the reason why it is none."""

from __future__ import annotations

from rdkit import Chem


class ParentRejectedError(Exception):
    """A parent that cannot be used; the text is the reason, its part before a colon is stable."""


def parse_parent(smiles: str | None, max_heavy_atoms: int) -> Chem.Mol:
    """Parse and sanitize a parent.

    Atoms are numbered as in the SMILES. Hydrogens written as atoms of their own (`[H]`) become counts of their
    neighbours and take no number, but for those that RDKit keeps: isotopes, hydrides, H2.

    Raises:
        ParentRejectedError: empty SMILES, one that does not parse, a valence is impossible, or it has too many atoms.
    """
    if smiles is None or not smiles.strip():
        raise ParentRejectedError("empty SMILES")
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise ParentRejectedError(_why(smiles))
    if molecule.GetNumHeavyAtoms() > max_heavy_atoms:
        raise ParentRejectedError(f"more than {max_heavy_atoms} heavy atoms")
    return molecule


def parse_attested(smiles: str) -> Chem.Mol | None:
    """Parse a plain SMILES that this very RDKit wrote as canonical, without checking again what it then checked.

    Valences are possible and aromaticity is as written; what is left out (Kekule structures, conjugation,
    hybridization, radicals) decides neither matches nor products of plain molecules. Double bonds' stereochemistry is
    perceived later, by `perceive_bonds`, for parents that have a site.

    Args:
        smiles: plain, see `screen.is_plain_smiles`.

    Returns:
        The molecule, or None where the text is no SMILES after all.
    """
    molecule = Chem.MolFromSmiles(smiles, sanitize=False)
    if molecule is not None:
        # Hydrogens and rings, in half the time of UpdatePropertyCache and GetSymmSSSR, which hands out the rings too.
        Chem.SanitizeMol(molecule, Chem.SanitizeFlags.SANITIZE_SYMMRINGS)
    return molecule


def perceive_bonds(molecule: Chem.Mol) -> None:
    """Perceive the stereochemistry of double bonds as a full parse does; stereo centres are as written."""
    Chem.AssignStereochemistry(molecule, cleanIt=True, force=True)


def _why(smiles: str) -> str:
    unsanitized = Chem.MolFromSmiles(smiles, sanitize=False)
    if unsanitized is None:
        return "SMILES does not parse"
    problems = Chem.DetectChemistryProblems(unsanitized)
    return f"SMILES is not a molecule: {problems[0].Message()}" if problems else "SMILES is not a molecule"
