"""What an index holds of a molecule: fingerprints and descriptors, equal to RDKit's of that very molecule.

Most of it is the same for halogen analogues, whose SMILES differ in terminal halogens alone, or follows from their
elements. RDKit's definitions do not ask which halogen hangs on a carbon, but for:

- Weights and the Morgan fingerprint, which are computed of each analogue, on the molecule of the first with its
  halogens set to the other elements: it need not be parsed again.
- Crippen's logP is a sum over the atoms. A halogen has a term of its own, and so has an aromatic carbon with one
  (Wildman and Crippen, J. Chem. Inf. Comput. Sci. 1999, 39, 868: C14 to C17). The terms are summed in RDKit's order,
  so that not even the last bit differs.
- A bond to CF3, CCl3 or CBr3 does not count as rotatable, and one to CI3 does: such molecules are not shared, nor are
  those with a halogen on another element than carbon.

`tests/chemistry/test_facts.py` holds it against RDKit.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

from halodb.chemistry.elements import CARBON, HALOGENS
from halodb.chemistry.fingerprints import COUNTED, morgan_of, screen_of
from halodb.chemistry.halogen_patterns import halogens_are_terminal
from halodb.chemistry.plain_smiles import plain_smiles

_PATTERNS_KEPT = 1024
"""Some 10 MB. Analogues are a few hundred rows apart at most."""
_SHARED_HALOGENS = 2
"""Of one carbon, at most: with three its bond may be no rotatable one."""

_ANY_HALOGEN = re.compile("|".join(sorted(HALOGENS.values(), key=len, reverse=True)))
_NUMBERS = {symbol: number for number, symbol in HALOGENS.items()}
_MARK = "\x01"


class Facts(NamedTuple):
    """What an index holds of a molecule: fingerprints as bytes, weights in g/mol, the area in square angstroms."""

    screen: bytes
    morgan: bytes
    morgan_count: int
    n_f: int
    n_cl: int
    n_br: int
    n_i: int
    mol_weight: float
    exact_mass: float
    logp: float
    tpsa: float
    fraction_csp3: float
    hbd: int
    hba: int
    rotatable_bonds: int
    rings: int
    heavy_atoms: int
    formal_charge: int
    n_c: int
    n_n: int
    n_o: int
    n_p: int
    n_s: int


class _Shared(NamedTuple):
    """What halogen analogues have in common, and the first of them.

    Attributes:
        molecule: of the first; its halogens become those of the others.
        halogens: numbers of its halogens, in the order of the SMILES.
        carbons: of each, the number of its carbon where that is aromatic, else None.
        terms: of logP, by atoms, hydrogens last.
        facts: of the first.
    """

    molecule: Chem.Mol
    halogens: tuple[int, ...]
    carbons: tuple[int | None, ...]
    terms: list[float]
    facts: Facts


class FactFinder:
    """Facts of molecules one after another; of halogen analogues near each other most is found once."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Shared] = OrderedDict()

    def facts_of(self, smiles: str) -> Facts | None:
        """The facts of a molecule; None where RDKit reads none.

        >>> FactFinder().facts_of("Oc1ccc(Cl)cc1").heavy_atoms
        8
        """
        plain = plain_smiles(smiles)
        if plain is None or not halogens_are_terminal(plain):
            return facts_of(smiles)
        symbols = _ANY_HALOGEN.findall(plain)
        if not symbols:
            return facts_of(smiles)
        pattern = _ANY_HALOGEN.sub(_MARK, plain)
        known = self._known.get(pattern)
        if known is not None:
            self._known.move_to_end(pattern)
            return _read_off(known, symbols)
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None:
            return None
        found = _all_facts(molecule)
        shared = _share(molecule, found, len(symbols))
        if shared is not None:
            self._known[pattern] = shared
            if len(self._known) > _PATTERNS_KEPT:
                self._known.popitem(last=False)
        return found[0]


def facts_of(smiles: str) -> Facts | None:
    """The facts of one molecule, all of them by RDKit; None where it reads none."""
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else _all_facts(molecule)[0]


def _all_facts(molecule: Chem.Mol) -> tuple[Facts, list[float]]:
    """The facts of a molecule, and the terms of its logP."""
    terms = [logp for logp, _ in rdMolDescriptors._CalcCrippenContribs(Chem.AddHs(molecule))]
    morgan, count = morgan_of(molecule)
    numbers = [atom.GetAtomicNum() for atom in molecule.GetAtoms()]
    fluorine, chlorine, bromine, iodine, *others = (numbers.count(number) for number in COUNTED)
    carbon, nitrogen, oxygen, phosphorus, sulfur = others
    facts = Facts(
        screen=screen_of(molecule),
        morgan=morgan,
        morgan_count=count,
        n_f=fluorine,
        n_cl=chlorine,
        n_br=bromine,
        n_i=iodine,
        mol_weight=rdMolDescriptors._CalcMolWt(molecule),
        exact_mass=rdMolDescriptors.CalcExactMolWt(molecule),
        logp=_sum(terms),
        tpsa=rdMolDescriptors.CalcTPSA(molecule),
        fraction_csp3=rdMolDescriptors.CalcFractionCSP3(molecule),
        hbd=rdMolDescriptors.CalcNumHBD(molecule),
        hba=rdMolDescriptors.CalcNumHBA(molecule),
        rotatable_bonds=rdMolDescriptors.CalcNumRotatableBonds(molecule),
        rings=rdMolDescriptors.CalcNumRings(molecule),
        heavy_atoms=molecule.GetNumHeavyAtoms(),
        formal_charge=Chem.GetFormalCharge(molecule),
        n_c=carbon,
        n_n=nitrogen,
        n_o=oxygen,
        n_p=phosphorus,
        n_s=sulfur,
    )
    return facts, terms


def _share(molecule: Chem.Mol, found: tuple[Facts, list[float]], count: int) -> _Shared | None:
    """What the analogues of a molecule can have from it; None where that is not known to be right."""
    facts, terms = found
    halogens = [atom for atom in molecule.GetAtoms() if atom.GetAtomicNum() in HALOGENS]
    bearers = [atom.GetNeighbors()[0] for atom in halogens if atom.GetDegree() == 1]
    indices = [atom.GetIdx() for atom in bearers]
    if len(bearers) != count or any(atom.GetAtomicNum() != CARBON for atom in bearers):
        return None
    if any(indices.count(index) > _SHARED_HALOGENS for index in indices):
        return None
    carbons = tuple(atom.GetIdx() if atom.GetIsAromatic() else None for atom in bearers)
    for halogen, carbon in zip(halogens, carbons, strict=True):
        own, of_carbon = _terms_of(halogen.GetSymbol())
        if terms[halogen.GetIdx()] != own or (carbon is not None and terms[carbon] != of_carbon):
            return None
    return _Shared(molecule, tuple(atom.GetIdx() for atom in halogens), carbons, terms, facts)


def _read_off(shared: _Shared, symbols: list[str]) -> Facts:
    """The facts of an analogue, by the symbols of its halogens in the order of the SMILES."""
    molecule, terms = shared.molecule, shared.terms.copy()
    for index, carbon, symbol in zip(shared.halogens, shared.carbons, symbols, strict=True):
        molecule.GetAtomWithIdx(index).SetAtomicNum(_NUMBERS[symbol])
        terms[index], of_carbon = _terms_of(symbol)
        if carbon is not None:
            terms[carbon] = of_carbon
    morgan, count = morgan_of(molecule)
    fluorine, chlorine, bromine, iodine = (symbols.count(symbol) for symbol in _NUMBERS)
    first = shared.facts
    return Facts(
        first.screen,
        morgan,
        count,
        fluorine,
        chlorine,
        bromine,
        iodine,
        rdMolDescriptors._CalcMolWt(molecule),
        rdMolDescriptors.CalcExactMolWt(molecule),
        _sum(terms),
        *first[10:],
    )


@cache
def _terms_of(symbol: str) -> tuple[float, float]:
    """The terms of logP of a halogen, and of an aromatic carbon that bears it."""
    (halogen, _), (carbon, _), *_ = rdMolDescriptors._CalcCrippenContribs(Chem.MolFromSmiles(f"{symbol}c1ccccc1"))
    return halogen, carbon


def _sum(terms: list[float]) -> float:
    """One after another, as RDKit adds them: Python's `sum` is more exact from 3.12 on."""
    total = 0.0
    for total in accumulate(terms):  # noqa: B007
        pass
    return total
