"""From the SMILES of a parent to a molecule, or to the reason why it is none.

Two ways lead there. `parse_parent` takes any text, checks it and sanitizes the molecule. `parse_attested` takes a
SMILES that the RDKit in use wrote as canonical, and leaves out what that already proves: it takes a third of the time.
"""

from __future__ import annotations

import re

from rdkit import Chem

from halodb.chemistry.elements import AROMATIC_SYMBOLS, SYMBOLS
from halodb.chemistry.extension import split_smiles
from halodb.chemistry.plain_smiles import PlainSmiles

TEXT_AFTER = "text after the SMILES"
_SHOWN = 60

_CHARACTERS_AN_ATOM = 100
"""A heavy atom as any program writes it takes fewer, with isotope, charge, hydrogen count, map number, ring numbers and
hydrogens as atoms of their own: `([13C@@H2-:123]=1%12(/[2H:124])[2H:125])` is 40."""
_CHARACTERS_BESIDE = 1000
"""For a name or an extension after the SMILES."""

_FIRST_LETTERS = "".join({symbol[0] for symbol in (*SYMBOLS.values(), *AROMATIC_SYMBOLS.values())})
_NO_ATOM_IN_SIGHT = re.compile(rf"\[[^\[\]]*|[^\[{_FIRST_LETTERS}]")
"""All that is not the first letter of an atom outside brackets; those in brackets may be hydrogens."""


class ParentRejectedError(Exception):
    """A parent that cannot be used; the text is the reason, its part before a colon is stable."""


def longest_smiles(max_heavy_atoms: int) -> int:
    """Characters that the SMILES of a molecule with so many heavy atoms may have: longer ones are not even parsed.

    >>> longest_smiles(1000)
    101000
    """
    return _CHARACTERS_AN_ATOM * max_heavy_atoms + _CHARACTERS_BESIDE


def parse_parent(smiles: str | None, max_heavy_atoms: int) -> Chem.Mol:
    """Parse and sanitize a parent.

    Atoms are numbered as in the SMILES. Hydrogens written as atoms of their own (`[H]`) become counts of their
    neighbours and take no number, but for those that RDKit keeps: isotopes, hydrides, H2.

    Args:
        smiles: the text, with white space or a harmless CXSMILES extension around it.
        max_heavy_atoms: how many atoms other than hydrogen it may have.

    Raises:
        ParentRejectedError: empty SMILES, one that is too long (see `longest_smiles`) or does not parse, a text or an
            extension after it, a valence is impossible, or it has too many atoms.

    >>> parse_parent("Oc1ccccc1", max_heavy_atoms=100).GetNumAtoms()
    7
    >>> parse_parent("Oc1ccccc1 phenol", max_heavy_atoms=100)
    Traceback (most recent call last):
    ...
    halodb.chemistry.parse.ParentRejectedError: text after the SMILES: phenol
    """
    if smiles is None:
        raise ParentRejectedError("empty SMILES")
    longest = longest_smiles(max_heavy_atoms)
    if len(smiles) > longest:
        raise ParentRejectedError(f"SMILES is too long: {len(smiles)} characters, more than {longest}")
    text = bare_smiles(smiles.strip())
    if not text:
        raise ParentRejectedError("empty SMILES")
    if len(text) > max_heavy_atoms:  # with fewer characters it cannot have too many atoms
        _check_size(text, max_heavy_atoms)
    molecule = Chem.MolFromSmiles(text) if text.isascii() else None
    if molecule is None:
        raise ParentRejectedError(_why(text))
    return molecule


def bare_smiles(text: str) -> str:
    """A SMILES without what follows it and changes nothing; RDKit would ignore any of it silently.

    Raises:
        ParentRejectedError: what follows is a name, the rest of a broken SMILES, or says more of the molecule.
    """
    smiles, rest, refusal = split_smiles(text)
    if refusal is not None:
        raise ParentRejectedError(refusal)
    if rest:
        raise ParentRejectedError(f"{TEXT_AFTER}: {rest[:_SHOWN]}")
    return smiles


def _check_size(smiles: str, max_heavy_atoms: int) -> None:
    """Count atoms before anything that may take long in a large molecule: to pair ring numbers, to find its rings."""
    in_sight = len(_NO_ATOM_IN_SIGHT.sub("", smiles))
    if in_sight <= max_heavy_atoms:
        unsanitized = Chem.MolFromSmiles(smiles, sanitize=False)
        if unsanitized is None or unsanitized.GetNumHeavyAtoms() <= max_heavy_atoms:
            return
    raise ParentRejectedError(f"more than {max_heavy_atoms} heavy atoms")


def parse_attested(smiles: PlainSmiles) -> Chem.Mol | None:
    """Parse a plain SMILES that this very RDKit wrote as canonical, without checking again what it then checked.

    Valences are possible and aromaticity is as written; what is left out (Kekule structures, conjugation,
    hybridization, radicals) decides neither the products of plain molecules nor the matches of most queries, see
    `query_group.QueryGroup.matches_unsanitized`. Stereochemistry is perceived later, by `perceive_stereo`, for parents
    that have a site.

    Args:
        smiles: a plain one that RDKit wrote.

    Returns:
        The molecule, or None where the text is no SMILES after all.
    """
    molecule = Chem.MolFromSmiles(smiles, sanitize=False)
    if molecule is not None:
        # Hydrogens and rings, in half the time of UpdatePropertyCache and GetSymmSSSR, which hands out the rings too.
        Chem.SanitizeMol(molecule, Chem.SanitizeFlags.SANITIZE_SYMMRINGS)
    return molecule


def perceive_stereo(molecule: Chem.Mol) -> None:
    """Perceive stereochemistry as a full parse does: of double bonds, and which centres as written are none."""
    Chem.AssignStereochemistry(molecule, cleanIt=True, force=True)


def _why(smiles: str) -> str:
    unsanitized = Chem.MolFromSmiles(smiles, sanitize=False) if smiles.isascii() else None
    if unsanitized is None:
        return "SMILES does not parse"
    try:
        problems = Chem.DetectChemistryProblems(unsanitized)
    except RuntimeError:  # where hydrogens are too many, RDKit breaks off
        problems = ()
    return f"SMILES is not a molecule: {problems[0].Message()}" if problems else "SMILES is not a molecule"
