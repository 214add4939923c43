"""Drawings of rules: a parent before and after."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions, rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from halodb.files import write_whole
from halodb.rules.model import Rule, RuleSet

_SIDE = 400  # pixels


def draw_rules(rule_set: RuleSet, examples: Iterable[str], directory: Path) -> list[Path]:
    """Write `<rule>.svg` for every rule: the smallest example that it applies to, before and after.

    Args:
        rule_set: the rules.
        examples: SMILES to choose from; where none matches, the rule itself is drawn.
        directory: where to; made where it is not there.
    """
    with rdBase.BlockLogs():
        parsed = (Chem.MolFromSmiles(smiles) for smiles in examples)
        molecules = sorted((molecule for molecule in parsed if molecule), key=lambda each: each.GetNumAtoms())
        written = []
        for rule in rule_set.rules:
            path = directory / f"{rule.name}.svg"
            write_whole(path, draw_rule(rule, molecules).encode())
            written.append(path)
    return written


def draw_rule(rule: Rule, molecules: Iterable[Chem.Mol]) -> str:
    """An SVG, 800 by 400 pixels, of the first molecule that the rule applies to, before and after."""
    query = Chem.MolFromSmarts(rule.query_smarts)
    reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
    drawer = rdMolDraw2D.MolDraw2DSVG(2 * _SIDE, _SIDE, _SIDE, _SIDE)
    parent = next((molecule for molecule in molecules if molecule.HasSubstructMatch(query)), None)
    if parent is None:
        drawer = rdMolDraw2D.MolDraw2DSVG(2 * _SIDE, _SIDE)
        drawer.DrawReaction(reaction)
    else:
        (product,) = reaction.RunReactants((parent,))[0]
        Chem.SanitizeMol(product)
        before = list(parent.GetSubstructMatch(query))
        # Atoms that came from the template, whether kept or new: the rest was copied from the parent.
        after = [a.GetIdx() for a in product.GetAtoms() if a.HasProp("old_mapno") or not a.HasProp("react_atom_idx")]
        parent = Chem.Mol(parent)
        rdDepictor.Compute2DCoords(parent)
        rdDepictor.Compute2DCoords(product)
        drawer.DrawMolecules([parent, product], highlightAtoms=[before, after], legends=[rule.name, rule.label])
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())
