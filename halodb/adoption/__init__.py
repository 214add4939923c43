"""Adoption: results of older scripts become jobs of a library, so that they are not made again."""

from halodb.adoption.adopt import adopt
from halodb.adoption.report import Adoption, AdoptReport, Outcome

__all__ = ["AdoptReport", "Adoption", "Outcome", "adopt"]
