"""The one table of elements: those that SMILES may write without brackets, which are all that the fast paths know.

Everything else in this package that needs a symbol or an atomic number takes it from here.
"""

from __future__ import annotations

HYDROGEN, BORON, CARBON, NITROGEN, OXYGEN, FLUORINE = 1, 5, 6, 7, 8, 9
PHOSPHORUS, SULFUR, CHLORINE, BROMINE, IODINE = 15, 16, 17, 35, 53

SYMBOLS = {
    BORON: "B",
    CARBON: "C",
    NITROGEN: "N",
    OXYGEN: "O",
    FLUORINE: "F",
    PHOSPHORUS: "P",
    SULFUR: "S",
    CHLORINE: "Cl",
    BROMINE: "Br",
    IODINE: "I",
}
"""Symbols of the elements that need no brackets (the organic subset of SMILES), by atomic number, ascending."""

HALOGENS = {number: SYMBOLS[number] for number in (FLUORINE, CHLORINE, BROMINE, IODINE)}
"""Symbols of the halogens, by atomic number, ascending."""

AROMATIC_SYMBOLS = {number: SYMBOLS[number].lower() for number in (BORON, CARBON, NITROGEN, OXYGEN, PHOSPHORUS, SULFUR)}
"""Of the elements that may be aromatic outside brackets, the small letters that say so."""

ATOM_PATTERN = "|".join(sorted((*SYMBOLS.values(), *AROMATIC_SYMBOLS.values()), key=len, reverse=True))
"""A regular expression for one atom outside brackets: two letters (`Cl`) are tried before one (`C`)."""

FROM_FLUORINE_ON = tuple(symbol for number, symbol in SYMBOLS.items() if number >= FLUORINE)
"""The halogens, and what may come between two of them by atomic number: F, P, S, Cl, Br, I."""
