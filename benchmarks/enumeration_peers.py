"""Ways to make all products of some rules of a molecule: halodb's, RDKit's own, and those of public peers.

Each takes the SMILES of a parent and gives (place of the rule, SMILES of a product) pairs, each pair once.

Looked at and left out, with the shipped rules on Python 3.11: Open Babel 3.1 (OBChemTsfm edits and deletes atoms but
adds none), chython 2.18 (its SMARTS have no aromatic `c` and no recursion), CDPKit 1.3 (its Python Reactor raises
BadCast on rules that add atoms), datamol (a wrapper of the plain RDKit loop; it brings pandas, which pyarrow then loads
into every worker).
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import rdkit
from rdkit import Chem
from rdkit.Chem import rdChemReactions

from halodb.chemistry import Enumerator
from halodb.inputs import Input
from halodb.rules import Rule

Key = tuple[int, str]
Enumerate = Callable[[str], list[Key]]


def pass_enumerator(source: Input, rules: Sequence[Rule], **options: Any) -> Enumerator:
    """The enumerator of a pass over this input: the one place to adapt when a pass makes it in another way."""
    if "attested" in inspect.signature(Enumerator).parameters:
        options["attested"] = source.canonical_by == rdkit.__version__
    return Enumerator(rules, **options)


def halodb_peer(source: Input, rules: Sequence[Rule]) -> Enumerate:
    """What a worker of a pass does with a row."""
    return _products_of(pass_enumerator(source, rules))


def lone_rows_peer(source: Input, rules: Sequence[Rule]) -> Enumerate:
    """The same for an input in which no two rows that differ in halogens alone are near each other."""
    return _products_of(pass_enumerator(source, rules, remembered_bytes=0))


def _products_of(enumerator: Enumerator) -> Enumerate:
    def enumerate_parent(smiles: str) -> list[Key]:
        return [(place, product) for place, _, product in enumerator.enumerate(smiles).products]

    return enumerate_parent


def rdkit_peer(_: Input, rules: Sequence[Rule]) -> Enumerate:
    """The plain loop: RunReactants, SanitizeMol, MolToSmiles, a set."""
    reactions = [rdChemReactions.ReactionFromSmarts(rule.smirks) for rule in rules]

    def enumerate_parent(smiles: str) -> list[Key]:
        parent = Chem.MolFromSmiles(smiles)
        made: set[Key] = set()
        for place, reaction in enumerate(reactions):
            for (product,) in reaction.RunReactants((parent,)):
                if Chem.SanitizeMol(product, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE:
                    made.add((place, Chem.MolToSmiles(product)))
        return list(made)

    return enumerate_parent


def rdchiral_peer(_: Input, rules: Sequence[Rule]) -> Enumerate:
    """Templates of rdchiral (Python over RDKit), prepared once, and the parent once for all rules.

    Raises:
        ImportError: it is not installed.
    """
    main = importlib.import_module("rdchiral.main")
    templates = [main.rdchiralReaction(rule.smirks) for rule in rules]

    def enumerate_parent(smiles: str) -> list[Key]:
        parent = main.rdchiralReactants(smiles)
        return [
            (place, product)
            for place, template in enumerate(templates)
            for product in set(main.rdchiralRun(template, parent))
        ]

    return enumerate_parent


def indigo_peer(_: Input, rules: Sequence[Rule]) -> Enumerate:
    """Indigo (C++): reactionProductEnumerate, one step, no layout; its own canonical SMILES.

    Raises:
        ImportError: it is not installed.
    """
    indigo = importlib.import_module("indigo").Indigo()
    for option, value in {
        "rpe-mode": "one-tube",
        "rpe-multistep-reactions": False,
        "rpe-self-reaction": False,
        "rpe-max-depth": 1,
        "rpe-max-products-count": 100_000,
        "rpe-layout": False,
    }.items():
        indigo.setOption(option, value)
    reactions = [indigo.loadReactionSmarts(rule.smirks) for rule in rules]

    def products(smiles: str) -> Iterator[Key]:
        monomers, table = indigo.createArray(), indigo.createArray()
        monomers.arrayAdd(indigo.loadMolecule(smiles))
        table.arrayAdd(monomers)
        for place, reaction in enumerate(reactions):
            for outcome in indigo.reactionProductEnumerate(reaction, table).iterateArray():
                for product in outcome.iterateProducts():
                    yield place, product.canonicalSmiles()

    def enumerate_parent(smiles: str) -> list[Key]:
        return list(set(products(smiles)))

    return enumerate_parent


LONE_ROWS = "halodb, each row alone"

PEERS: dict[str, Callable[[Input, Sequence[Rule]], Enumerate]] = {
    "halodb": halodb_peer,
    LONE_ROWS: lone_rows_peer,
    "RDKit loop": rdkit_peer,
    "rdchiral": rdchiral_peer,
    "Indigo": indigo_peer,
}
