"""What became of the results that were found."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Outcome(StrEnum):
    """What became of a result."""

    ADOPTED = "adopted"
    ALREADY = "there already"
    """The job is done in the library; it was left alone."""
    UNKNOWN = "unknown"
    """The name of its directory is that of no job that the rules make; it was skipped."""
    HELD = "not adopted"
    """Something else than the result is in the way: its input, or what the library holds in its place."""
    BROKEN = "broken"
    """The result cannot be used; the run makes the job anew."""


class Adoption(BaseModel):
    """One directory, what became of it and why; of an adopted one also what was checked, and what is unknown.

    Attributes:
        job: its name.
        directory: where it was.
        outcome: what became of it.
        why: why it was not adopted; of an adopted one, which parent rows and sites are known.
        products: rows that were adopted.
        checked: what was made again and found in it.
        parents_made_again: how many parents that were.
        parent_rows: rows whose parent is known.
        sites: rows whose site is known.
    """

    model_config = ConfigDict(frozen=True)

    job: str
    directory: str
    outcome: Outcome
    why: str = ""
    products: int = 0
    checked: str = ""
    parents_made_again: int = 0
    parent_rows: int = 0
    sites: int = 0


class AdoptReport(BaseModel):
    """What an adoption did, by job; seconds of wall time."""

    model_config = ConfigDict(frozen=True)

    directory: str
    library: str
    results: tuple[Adoption, ...]
    seconds: float

    def count(self, outcome: Outcome) -> int:
        """How many results came to this."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def failed(self) -> bool:
        """Whether a job's result was found and not adopted."""
        return self.count(Outcome.BROKEN) + self.count(Outcome.HELD) > 0
