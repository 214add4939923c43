"""How far a pass is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a pass is. Memory in bytes, of the whole process tree.

    Attributes:
        title: the input and what is made of it.
        units: units done in this run.
        all_units: units that this run has to do.
        parents: rows done in this run.
        products: products written in this run; 0 where none are made.
        seconds: since the pass began.
        memory: of the process tree, now.
        what: the word for the units.
    """

    title: str
    units: int
    all_units: int
    parents: int
    products: int
    seconds: float
    memory: int
    what: str = "units"
