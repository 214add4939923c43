"""Cleaning: what stopped runs left in a library, found, told and removed."""

from halodb.cleaning.clean import clean, find_leftovers
from halodb.cleaning.leftovers import CleanReport, Kind, Leftover, LeftoversFound

__all__ = ["CleanReport", "Kind", "Leftover", "LeftoversFound", "clean", "find_leftovers"]
