"""Chemistry: all products of a set of rules for one parent after another."""

from halodb.chemistry.enumeration import Enumeration
from halodb.chemistry.enumerator import Enumerator
from halodb.chemistry.parse import ParentRejectedError, parse_parent

__all__ = ["Enumeration", "Enumerator", "ParentRejectedError", "parse_parent"]
