"""Finding: whether and where a compound is in a library, by its id, its InChIKey, or any SMILES of it."""

from halodb.finding.find import find
from halodb.finding.report import Answer, FindReport, Hit, Kind

__all__ = ["Answer", "FindReport", "Hit", "Kind", "find"]
