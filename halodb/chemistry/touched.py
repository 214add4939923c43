"""Which atoms of a match a rule touches: those that the sugar mask must keep from it.

A rule touches its site, the atoms that it takes away, and those that it bonds to something new. Atoms that it only asks
for around them may be of a sugar: an aromatic CH beside a glycosidic oxygen is a site.
"""

from __future__ import annotations

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

from halodb.rules import Rule


def touched_places(rule: Rule) -> frozenset[int]:
    """The places in a rule's query of the atoms that it touches.

    >>> from halodb.rules import read_rules
    >>> sorted(touched_places(read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")))
    [0, 1]
    """
    with rdBase.BlockLogs():
        reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
    gaining = maps_that_gain(reaction)
    kept = {atom.GetAtomMapNum() for atom in reaction.GetProductTemplate(0).GetAtoms()} - {0}
    return frozenset(
        atom.GetIdx()
        for atom in reaction.GetReactantTemplate(0).GetAtoms()
        if atom.GetAtomMapNum() == 1 or atom.GetAtomMapNum() in gaining or atom.GetAtomMapNum() not in kept
    )


def maps_that_gain(reaction: rdChemReactions.ChemicalReaction) -> frozenset[int]:
    """The map numbers of atoms that a reaction bonds to a new atom, or to one that they were not bonded to."""
    before = _neighbours(reaction.GetReactantTemplate(0))
    after = _neighbours(reaction.GetProductTemplate(0))
    return frozenset(
        number for number, others in after.items() if 0 in others or not others <= before.get(number, set())
    )


def _neighbours(template: Chem.Mol) -> dict[int, set[int]]:
    """Of each mapped atom the map numbers of its neighbours, 0 for those that have none."""
    return {
        atom.GetAtomMapNum(): {other.GetAtomMapNum() for other in atom.GetNeighbors()}
        for atom in template.GetAtoms()
        if atom.GetAtomMapNum()
    }
