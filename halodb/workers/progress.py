"""How far a command is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a pass, or another long command, is. Memory in bytes, of the whole process tree; times in seconds.

    Attributes:
        title: what is being done: the input and what is made of it.
        units: units done in this run.
        all_units: units that this run has to do.
        parents: rows done in this run.
        products: products written in this run; 0 where none are made.
        seconds: since it began.
        memory: now.
        what: the word for the units.
        budget: of memory; 0 where there is none.
        place: which of how many it is, such as "3 of 14"; empty where it is the only one.
        later: what comes after it is expected to take; None where nobody knows, 0 where nothing comes.

    Example:
        >>> half = Progress("polyphenol-2X, 16 rules", 50, 100, 10_000, 60_000, 30.0, 2_400_000_000)
        >>> half.share, half.seconds_left
        (0.5, 30.0)
    """

    title: str
    units: int
    all_units: int
    parents: int
    products: int
    seconds: float
    memory: int
    what: str = "units"
    budget: int = 0
    place: str = ""
    later: float | None = 0.0

    @property
    def share(self) -> float:
        """The part that is done, 0 to 1."""
        return self.units / self.all_units if self.all_units else 0.0

    @property
    def seconds_left(self) -> float | None:
        """What is left of it takes at its pace; None before its first unit."""
        return self.seconds * (self.all_units / self.units - 1) if self.units else None

    @property
    def seconds_left_in_all(self) -> float | None:
        """The same with what comes after it."""
        left = self.seconds_left
        return None if left is None or self.later is None else left + self.later
