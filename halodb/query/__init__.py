"""Ad-hoc SQL over a library, and its result as a table, CSV, JSON or Parquet."""

from halodb.query.formats import Format
from halodb.query.run import run_query

__all__ = ["Format", "run_query"]
