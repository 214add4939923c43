"""Plain SMILES: those simple enough that much can be read off their text. The type says that this was checked.

A plain SMILES is one fragment; its only atoms in brackets are tetrahedral carbon centres, `[nH]`, `[N+]`, `[n+]` and
`[O-]`; bonds are single, double, triple or aromatic; ring numbers have two digits at most; and it does not begin with a
branch on its first atom (`N(C)`), which RDKit never writes. RDKit writes 99 natural products of 100 so.

From this follows what other modules rely on: hydrogens are never atoms of their own, no atom has an isotope or an atom
map, every halogen stands outside brackets, and the atoms of the text are those of the molecule, in the same order.

`plain_smiles` makes the only values of the type `PlainSmiles`; a function that takes one need not check again.
"""

from __future__ import annotations

import re
from typing import NewType

from halodb.chemistry.elements import AROMATIC_SYMBOLS, ATOM_PATTERN, CARBON, NITROGEN, OXYGEN, SYMBOLS

PlainSmiles = NewType("PlainSmiles", str)
"""A SMILES that `plain_smiles` has looked at; at run time it is a `str`."""

_BRACKETS = {
    "[C@]": CARBON, "[C@@]": CARBON, "[C@H]": CARBON, "[C@@H]": CARBON,
    "[nH]": NITROGEN, "[N+]": NITROGEN, "[n+]": NITROGEN, "[O-]": OXYGEN,
}  # fmt: skip
"""Atomic numbers of the atoms in brackets that a plain SMILES may have."""

_INSIDE = "|".join(re.escape(atom[1:]) for atom in _BRACKETS)
_NOT_PLAIN = re.compile(rf"[^A-Za-z0-9=#/\\()%@+\-\[\]]|%\(|\[(?!{_INSIDE})")
_BRANCH_ON_FIRST_ATOM = ("(", "l(", "r(")  # from the second character on: C(, Cl(, Br(
_ATOM = re.compile(rf"\[[^\]]*\]|{ATOM_PATTERN}")

_NUMBERS = {
    **{symbol: number for number, symbol in SYMBOLS.items()},
    **{symbol: number for number, symbol in AROMATIC_SYMBOLS.items()},
    **_BRACKETS,
}
"""Atomic numbers of all atoms of a plain SMILES, as written."""


def plain_smiles(text: str) -> PlainSmiles | None:
    """The text as a plain SMILES, or None where it is none.

    The text need not be a valid SMILES: only what it is written with is looked at.

    Args:
        text: a SMILES, nothing before or after it.

    >>> plain_smiles("C[C@H](N)C(=O)O")
    'C[C@H](N)C(=O)O'
    >>> plain_smiles("[13CH4]") is None and plain_smiles("CC.CC") is None
    True
    """
    if text.startswith(_BRANCH_ON_FIRST_ATOM, 1) or _NOT_PLAIN.search(text) is not None:
        return None
    return PlainSmiles(text)


def atoms_of(smiles: PlainSmiles) -> list[str]:
    """The atoms as written, in the order of the text, which is that of RDKit's molecule.

    >>> atoms_of(PlainSmiles("Clc1cc[nH]c1"))
    ['Cl', 'c', 'c', 'c', '[nH]', 'c']
    """
    return _ATOM.findall(smiles)


def atomic_numbers(atoms: list[str]) -> list[int]:
    """The atomic numbers of atoms as `atoms_of` gives them.

    >>> atomic_numbers(["Cl", "c", "[nH]"])
    [17, 6, 7]
    """
    return [_NUMBERS[atom] for atom in atoms]


def may_have_more(smiles: str, element: int, than: int) -> bool:
    """Whether a molecule may have more than so many atoms of an element.

    False is sure, whatever the SMILES; True may be too cautious (`C` is counted in `Cl` too).

    Args:
        smiles: any SMILES, plain or not.
        element: atomic number.
        than: number of atoms.

    >>> may_have_more("CCN", 7, than=0), may_have_more("CCN", 7, than=1)
    (True, False)
    """
    symbol = SYMBOLS.get(element)
    if symbol is None or "[#" in smiles:
        return True
    count = smiles.count(symbol)
    if len(symbol) == 1 and count <= than:
        count += smiles.count(symbol.lower())
    return count > than
