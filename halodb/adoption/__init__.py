"""Adoption: results of older scripts become jobs of a library, so that they are not made again."""

from halodb.adoption.report import Adoption, AdoptReport, Outcome
from halodb.adoption.run import adopt

__all__ = ["AdoptReport", "Adoption", "Outcome", "adopt"]
