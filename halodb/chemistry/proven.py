"""The versions of RDKit for which the fast paths are proved and tested.

Edits, the parse without sanitizing, the screen and what is read off for halogen analogues rest on what RDKit's sources
do. They were read for 2026.09. With each version here `tests/chemistry` passed, and the products of 3,000 natural
products were those of plain RDKit of that version. With any other one each parent is parsed in full and RDKit's engine
makes each product: the same results, later. To add one, run these tests with it listed.
"""

from __future__ import annotations

import rdkit

_PATCHES = {"2025.03": 6, "2025.09": 6, "2026.03": 6, "2026.09": 1}
"""Of each release, how many patch releases were tested: all that there were, from 1 on."""

PROVEN = frozenset(f"{release}.{patch}" for release, patches in _PATCHES.items() for patch in range(1, patches + 1))


def is_proven(version: str = rdkit.__version__) -> bool:
    """Whether the fast paths are right with a version of RDKit, the one in use by default.

    >>> is_proven("2026.09.1"), is_proven("1999.01.1")
    (True, False)
    """
    return version in PROVEN
