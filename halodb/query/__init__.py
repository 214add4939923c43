"""Ad-hoc SQL over a library, and its result as a table, CSV, JSON or Parquet."""

from halodb.query.answer import run_query
from halodb.query.formats import Format

__all__ = ["Format", "run_query"]
