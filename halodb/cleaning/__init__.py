"""Cleaning: what stopped runs left in a library, found, told and removed."""

from halodb.cleaning.run import clean, find_waste
from halodb.cleaning.waste import CleanReport, Kind, Waste, WasteFound

__all__ = ["CleanReport", "Kind", "Waste", "WasteFound", "clean", "find_waste"]
