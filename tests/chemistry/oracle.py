"""The oracle: plain RDKit (RunReactants, SanitizeMol, MolToSmiles), and what differs from it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

from halodb.chemistry import Enumerator
from halodb.chemistry.sugars import sugar_atoms
from halodb.rules import Rule

SHARED = Path(
    os.environ.get("HALODB_SHARED", Path(__file__).parents[3] / "shared" / "data" / "natural_products.smi.gz")
)

Products = dict[str, int | None]
Rejects = dict[int, str]


def shared_natural_products(step: int) -> list[str]:
    """Every n-th of the shared natural products."""
    with gzip.open(SHARED, "rt", encoding="utf-8") as lines:
        return [line.strip() for line in lines][::step]


@lru_cache(maxsize=64)
def reaction_of(smirks: str) -> rdChemReactions.ChemicalReaction:
    reaction = rdChemReactions.ReactionFromSmarts(smirks)
    reaction.Initialize()
    return reaction


def oracle(rules: Sequence[Rule], smiles: str) -> list[tuple[Products, Rejects]]:
    """Of each rule, products with their smallest site and rejected sites with the reason.

    As a chemist would write it. A salt goes a fragment at a time, for RunReactants loses the others; its sites are None.
    Where a rule masks sugars, products that change one of their atoms are left out.
    """
    fragments = smiles.split(".")
    found: list[tuple[Products, Rejects]] = [({}, {}) for _ in rules]
    for place, fragment in enumerate(fragments):
        others = fragments[:place] + fragments[place + 1 :]
        parent = Chem.MolFromSmiles(fragment)
        sugars = sugar_atoms(parent) if any(rule.sugar_mask for rule in rules) else frozenset()
        for rule, (products, rejects) in zip(rules, found, strict=True):
            for (product,) in reaction_of(rule.smirks).RunReactants((parent,), maxProducts=10_000):
                (site,) = (
                    atom.GetIntProp("react_atom_idx")
                    for atom in product.GetAtoms()
                    if atom.HasProp("old_mapno") and atom.GetIntProp("old_mapno") == 1
                )
                if rule.sugar_mask and not sugars.isdisjoint(changed(parent, product, site)):
                    continue
                problem = Chem.SanitizeMol(product, catchErrors=True)
                if problem != Chem.SanitizeFlags.SANITIZE_NONE:
                    reason = problem.name.removeprefix("SANITIZE_").lower()
                    rejects.setdefault(site, f"product is not a molecule: {reason}")
                    continue
                key = Chem.MolToSmiles(product)
                if others:
                    products[Chem.MolToSmiles(Chem.MolFromSmiles(".".join([key, *others])))] = None
                else:
                    known = products.get(key)
                    products[key] = site if known is None else min(site, known)
    return found


def changed(parent: Chem.Mol, product: Chem.Mol, site: int) -> set[int]:
    """The parent's atoms that a product of RunReactants has lost, or bonded to a new atom, and its site."""
    origins = {
        atom.GetIdx(): atom.GetIntProp("react_atom_idx")
        for atom in product.GetAtoms()
        if atom.HasProp("react_atom_idx")
    }
    new = (atom for atom in product.GetAtoms() if atom.GetIdx() not in origins)
    beside = {origins[other.GetIdx()] for atom in new for other in atom.GetNeighbors() if other.GetIdx() in origins}
    return {site} | beside | (set(range(parent.GetNumAtoms())) - set(origins.values()))


def differences(
    rules: Sequence[Rule], parents: Iterable[str], *, attested: bool = False, enumerator: Enumerator | None = None
) -> tuple[int, list[str]]:
    """Products compared, and what differs, in words: products, their sites, rejects and numbers of sites."""
    enumerator = enumerator or Enumerator(rules, attested=attested)
    compared, differing = 0, []
    with rdBase.BlockLogs():
        for parent in parents:
            outcome = enumerator.enumerate(parent)
            made: list[Products] = [{} for _ in rules]
            for place, site, key in outcome.products:
                assert key not in made[place], "a product twice"
                made[place][key] = site
            for place, (products, rejects) in enumerate(oracle(rules, parent)):
                compared += len(products)
                if "." in parent:
                    same = made[place].keys() == products.keys()
                else:
                    rejected = {site: why for rule, site, why in outcome.rejects if rule == place}
                    same = made[place] == products and rejected == rejects
                    same = same and outcome.sites[place] == len(products) + len(rejects)
                if not same:
                    odd = made[place].items() ^ products.items()
                    differing.append(f"{rules[place].name} of {parent}: {sorted(odd, key=str)}")
    return compared, differing


def spread(
    differences_of: Callable[[Sequence[str]], tuple[int, list[str]]], parents: Sequence[str]
) -> tuple[int, list[str]]:
    """The sums of what a function counts and reports of 500 parents at a time, over all cores or `HALODB_PROCESSES`."""
    processes = int(os.environ.get("HALODB_PROCESSES", os.cpu_count() or 1))
    slices = [parents[start : start + 500] for start in range(0, len(parents), 500)]
    counted, differing = 0, []
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for number, words in pool.map(differences_of, slices):
            counted += number
            differing.extend(words)
    return counted, differing


def canonical(smiles: str) -> str:
    """As RDKit writes it."""
    return Chem.MolToSmiles(Chem.MolFromSmiles(smiles))


def own_rule(smirks: str) -> Rule:
    """A rule of one's own."""
    query = smirks.partition(">>")[0]
    return Rule(name="OWN", label="own", family="own", scope_classes=("other",), query_smarts=query, smirks=smirks)
