"""Chemistry in SQL: RDKit's functions on a DuckDB connection, registered when a query names them."""

from halodb.functions.register import Functions

__all__ = ["Functions"]
