"""Choosing rows of a library: by a condition, by a query or by chance, always in the same order."""

from halodb.selection.by_chance import draw
from halodb.selection.rows import NAME, SMILES, Chosen, rows_of_products, rows_of_query

__all__ = ["NAME", "SMILES", "Chosen", "draw", "rows_of_products", "rows_of_query"]
