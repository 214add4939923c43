"""What a set of rules makes of one parent."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Enumeration:
    """What the rules make of one parent.

    Attributes:
        products: (place of the rule, site, canonical SMILES), each SMILES once a rule; in the order of the rules.
        rejects: (place of the rule or None for the whole parent, site or None, reason).
        sites: number of sites of each rule; equivalent sites are one.
    """

    products: list[tuple[int, int, str]] = field(default_factory=list)
    rejects: list[tuple[int | None, int | None, str]] = field(default_factory=list)
    sites: list[int] = field(default_factory=list)
