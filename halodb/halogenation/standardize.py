"""A parent as it is meant: without counter-ions, charges that a proton takes away, and labels of isotopes.

RDKit's MolStandardize does each step; which of them are taken, and of what, is decided here:

- salts: bonds to alkali and alkaline earth metals are opened, fragments without carbon go, so do RDKit's list of
  counter-ions and solvents and the organic acids and bases that salts are usually made with, where something else is
  left; of equal fragments one stays. A mixture of molecules that are none of these stays one.
- charges: a molecule that is charged as a whole gets or gives protons (a sodium phenolate becomes a phenol, a
  hydrochloride an amine). One that is neutral as a whole stays as it is, so that zwitterions are zwitterions;
  quaternary nitrogen and flavylium keep their charge.
- isotopes: labels are removed, deuterium and tritium become hydrogen.

Tautomers, nitro groups and stereochemistry are left as they were written.
"""

from __future__ import annotations

from functools import cache

from rdkit import Chem
from rdkit.Chem.MolStandardize import rdMolStandardize

from halodb.chemistry.elements import CARBON

STANDARDIZE_VERSION = 1
"""Raised when parents are standardized in another way: what was made of them is made anew."""

SALT, CHARGE, ISOTOPE = "salt", "charge", "isotope"
"""Kinds of changes."""

_METALS = "[Li,Na,K,Rb,Cs,Ca,Sr,Ba,Mg&D1,Mg&D2&!$([Mg]~[#7])]"


_ORGANIC_IONS = (
    *("O=CO", "O=C(O)C(=O)O", "O=C(O)CC(=O)O", "O=C(O)CCC(=O)O", "O=C(O)C=CC(=O)O", "O=C(O)CC(O)C(=O)O"),
    *("O=C(O)C(O)C(O)C(=O)O", "O=C(O)CC(O)(CC(=O)O)C(=O)O", "CC(O)C(=O)O", "O=C(O)C(O)C(O)C(O)C(O)CO"),
    *("Cc1ccc(S(=O)(=O)O)cc1", "O=S(=O)(O)c1ccccc1", "CCS(=O)(=O)O", "O=S(=O)(O)CCO", "O=S(=O)(O)c1cccc2ccccc12"),
    *("CC1(C)C2CCC1(CS(=O)(=O)O)C(=O)C2", "O=[N+]([O-])c1cc([N+](=O)[O-])c(O)c([N+](=O)[O-])c1"),
    *("CCN(CC)CC", "CCNCC", "NCCO", "OCCNCCO", "OCCN(CCO)CCO", "NC(CO)(CO)CO", "CNCC(O)C(O)C(O)C(O)CO"),
    *("N#CS", "O=C(O)C(F)(F)F", "CS(=O)(=O)O", "COS(=O)(=O)O"),
)
"""Acids and bases that are counter-ions beside another molecule, uncharged and without stereochemistry."""


@cache
def _organic_ions() -> frozenset[str]:
    return frozenset(Chem.MolToSmiles(Chem.MolFromSmiles(smiles)) for smiles in _ORGANIC_IONS)


@cache
def _disconnector() -> rdMolStandardize.MetalDisconnector:
    disconnector = rdMolStandardize.MetalDisconnector()
    disconnector.SetMetalNof(Chem.MolFromSmarts(f"{_METALS}~[#7,#8,F]"))
    disconnector.SetMetalNon(Chem.MolFromSmarts(f"{_METALS}~[#16,Cl,Br,I]"))
    return disconnector


@cache
def _metal_bond() -> Chem.Mol:
    return Chem.MolFromSmarts(f"{_METALS}~[#7,#8,#16,F,Cl,Br,I]")


@cache
def _counter_ions() -> rdMolStandardize.FragmentRemover:
    return rdMolStandardize.FragmentRemover(skip_if_all_match=True)


@cache
def _uncharger() -> rdMolStandardize.Uncharger:
    return rdMolStandardize.Uncharger()


def standardize(molecule: Chem.Mol) -> tuple[Chem.Mol, list[str]]:
    """The molecule that is meant, and what was changed: some of `salt`, `charge`, `isotope`, in this order.

    Args:
        molecule: a sanitized one; it is left as it is.

    Example:
        >>> molecule, changes = standardize(Chem.MolFromSmiles("[Na+].[O-]c1ccc([2H])cc1"))
        >>> Chem.MolToSmiles(molecule), changes
        ('Oc1ccccc1', ['salt', 'charge', 'isotope'])
        >>> standardize(Chem.MolFromSmiles("[NH3+]CC(=O)[O-]"))[1]
        []
    """
    changes = []
    for kind, step in ((SALT, _without_salts), (CHARGE, _without_charge), (ISOTOPE, _without_isotopes)):
        made = step(molecule)
        if made is not None:
            molecule = made
            changes.append(kind)
    return molecule, changes


def _without_salts(molecule: Chem.Mol) -> Chem.Mol | None:
    opened = molecule
    if molecule.HasSubstructMatch(_metal_bond()):
        opened = _disconnector().Disconnect(molecule)
        Chem.SanitizeMol(opened)
    if opened is molecule and len(Chem.GetMolFrags(molecule)) == 1:
        return None
    fragments = _organic(opened)
    if len(fragments) > 1:
        fragments = [each for each in fragments if _flat(each) not in _organic_ions()] or fragments
    kept = _joined(fragments) if fragments else opened
    if len(Chem.GetMolFrags(kept)) > 1:
        kept = _counter_ions().remove(kept)
    return None if Chem.MolToSmiles(kept) == Chem.MolToSmiles(molecule) else kept


def _organic(molecule: Chem.Mol) -> list[Chem.Mol]:
    """The fragments with carbon, of equal ones one; none where none has."""
    found: dict[str, Chem.Mol] = {}
    for fragment in Chem.GetMolFrags(molecule, asMols=True):
        if any(atom.GetAtomicNum() == CARBON for atom in fragment.GetAtoms()):
            found.setdefault(Chem.MolToSmiles(fragment), fragment)
    return list(found.values())


def _flat(molecule: Chem.Mol) -> str:
    """The SMILES of an uncharged molecule without stereochemistry."""
    return Chem.MolToSmiles(_uncharger().uncharge(molecule), isomericSmiles=False)


def _joined(fragments: list[Chem.Mol]) -> Chem.Mol:
    joined = fragments[0]
    for fragment in fragments[1:]:
        joined = Chem.CombineMols(joined, fragment)
    if len(fragments) > 1:
        Chem.SanitizeMol(joined)
    return joined


def _without_charge(molecule: Chem.Mol) -> Chem.Mol | None:
    if Chem.GetFormalCharge(molecule) == 0:
        return None
    made = _uncharger().uncharge(molecule)
    return None if _charges(made) == _charges(molecule) else made


def _charges(molecule: Chem.Mol) -> list[int]:
    return [atom.GetFormalCharge() for atom in molecule.GetAtoms()]


def _without_isotopes(molecule: Chem.Mol) -> Chem.Mol | None:
    if not any(atom.GetIsotope() for atom in molecule.GetAtoms()):
        return None
    made = Chem.Mol(molecule)
    for atom in made.GetAtoms():
        atom.SetIsotope(0)
    made = Chem.RemoveHs(made)
    Chem.AssignStereochemistry(made, cleanIt=True, force=True)
    return made
