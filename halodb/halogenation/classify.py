"""A simple classification by structure, for parents whose file names no class.

Rules of thumb, tried in this order: sugars by the share of atoms in sugar rings, peptides by their backbone, lipids
by an unbranched chain, alkaloids by a nitrogen that is neither of an amide nor of a nitro group, polyphenols by a
phenol or aryl ether that is not a small part of a terpene skeleton, terpenoids by their branching methyl groups.
"""

from __future__ import annotations

import functools

from rdkit import Chem

_PATTERNS = {
    "sugar_ring": "[OX2;R]1[CX4;R][CX4;R][CX4;R][CX4;R,$([CX4])]1",
    "sugar_ring_6": "[OX2;R]1[CX4;R][CX4;R][CX4;R][CX4;R][CX4;R]1",
    "hydroxyl_on_ring": "[CX4;R][OX2,NX3;!$([OX2;R])]",
    "backbone": "[NX3,NX4+;!$(N[#6]=[#7])][CX4;H1,H2][CX3](=[OX1])[OX2H,OX1-,NX3]",
    "free_amino_acid": "[$([NX3;H2,H1;!$(NC=O)]),$([NX4+;H3,H2])][CX4;H1,H2][CX3](=[OX1])[OX2H,OX1-]",
    "chain": "[C;!R;D2]~[C;!R;D2]~[C;!R;D2]~[C;!R;D2]~[C;!R;D2]~[C;!R;D2]~[C;!R;D2]",
    "ring_nitrogen": "[#7;R;!$([#7][CX3]=[OX1])]",
    "amine": "[#7;!$([#7][#6]=[OX1]);!$([#7](=O)~O);!$([#7]=[#6]-[#7])]",
    "aryl_oxygen": "[c;!$(c[n,o,s]);R]-[OX2]",
    "branching_methyl": "[CH3][C;D3,D4]",
}
_SUGAR_SHARE = 0.75
_AROMATIC_SHARE = 0.34
_PEPTIDE_RESIDUES = 2
_MOST_ATOMS_OF_AN_AMINO_ACID = 20
_TERPENE_CARBONS = 10


@functools.cache
def _patterns() -> dict[str, Chem.Mol]:
    return {name: Chem.MolFromSmarts(smarts) for name, smarts in _PATTERNS.items()}


def classify(molecule: Chem.Mol) -> str:
    """The class of a sanitized molecule, one of `halodb.rules.CLASSES`."""
    pattern = _patterns()
    heavy = molecule.GetNumHeavyAtoms()
    carbons = sum(atom.GetAtomicNum() == 6 for atom in molecule.GetAtoms())  # noqa: PLR2004  carbon
    nitrogen = any(atom.GetAtomicNum() == 7 for atom in molecule.GetAtoms())  # noqa: PLR2004  nitrogen
    if _sugar_atoms(molecule) >= _SUGAR_SHARE * heavy:
        return "polysaccharide"
    if nitrogen:
        residues = len(molecule.GetSubstructMatches(pattern["backbone"]))
        small = heavy <= _MOST_ATOMS_OF_AN_AMINO_ACID and molecule.HasSubstructMatch(pattern["free_amino_acid"])
        if residues >= _PEPTIDE_RESIDUES or small:
            return "aa_peptide"
    aromatic = sum(atom.GetIsAromatic() for atom in molecule.GetAtoms())
    if not aromatic and molecule.HasSubstructMatch(pattern["chain"]):
        return "lipid"
    if molecule.HasSubstructMatch(pattern["ring_nitrogen"]) or molecule.HasSubstructMatch(pattern["amine"]):
        return "alkaloid"
    methyls = len(molecule.GetSubstructMatches(pattern["branching_methyl"]))
    terpene = carbons >= _TERPENE_CARBONS and methyls >= max(2, carbons // 10)
    if molecule.HasSubstructMatch(pattern["aryl_oxygen"]) and not (terpene and aromatic < _AROMATIC_SHARE * carbons):
        return "polyphenol"
    return "terpenoid" if terpene else "other"


def _sugar_atoms(molecule: Chem.Mol) -> int:
    """Atoms of sugar rings, with the oxygens and the CH2OH that hang on them."""
    pattern = _patterns()
    atoms: set[int] = set()
    for name in ("sugar_ring", "sugar_ring_6"):
        for ring in molecule.GetSubstructMatches(pattern[name]):
            outside = {
                neighbor.GetIdx()
                for index in ring
                for neighbor in molecule.GetAtomWithIdx(index).GetNeighbors()
                if not neighbor.IsInRing()
            }
            oxygens = sum(molecule.GetAtomWithIdx(index).GetAtomicNum() in {7, 8} for index in outside)
            if oxygens >= 2:  # noqa: PLR2004  a furan or pyran ring alone is no sugar
                further = {
                    neighbor.GetIdx()
                    for index in outside
                    if molecule.GetAtomWithIdx(index).GetAtomicNum() == 6  # noqa: PLR2004  carbon
                    for neighbor in molecule.GetAtomWithIdx(index).GetNeighbors()
                    if neighbor.GetAtomicNum() == 8  # noqa: PLR2004  oxygen
                }
                atoms |= set(ring) | outside | further
    return len(atoms)
