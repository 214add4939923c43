"""Colours of pictures and pages, on light ground and on dark.

RDKit draws with the light ones; in a page they become classes, whose colours the reader's light or dark decides.
"""

from __future__ import annotations

Colour = tuple[float, float, float]

INK = "c"
CHANGED, HALOGEN = "changed", "halogen"

ELEMENTS = {
    7: ("n", "#1f5fbf", "#86b7ff"),
    8: ("o", "#c6281f", "#ff9489"),
    9: ("f", "#0a7f6e", "#52d9c5"),
    15: ("p", "#b3540c", "#f5a25d"),
    16: ("s", "#8a6d00", "#e3c64a"),
    17: ("l", "#14803c", "#74de91"),
    35: ("b", "#9a4a12", "#eaa772"),
    53: ("i", "#7b2fa6", "#d3a1f7"),
}
"""Class, light and dark colour of elements; the others have that of the bonds."""

BONDS = (INK, "#1f2328", "#e6edf3")
INKS = (*ELEMENTS.values(), BONDS)
HIGHLIGHTS = ((CHANGED, "#ffd27a", "#664605"), (HALOGEN, "#c4eedf", "#124a3f"))
"""Of changed atoms, and of halogens."""

HALOGENS = frozenset({9, 17, 35, 53, 85})

SERIES = (
    ("#0072b2", "#4aa8dc"),
    ("#d98200", "#f0ad42"),
    ("#00875f", "#3dbd92"),
    ("#b0467f", "#db86b4"),
    ("#7a5cc0", "#ab93e6"),
    ("#c04a1b", "#ee8a60"),
    ("#5b6b78", "#98a8b5"),
    ("#8a7a00", "#cfc04a"),
)
"""Of the parts of a chart, in this order; told apart by readers who see few colours too."""


def rgb(text: str) -> Colour:
    """A colour as RDKit takes it, so that it writes the same one.

    >>> rgb("#ff0080")[0] > 0.99
    True
    """
    red, green, blue = (min(1.0, (int(text[place : place + 2], 16) + 0.5) / 255) for place in (1, 3, 5))
    return red, green, blue


def class_of(colour: str) -> str:
    """The class of a colour that RDKit wrote; that of the bonds where it is none of ours."""
    return _CLASSES.get(colour[:7].lower(), INK)


_CLASSES = {light: name for name, light, _ in (*INKS, *HIGHLIGHTS)}
