"""Whether a query and a SMIRKS are valid, in the words of RDKit."""

from __future__ import annotations

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions


def problem_of_query(smarts: str) -> str | None:
    """What is wrong with the SMARTS of a site; None where nothing is."""
    with rdBase.BlockLogs():
        query = Chem.MolFromSmarts(smarts) if smarts else None
    if query is None:
        return f"{smarts!r} is not a valid SMARTS"
    if [atom.GetAtomMapNum() for atom in query.GetAtoms()].count(1) != 1:
        return "one atom must have the map number 1: it is the site"
    return None


def problem_of_smirks(smirks: str, query_smarts: str) -> str | None:  # noqa: PLR0911  one for each problem
    """What is wrong with a SMIRKS for this query; None where nothing is."""
    left, arrow, _ = smirks.partition(">>")
    if not arrow:
        return f"{smirks!r} has no '>>'"
    if left != query_smarts:
        return "its left side is not the query_smarts; one of them must not say what the other does not"
    with rdBase.BlockLogs():
        try:
            reaction = rdChemReactions.ReactionFromSmarts(smirks)
        except ValueError as error:
            return f"{smirks!r} is not a valid SMIRKS: {_reason(error)}"
        _, errors = reaction.Validate(silent=True)
    if errors or reaction.GetNumReactantTemplates() != 1:
        return f"{smirks!r} is not a valid SMIRKS of one parent"
    if reaction.GetNumProductTemplates() != 1:
        return "it must have one product: put parentheses around the fragments, or leave out what is lost"
    kept = [atom.GetAtomMapNum() for atom in reaction.GetProductTemplate(0).GetAtoms()]
    if kept.count(1) != 1:
        return "the atom with map number 1 must stay in the product: it is the site"
    return None


def _reason(error: ValueError) -> str:
    text = str(error).strip().splitlines()
    return text[-1].rstrip(".") if text else "RDKit gives no reason"
