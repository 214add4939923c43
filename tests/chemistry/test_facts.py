"""What an index holds of a molecule is what RDKit says of it, called directly; and its screen loses no match."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest
from rdkit import Chem, DataStructs, rdBase
from rdkit.Chem import rdFingerprintGenerator, rdMolDescriptors
from rdkit.Chem.Crippen import MolLogP  # type: ignore[attr-defined]
from rdkit.Chem.Descriptors import ExactMolWt, MolWt  # type: ignore[attr-defined]

from halodb.chemistry import Enumerator
from halodb.chemistry.facts import FactFinder, Facts
from halodb.chemistry.fingerprints import needs_of
from halodb.demo import example_smiles
from halodb.rules import HALOGENATION, read_rules
from tests.chemistry.oracle import SHARED, shared_natural_products, spread

HALOGENS = "F", "Cl", "Br", "I"
MORGAN = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=1024)
TERMINAL_HALOGEN = Chem.MolFromSmarts("[F,Cl,Br,I;D1]")

ODD = [
    "c1ccc2c(c1)-c1ccccc1-2", "c1ccc(-c2cccc(Cl)c2)cc1", "c1cc2cccc3c4cccc5cccc(c(c1)c23)c54", "O=c1cccco1", "c1cc(=c2cccc2)cc1",
    "FC(F)(F)CCO", "ClC(Cl)(Cl)CCO", "IC(I)(I)CCO", "FC(Cl)(Br)CCO", "FCF", "ICI", "FN1CCCC1", "FS(F)(F)(F)(F)F",
    "ClSC", "O=[N+]([O-])c1ccc(I)cc1", "FI(F)c1ccccc1", "[Cl-].C[N+](C)(C)CCBr", "OCl(=O)(=O)=O", "ClCl", "F", "[18F]c1ccccc1",
    "Clc1ncc[nH]1", "Ic1ccsc1", "FC=CBr", "FC#C", "Fc1ccc(Cl)c(Br)c1I", "C1CC", "", "*c1ccccc1F", "[2H]C(F)Cl", "FB(F)F",
    "O=C(Cl)c1ccccc1", "ClC1(Cl)CC1", "[Na]Cl", "C[Si](Cl)(Cl)Cl", "FP(F)F", "Brc1cccc[n+]1[O-]", "N#CC(F)(F)I", "Fn1cccc1",
]  # fmt: skip

QUERIES = [
    "c1ccncc1", "[OX2H]", "c[F]", "[c:1][OX2H:2]", "C(=O)[OX2H1]", "[#6]~[#9]", "*", "*~*", "*~*~*", "[!#6]", "C*", "c-[!#1]", "c[F,Cl]",
    "[F,Cl,Br,I]", "[#9,#17,#35,#53]c1ccccc1", "[NX3;H2;!$(NC=O)]", "[R]", "[!R]~[R]", "a:a", "A-A", "[$(cF)]", "[$([#6]-[Cl,Br])]-*",
    "Brc1ccccc1*", "[D1]", "[X1]", "C[X1]", "c1ccccc1.[Br]", "F.F", "[F].[Cl]", "[C,F]-c", "[C;H3,F]", "[!C;!N]C", "[#6]-[Br;D1]",
    "C(F)(F)F", "[CX4](*)(*)*", "[*;!#6]", "[O,F,Cl]-[#6]", "c1c(*)cccc1O", "[R0;D1]~[#6]", "*1~*~*~*~*~*~1", "[cH]", "[nH]", "[N+]", "[O-]",
    "c1ccccc1-c1ccccc1", "c-c", "c~c", "c!:c", "c@c", "c:1:c:c:c-c:1", "[#6]-[#6]", "[#6]=[#6]", "[c,n]1ccccc1", "C=C", "C#N", "[#6]=O",
    "c1ccc2-c3ccccc3-c2c1", "c1c[c;R2]ccc1", "[a][A]", "C-,=C", "C@C", "C!@C", "[#6]:[#6]", "[C;R]1=[C;R][C;R]1", "O=c1cccco1", "F/C=C/C",
    "[C@H](F)C", "c:c-Cl", "c1ccc2c(c1)*cc2", "[h0]", "[v1]", "[+0;D1]~*",
]  # fmt: skip


def told_by_rdkit(smiles: str) -> Facts | None:
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        return None
    bare = Chem.DeleteSubstructs(molecule, TERMINAL_HALOGEN)
    Chem.FastFindRings(bare)
    for bond in bare.GetBonds():
        if bond.GetBeginAtom().GetIsAromatic() and bond.GetEndAtom().GetIsAromatic():
            bond.SetBondType(Chem.BondType.AROMATIC)
            bond.SetIsAromatic(True)
    morgan = MORGAN.GetFingerprint(molecule)
    symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    return Facts(
        DataStructs.BitVectToBinaryText(Chem.PatternFingerprint(bare, 512)),
        DataStructs.BitVectToBinaryText(morgan),
        morgan.GetNumOnBits(),
        n_f=symbols.count("F"),
        n_cl=symbols.count("Cl"),
        n_br=symbols.count("Br"),
        n_i=symbols.count("I"),
        mol_weight=MolWt(molecule),
        exact_mass=ExactMolWt(molecule),
        logp=MolLogP(molecule),
        tpsa=rdMolDescriptors.CalcTPSA(molecule),
        fraction_csp3=rdMolDescriptors.CalcFractionCSP3(molecule),
        hbd=rdMolDescriptors.CalcNumHBD(molecule),
        hba=rdMolDescriptors.CalcNumHBA(molecule),
        rotatable_bonds=rdMolDescriptors.CalcNumRotatableBonds(molecule),
        rings=rdMolDescriptors.CalcNumRings(molecule),
        heavy_atoms=molecule.GetNumHeavyAtoms(),
        formal_charge=Chem.GetFormalCharge(molecule),
        n_c=symbols.count("C"),
        n_n=symbols.count("N"),
        n_o=symbols.count("O"),
        n_p=symbols.count("P"),
        n_s=symbols.count("S"),
    )


def halogenated(parent: str, enumerator: Enumerator, seed: int, sites: int) -> Iterator[str]:
    """A parent, and what halogens at some of its sites make of it; of some of these a second time."""
    yield parent
    once = [product.smiles for product in enumerator.enumerate(parent).products]
    chosen = random.Random(seed).sample(once, min(len(once), 1))
    yield from (each for each in once[: 4 * sites])
    for each in chosen:
        yield from islice((product.smiles for product in enumerator.enumerate(each).products), 4 * sites)


def differing(parents: Sequence[str], sites: int = 2) -> tuple[int, list[str]]:
    enumerator: Enumerator = Enumerator(read_rules(shipped=HALOGENATION).rules)
    finder, compared, found = FactFinder(), 0, []
    with rdBase.BlockLogs():
        for seed, parent in enumerate(parents):
            for smiles in halogenated(parent, enumerator, seed, sites):
                compared += 1
                if finder.facts_of(smiles) != told_by_rdkit(smiles):
                    found.append(smiles)
    return compared, found


def test_facts_of_halogenated_natural_products_are_those_of_rdkit() -> None:
    compared, found = differing(list(islice(example_smiles(), 0, None, 4)), sites=4)
    assert found == []
    assert compared > 1000


def test_facts_of_odd_molecules_and_all_their_analogues_are_those_of_rdkit() -> None:
    """In any order: what was found of the first is not right for the next by chance."""
    marks = [re.sub("Cl|Br|I|F", "{}", smiles) for smiles in ODD]
    chance = random.Random(1)
    analogues = [
        mark.format(*(chance.choice(HALOGENS) for _ in range(mark.count("{}")))) for mark in marks for _ in range(12)
    ]
    for order in (analogues, analogues[::-1], ODD):
        finder = FactFinder()
        with rdBase.BlockLogs():
            assert [smiles for smiles in order if finder.facts_of(smiles) != told_by_rdkit(smiles)] == []


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
def test_facts_of_shared_natural_products_are_those_of_rdkit() -> None:
    compared, found = spread(differing, shared_natural_products(1))
    assert found == []
    assert compared > 500_000


def lost(queries: Sequence[str], molecules: Sequence[str]) -> tuple[int, list[str]]:
    """How many matches there are, and those that the screen would miss."""
    finder, matches, found = FactFinder(), 0, []
    patterns = [(text, query) for text in queries if (query := Chem.MolFromSmarts(text)) is not None]
    needed = {text: needs_of(query) for text, query in patterns}
    for smiles in molecules:
        molecule, facts = Chem.MolFromSmiles(smiles), finder.facts_of(smiles)
        if facts is None:
            continue
        for text, query in patterns:
            if molecule.HasSubstructMatch(query, useChirality=False):
                matches += 1
                bits, atoms = needed[text]
                there = all(need & have == need for need, have in zip(bits, facts.screen, strict=True))
                if not there or any(need > have for need, have in zip(atoms, (*facts[3:7], *facts[-5:]), strict=True)):
                    found.append(f"{text} in {smiles}")
    return matches, found


def fragments(molecules: Sequence[str], seed: int) -> Iterator[str]:
    """SMARTS of parts of molecules, some of their atoms made vague."""
    chance = random.Random(seed)
    for smiles in molecules:
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None or molecule.GetNumAtoms() < 3:
            continue
        part = {chance.randrange(molecule.GetNumAtoms())}
        for _ in range(chance.randrange(2, 12)):
            atom = molecule.GetAtomWithIdx(chance.choice(sorted(part)))
            part.add(chance.choice([each.GetIdx() for each in atom.GetNeighbors()] or [atom.GetIdx()]))
        text = Chem.MolFragmentToSmiles(molecule, sorted(part), kekuleSmiles=False, isomericSmiles=False)
        yield text
        for old, new in (
            ("F", "*"),
            ("Br", "[F,Cl,Br,I]"),
            ("Cl", "[!#6]"),
            ("c", "[#6]"),
            ("O", "[O,S,F]"),
            ("C", "[*]"),
        ):
            if chance.random() < 0.3 and "[" not in text:
                text = re.sub(rf"{old}(?![a-z])", new, text, count=chance.randrange(1, 3))
        yield text


def sample(step: int, offset: int = 0) -> list[str]:
    enumerator: Enumerator = Enumerator(read_rules(shipped=HALOGENATION).rules)
    return [
        smiles
        for seed, parent in enumerate(islice(example_smiles(), offset, None, step))
        for smiles in halogenated(parent, enumerator, seed, 1)
    ]


def test_the_screen_loses_no_match() -> None:
    molecules = [*sample(6), *(smiles for smiles in ODD if Chem.MolFromSmiles(smiles))]
    with rdBase.BlockLogs():
        matches, found = lost([*QUERIES, *fragments(sample(20), 3)], molecules)
    assert found == []
    assert matches > 5000


def lost_in(parents: Sequence[str]) -> tuple[int, list[str]]:
    enumerator: Enumerator = Enumerator(read_rules(shipped=HALOGENATION).rules)
    molecules = [each for seed, parent in enumerate(parents[::5]) for each in halogenated(parent, enumerator, seed, 1)]
    with rdBase.BlockLogs():
        return lost([*QUERIES, *fragments(molecules[::25], len(molecules))], molecules)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
def test_the_screen_loses_no_match_in_shared_natural_products() -> None:
    matches, found = spread(lost_in, shared_natural_products(10))
    assert found == []
    assert matches > 100_000
