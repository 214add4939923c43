"""Halogenation: from a chemist's file of parents to the inputs `<class>-1X` and `<class>-2X`."""

from halodb.halogenation.halogenate import HalogenateReport, halogenate

__all__ = ["HalogenateReport", "halogenate"]
