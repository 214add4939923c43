"""A simple classification by structure, for parents whose file names no class.

Rules of thumb, tried in this order: sugars by the share of atoms in sugar rings, nucleosides are `other`, peptides by
their backbone and amino acids by both groups, steroids without a nitrogen in a ring are terpenoids, lipids by an
unbranched chain, or by one that ends in an acid, alkaloids by a nitrogen that is neither of an amide nor of a nitro
group (an aminobenzoic acid is a polyphenol), polyphenols by a phenol, an aryl ether or a cinnamic acid that is not a
small part of a terpene skeleton, terpenoids by their branching methyl groups, or by the p-cymene skeleton.

Of the 247 natural products that halodb ships, whose classes people gave, these rules tell 235 rightly.
"""

from __future__ import annotations

import functools

from rdkit import Chem

from halodb.chemistry.elements import HALOGENS

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
    "nucleoside": "[nX3;R]-[CX4;R]1[OX2][CX4][CX4][CX4]1",
    "aliphatic_amino_acid": (
        "[$([NX3;H2,H1;!$(NC=O)]),$([NX4+;H3,H2])]-[CX4;!R]~[C;!R]~[C;!R]~[CX3](=[OX1])[OX2H,OX1-]"
    ),
    "guanidino_acid": "NC(=N)[NX3][CX4;!R][CX3](=[OX1])[OX2H,OX1-]",
    "beta_alanyl": "[NX3;H2][CX4;H2][CX4;H2][CX3](=[OX1])[NX3][CX4][CX3](=[OX1])[OX2H,OX1-]",
    "steroid": "[#6]1~[#6]~[#6]~[#6]2~[#6](~[#6]~1)~[#6]~[#6]~[#6]1~[#6]~2~[#6]~[#6]~[#6]2~[#6]~[#6]~[#6]~[#6]~1~2",
    "acid_chain": "[CX3;!R](=[OX1])([OX2H,OX1-])[CX4;!R;H2][CX4;!R;H2][C;!R]~[C;!R]~[C;!R]~[C;!R]-[CX4;R]",
    "cyclopentanyl_acid": (
        "[CX3;!R](=[OX1])([OX2H,OX1-])[CX4;H2][CX4;R]1[#6;R][#6;R]C(=O)[CX4;R]1[CX4;!R][CX3;!R]=[CX3]"
    ),
    "aminobenzoic_acid": "[NX3;H2]-!@c:c-!@[CX3](=[OX1])[OX2,OX1-]",
    "para_aminobenzoic_acid": "[NX3;H2]-!@c1:c:c:c(-!@[CX3](=[OX1])[OX2,OX1-]):c:c:1",
    "alditol": "[OX2H][CX4;H2][CX4;H1]([OX2H])[CX4;H1]([OX2H])[CX4;H1]([OX2H])",
    "cinnamic_acid": "c1ccccc1-[CX3]=[CX3]-[CX3](=[OX1])[OX2,OX1-]",
    "cymene": "[CH3][CX4;H1]([CH3])c1ccc([CH3])cc1",
    "branching_methyl": "[CH3][C;D3,D4]",
}
_SUGAR_SHARE = 0.75
_AROMATIC_SHARE = 0.34
_PEPTIDE_RESIDUES = 2
_MOST_ATOMS_OF_AN_AMINO_ACID = 20
_MOST_ATOMS_OF_AN_AMINOBENZOIC_ACID = 14
_MOST_CARBONS_OF_A_CYMENE = 12
_TERPENE_CARBONS = 10


@functools.cache
def _patterns() -> dict[str, Chem.Mol]:
    return {name: Chem.MolFromSmarts(smarts) for name, smarts in _PATTERNS.items()}


def classify(molecule: Chem.Mol) -> str:  # noqa: PLR0911  a class each
    """The class of a sanitized molecule, one of `halodb.rules.CLASSES`."""
    pattern = _patterns()
    heavy = molecule.GetNumHeavyAtoms()
    carbons = sum(atom.GetAtomicNum() == 6 for atom in molecule.GetAtoms())  # noqa: PLR2004  carbon
    nitrogen = any(atom.GetAtomicNum() == 7 for atom in molecule.GetAtoms())  # noqa: PLR2004  nitrogen

    def has(name: str) -> bool:
        return molecule.HasSubstructMatch(pattern[name])

    if _sugar_atoms(molecule) >= _SUGAR_SHARE * heavy or (heavy == 2 * carbons and has("alditol")):
        return "polysaccharide"
    if nitrogen:
        if has("nucleoside"):
            return "other"
        residues = len(molecule.GetSubstructMatches(pattern["backbone"]))
        size = heavy - sum(atom.GetAtomicNum() in HALOGENS for atom in molecule.GetAtoms())
        acid = any(map(has, ("free_amino_acid", "aliphatic_amino_acid", "guanidino_acid", "beta_alanyl")))
        if residues >= _PEPTIDE_RESIDUES or (size <= _MOST_ATOMS_OF_AN_AMINO_ACID and acid):
            return "aa_peptide"
    ring_nitrogen = has("ring_nitrogen")
    if not ring_nitrogen and has("steroid"):
        return "terpenoid"
    aromatic = sum(atom.GetIsAromatic() for atom in molecule.GetAtoms())
    if not aromatic and (has("chain") or has("acid_chain") or has("cyclopentanyl_acid")):
        return "lipid"
    if ring_nitrogen or has("amine"):
        small = heavy <= _MOST_ATOMS_OF_AN_AMINOBENZOIC_ACID and not ring_nitrogen
        benzoic = small and (has("aminobenzoic_acid") or has("para_aminobenzoic_acid"))
        return "polyphenol" if benzoic else "alkaloid"
    methyls = len(molecule.GetSubstructMatches(pattern["branching_methyl"]))
    terpene = carbons >= _TERPENE_CARBONS and methyls >= max(2, carbons // 10)
    if carbons <= _MOST_CARBONS_OF_A_CYMENE and has("cymene"):
        return "terpenoid"
    phenolic = has("aryl_oxygen") or has("cinnamic_acid")
    if phenolic and not (terpene and aromatic < _AROMATIC_SHARE * carbons):
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
