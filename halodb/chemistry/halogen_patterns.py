"""Molecules that differ in their halogens alone have SMILES that differ in their halogens alone.

RDKit ranks atoms for canonical SMILES (new_canon.h of RDKit 2026.09) and for legacy stereo perception (Chirality.cpp)
by comparing atomic numbers, and looks at them for nothing else where the atoms are halogens that hang on one atom by a
single bond: those have no hydrogens, are written outside brackets, and are no stereo centres. So where halogens become
others and all elements of a molecule keep their order, each comparison comes out as before, and the canonical SMILES
changes in the symbols of these halogens only:

    C[C@H](F)c1ccccc1    C[C@H](Cl)c1ccccc1    C[C@H](Br)c1ccccc1    C[C@H](I)c1ccccc1

The order is that of all elements of the molecule. Sulfur comes after fluorine and before chlorine: RDKit writes FCS but
SCCl, SCBr and SCI. Only the elements from fluorine on can come between
two halogens, and of those a plain SMILES has phosphorus and sulfur alone.

A *pattern* is the SMILES with a mark for each halogen: parents with the same pattern are halogen analogues. A halogen
that a rule brings or asks for is given by its *rank*: whether it is one of the parent's, and which, or between which of
the parent's elements it comes. What F makes of a parent with Br, Cl makes of its analogue with I.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from halodb.chemistry.elements import AROMATIC_SYMBOLS, FROM_FLUORINE_ON, HALOGENS, PHOSPHORUS, SULFUR, SYMBOLS
from halodb.chemistry.plain_smiles import PlainSmiles

_SYMBOLS = tuple(HALOGENS.values())
_HALOGEN = f"(?:{'|'.join(_SYMBOLS)})"
_ANY = re.compile(_HALOGEN)
_TERMINAL = re.compile(rf"^{_HALOGEN}(?=[/\\]?[A-Za-z\[])|(?<=[A-Za-z0-9\]()/\\]){_HALOGEN}(?=\)|\Z)")
"""A halogen first in the text before an atom, or behind an atom, a ring number or a branch and at an end."""
_AROMATIC_PHOSPHORUS, _AROMATIC_SULFUR = AROMATIC_SYMBOLS[PHOSPHORUS], AROMATIC_SYMBOLS[SULFUR]
_MARKS = "\x01\x02\x03\x04\x05\x06"
"""What stands for a halogen of a parent, by its place among the parent's elements from fluorine on."""
_NEW_MARK = "\x07"
"""What stands for a halogen of a product that its parent lacks."""

Marks = tuple[tuple[str, str], ...]
"""Of halogens, the symbol and what stands for it."""


@dataclass(frozen=True, eq=False)
class Elements:
    """The elements of a parent from fluorine on, and what follows from them; one object for each set of elements.

    Attributes:
        marks: of its halogens.
        product_marks: of the halogens in the products of rules that speak of one halogen, by its symbol, or of none.
        ranks: of a halogen, by its symbol; 0 where rules speak of none.
    """

    marks: Marks
    product_marks: dict[str, Marks]
    ranks: dict[str, int]


class HalogenPattern(NamedTuple):
    """A parent as its halogen analogues have it in common.

    Attributes:
        text: its SMILES with marks for halogens.
        elements: its elements from fluorine on.
    """

    text: str
    elements: Elements

    @property
    def has_halogens(self) -> bool:
        """Whether it can have analogues but itself."""
        return bool(self.elements.marks)

    def rank(self, halogen: str) -> int:
        """Where a halogen stands among the elements of the parent; 0 for none (an empty text)."""
        return self.elements.ranks[halogen]

    def hide(self, products: str, halogen: str) -> str:
        """Products, as SMILES, with marks for halogens.

        Args:
            products: SMILES in one text.
            halogen: the only one that the rules which made them speak of, or nothing.
        """
        for symbol, mark in self.elements.product_marks[halogen]:
            products = products.replace(symbol, mark)
        return products

    def show(self, products: str, halogen: str) -> str:
        """The reverse of `hide`, for this parent."""
        for symbol, mark in self.elements.product_marks[halogen]:
            products = products.replace(mark, symbol)
        return products


def pattern_of(smiles: PlainSmiles) -> HalogenPattern:
    """The pattern of a parent.

    >>> chloride, bromide = pattern_of(PlainSmiles("CSCCl")), pattern_of(PlainSmiles("CSCBr"))
    >>> chloride.text == bromide.text, chloride.text == pattern_of(PlainSmiles("CSCF")).text
    (True, False)
    >>> bromide.show(chloride.hide("CSCCl", ""), "")
    'CSCBr'
    """
    present = tuple([symbol for symbol in FROM_FLUORINE_ON if symbol in smiles])
    elements = _elements(present, _AROMATIC_PHOSPHORUS in smiles, _AROMATIC_SULFUR in smiles)
    text: str = smiles
    for symbol, mark in elements.marks:
        text = text.replace(symbol, mark)
    return HalogenPattern(text, elements)


def halogens_are_terminal(smiles: PlainSmiles) -> bool:
    """Whether every halogen surely hangs on one atom by a single bond, as it must for all of this to hold.

    >>> halogens_are_terminal(PlainSmiles("Ic1ccccc1")), halogens_are_terminal(PlainSmiles("CI(=O)=O"))
    (True, False)
    """
    return len(_TERMINAL.findall(smiles)) == len(_ANY.findall(smiles))


@cache
def _elements(found: tuple[str, ...], aromatic_phosphorus: bool, aromatic_sulfur: bool) -> Elements:
    """What follows from the elements that are there; some hundred of them at most."""
    aromatic = {SYMBOLS[PHOSPHORUS]: aromatic_phosphorus, SYMBOLS[SULFUR]: aromatic_sulfur}
    present = [symbol for symbol in FROM_FLUORINE_ON if symbol in found or aromatic.get(symbol)]
    marks = tuple((symbol, mark) for symbol, mark in zip(present, _MARKS, strict=False) if symbol in _SYMBOLS)
    ranks, product_marks = {"": 0}, {"": marks}
    for halogen in _SYMBOLS:
        lighter = sum(FROM_FLUORINE_ON.index(symbol) < FROM_FLUORINE_ON.index(halogen) for symbol in present)
        there = halogen in present
        ranks[halogen] = 1 + 2 * lighter + there
        product_marks[halogen] = marks if there else (*marks, (halogen, _NEW_MARK))
    return Elements(marks, product_marks, ranks)
