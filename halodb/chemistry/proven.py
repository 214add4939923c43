"""The versions of RDKit for which the fast paths are proved and tested.

Edits, the light parse, the screen and what is read off for other halogens rest on what RDKit's sources do. They were
read for 2026.09, and `tests/chemistry` holds the fast paths against plain RDKit for each version here. With any other
version each parent is parsed in full and RDKit's engine makes each product: the same results, later.
"""

from __future__ import annotations

import rdkit

PROVEN = frozenset({"2026.09.1"})


def is_proven(version: str = rdkit.__version__) -> bool:
    """Whether the fast paths are right with a version of RDKit, the one in use by default."""
    return version in PROVEN
