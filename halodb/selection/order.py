"""The order of rows. An answer of SQL has none unless it asks for one, and DuckDB's threads may put it in any.

A scan of `products` keeps the order of the files and of the rows in them, which is that of the library: jobs by their
names, rows as they are in the result. It holds where all files are one scan: not where some jobs have an index and the
query reads it, nor beside results whose rows do not name their job.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

from halodb.jobs.indexed import has_index
from halodb.jobs.state import State
from halodb.library import Library
from halodb.library.with_index import nodes_of

LIBRARY_ORDER = "{view}.class, {view}.k, {view}.rule, regexp_extract({view}.id, '[0-9]+$')::BIGINT"
"""Of a view with an id, the library's order as SQL: the last number of an id is the row in the result."""

_AGGREGATES = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('aggregate', 'table')"


def scans_in_order(library: Library, text: str) -> bool:
    """Whether a scan of `products` in a query, as it will be run, gives the rows in the order of the library."""
    done = [manifest for manifest in library.manifests if manifest.state is State.DONE]
    reads_index = library.with_index(text) != text
    return all(manifest.labelled and (has_index(manifest, library.path) or not reads_index) for manifest in done)


def keeps_order(library: Library, query: str) -> bool:
    """Whether a query gives its rows in the same order with any number of threads: a scan of `products`, row for row.

    Args:
        library: open.
        query: one SELECT.
    """
    cursor = library.connection.cursor()
    ((text,),) = cursor.execute("SELECT json_serialize_sql($query)", {"query": query}).fetchall()
    parsed = json.loads(text)
    if parsed["error"] or len(parsed["statements"]) != 1:
        return False
    node = parsed["statements"][0]["node"]
    if node["type"] != "SELECT_NODE" or node["from_table"].get("table_name", "").lower() != "products":
        return False
    table = node["from_table"]
    plain = table["type"] == "BASE_TABLE" and not table["schema_name"] and not table.get("sample")
    grouped = node["group_expressions"] or node["having"] or node["qualify"] or node["sample"]
    limited = all(modifier["type"] == "LIMIT_MODIFIER" for modifier in node["modifiers"])
    if not plain or grouped or not limited or node["cte_map"]["map"]:
        return False
    aggregates = {name for (name,) in cursor.execute(_AGGREGATES).fetchall()} | {"random", "uuid", "nextval"}
    inner = list(nodes_of([node["select_list"], node["where_clause"], node["modifiers"]]))
    if any(each.get("class") in {"SUBQUERY", "WINDOW"} for each in inner):
        return False
    return not any(each.get("function_name", "").lower() in aggregates for each in inner) and scans_in_order(
        library, query
    )


@contextlib.contextmanager
def one_thread(library: Library) -> Iterator[None]:
    """Run queries on one thread meanwhile, so that what has no order has always the same.

    The settings of a library that is opened read-only are locked: there it is left to DuckDB.
    """
    if library.read_only:
        yield
        return
    cursor = library.connection.cursor()
    ((before,),) = cursor.execute("SELECT current_setting('threads')").fetchall()
    cursor.execute("SET threads = 1")
    try:
        yield
    finally:
        cursor.execute("SET threads = $threads", {"threads": before})
