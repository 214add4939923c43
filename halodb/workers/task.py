"""What a worker is asked to do: one unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from halodb.units import Unit


@dataclass(frozen=True)
class UnitTask:
    """One unit to do.

    Attributes:
        unit: the rows.
        jobs: which of the plan's jobs still want this unit, as indices.
        condemned: rows to reject without a try, each with its reason.
    """

    unit: Unit
    jobs: tuple[int, ...]
    condemned: dict[int, str] = field(default_factory=dict)
