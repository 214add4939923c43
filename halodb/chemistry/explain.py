"""What becomes of a rule, in words: the compiled edit, or why RDKit's reaction engine applies it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from rdkit import Chem

from halodb.chemistry.compile_rule import NotASubstitutionError, compile_rule
from halodb.chemistry.halogen_rules import halogen_use
from halodb.chemistry.queries import written
from halodb.chemistry.substitution import ATTACHMENT, Substitution
from halodb.rules import Rule

EDIT, ENGINE = "edit", "engine"

_BONDS = {Chem.BondType.SINGLE: "single", Chem.BondType.DOUBLE: "double", Chem.BondType.TRIPLE: "triple"}


@dataclass(frozen=True)
class Explanation:
    """How a rule is applied.

    Attributes:
        path: `edit` or `engine`.
        reason: why, a sentence.
        steps: what the edit does to a parent, in order; empty for the engine.
        exceptions: where an edit is left to the engine all the same; empty for the engine.
        analogues: what becomes of halogen analogues, parents that differ in their halogens alone; empty for the engine.
    """

    path: str
    reason: str
    steps: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    analogues: str = ""

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def explain(rule: Rule) -> Explanation:
    """How a rule is applied, and why.

    Args:
        rule: a valid one, as `halodb.read_rules` gives it.

    >>> from halodb.rules import read_rules
    >>> explain(read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")).steps
    ('keep atom 2 on atom 1', 'add C to atom 2 by a single bond')
    """
    try:
        substitution = compile_rule(rule)
    except NotASubstitutionError as error:
        return Explanation(ENGINE, f"RDKit's reaction engine makes its products, because {error}.")
    what = (
        "a group takes the place of a hydrogen" if substitution.head is None else "one terminal group becomes another"
    )
    return Explanation(
        EDIT,
        f"{what}, so atoms are set directly.",
        _steps(substitution, Chem.MolFromSmarts(rule.query_smarts)),
        (
            "salts and other parents of several fragments",
            "a parent with hydrogens that stay atoms, or with stereo centres that only spiro rings tell apart",
            "a site with a charge, isotope, radical or explicit hydrogen that the exchange would touch",
            "an attachment atom that is in a stereo double bond",
        ),
        "one is enumerated, the products of the others are read off"
        if halogen_use(rule) is not None
        else "each is enumerated: the rule asks for or brings several halogens, one that is not terminal, or an"
        " element that may come between two of them",
    )


def _steps(substitution: Substitution, query: Chem.Mol) -> tuple[str, ...]:
    """What a substitution does, in words."""
    names = [f"atom {atom.GetAtomMapNum()}" if atom.GetAtomMapNum() else "an atom" for atom in query.GetAtoms()]
    attachment, new = names[substitution.attachment], substitution.substituent[0]
    steps = [
        f"remove {names[place]}, {written(query.GetAtomWithIdx(place))}" for place, _ in substitution.leaving_group
    ]
    called = {ATTACHMENT: attachment}
    element = _element(new.element)
    if substitution.head is None:
        steps.append(f"take a hydrogen from {attachment} and add {element} to it by a {_BONDS[new.order]} bond")
        called[0] = element
    elif substitution.keeps_head:
        steps.append(f"keep {names[substitution.head]} on {attachment}")
        called[0] = names[substitution.head]
    else:
        before = written(query.GetAtomWithIdx(substitution.head))
        steps.append(f"make {names[substitution.head]}, {before}, {element} on {attachment}")
        called[0] = f"that {element}"
    for place, atom in enumerate(substitution.substituent[1:], 1):
        element = _element(atom.element)
        steps.append(f"add {element} to {called[atom.parent]} by a {_BONDS[atom.order]} bond")
        called[place] = f"new {element} {place}"
    return tuple(steps)


def _element(number: int) -> str:
    return str(Chem.GetPeriodicTable().GetElementSymbol(number))
