"""Chemistry: all products of a set of rules for one parent after another."""

from halodb.chemistry.enumerator import Enumeration, Enumerator
from halodb.chemistry.parse import ParentRejectedError, parse_parent

__all__ = ["Enumeration", "Enumerator", "ParentRejectedError", "parse_parent"]
