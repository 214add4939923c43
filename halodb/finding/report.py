"""What was found."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """How a compound was asked for."""

    ID = "id"
    INCHIKEY = "inchikey"
    SMILES = "smiles"


class Hit(BaseModel):
    """A row of `products`, and what it was made of.

    `parent_row`, `site` and `sources` are null where nothing tells them, as of adopted results; the parent and the
    natural product where their files are no longer there.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    job: str
    class_name: str = Field(serialization_alias="class")
    k: int
    rule: str
    label: str | None
    smiles: str
    parent_row: int | None
    site: int | None
    sources: int | None
    parent_smiles: str | None = None
    natural_product: str | None = None
    name: str | None = None


class Answer(BaseModel):
    """What was asked for, and where it is.

    Attributes:
        query: as it was given.
        kind: what it was taken for.
        hits: rows that are this compound, in the order of jobs and rows; none where it is not in the library.
        problem: why it cannot be in any library, as it is no molecule; or why its id leads nowhere.
    """

    model_config = ConfigDict(frozen=True)

    query: str
    kind: Kind
    hits: tuple[Hit, ...] = ()
    problem: str | None = None


class FindReport(BaseModel):
    """The answers, in the order of the questions; seconds of wall time."""

    model_config = ConfigDict(frozen=True)

    library: str
    answers: tuple[Answer, ...]
    seconds: float

    @property
    def missing(self) -> list[Answer]:
        """What is not in the library."""
        return [answer for answer in self.answers if not answer.hits]
