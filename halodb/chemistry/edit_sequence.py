"""Putting the substitutions of one query into sequences, so that one copy of the parent becomes many products.

From a phenol, for example, OMe can be made of the parent, then OEt of that, by one more atom. The copy only ever grows:
taking a bond away makes RDKit forget the rings. So in a sequence the shape of each substituent is the beginning of the
next one's, and each site needs one copy a sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdkit import Chem

from halodb.chemistry.elements import SYMBOLS
from halodb.chemistry.substitution import Substitution

_DEEPEST = 3
"""Bonds within a substituent that `stereo` reckons with when an atom of it is the only one of its element."""

_ATOMS = {number: Chem.Atom(number) for number in SYMBOLS}


@dataclass(frozen=True)
class Step:
    """One product of a sequence, as the difference from the one before.

    Place 0 is the attachment atom, place n + 1 is substituent atom n.

    Attributes:
        rule: place of its rule.
        substitution: what to make.
        changes: places of atoms that are there and become another element, each with its atomic number.
        additions: new atoms, each after the place of the atom that it is bonded to and before the order of the bond.
        unique_elements: elements that occur once in the substituent, not far from the attachment atom.
    """

    rule: int
    substitution: Substitution
    changes: tuple[tuple[int, int], ...]
    additions: tuple[tuple[int, Chem.Atom, Chem.BondType], ...]
    unique_elements: tuple[int, ...]


@dataclass(frozen=True)
class EditSequence:
    """Products of one site made from one copy of the parent.

    Attributes:
        steps: one after another.
        strictest: the substitution that asks most hydrogens of a match.
    """

    steps: tuple[Step, ...]
    strictest: Substitution


def edit_sequences(substitutions: Sequence[tuple[int, Substitution]]) -> list[EditSequence]:
    """Substitutions of one query in sequences; all of a sequence remove the same atoms, and grow one shape.

    Args:
        substitutions: each after the place of its rule.
    """
    found: list[list[Step]] = []
    for rule, substitution in sorted(substitutions, key=lambda each: (len(each[1].substituent), each[0])):
        for steps in found:
            last = steps[-1].substitution
            if last.removes == substitution.removes and substitution.shape[: len(last.shape)] == last.shape:
                steps.append(_step(rule, substitution, [atom.element for atom in last.substituent]))
                break
        else:
            found.append([_step(rule, substitution, [] if substitution.head is None else [None])])
    return [
        EditSequence(tuple(steps), max((step.substitution for step in steps), key=lambda each: each.hydrogens))
        for steps in found
    ]


def _step(rule: int, substitution: Substitution, before: Sequence[int | None]) -> Step:
    """A step after one that left these elements in the first places of the substituent; None is any."""
    elements = [atom.element for atom in substitution.substituent]
    return Step(
        rule,
        substitution,
        changes=tuple(
            (place, new) for place, (new, old) in enumerate(zip(elements, before, strict=False), 1) if new != old
        ),
        additions=tuple(
            (atom.parent + 1, _ATOMS[atom.element], atom.order) for atom in substitution.substituent[len(before) :]
        ),
        unique_elements=tuple(
            element
            for place, element in enumerate(elements)
            if elements.count(element) == 1 and substitution.depth(place) <= _DEEPEST
        ),
    )
