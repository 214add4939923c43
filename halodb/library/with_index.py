"""Queries that use the index by themselves.

A query that asks for chemistry of `products.smiles` is turned into one that gives the same rows and reads the index:

    SELECT id, logp(smiles) FROM products WHERE substructure(smiles, 'c1ccncc1')

reads `internal.indexed_products`, which is the view `products` with what the indexes tell in further columns. A call
whose first argument is surely the column `smiles` of that view, and whose second is a text, becomes an expression that
is equal to it in every row:

    substructure(smiles, q)   CASE WHEN <no index> OR <the screen has what q needs> THEN <the call> ELSE false END
    substructure_count        the same, with 0
    similarity(smiles, q)     CASE WHEN <no index> THEN <the call> ELSE <Tanimoto of the words> END
    similarity(...) >= 0.7    CASE WHEN <no index> OR <so many bits allow it> THEN <the comparison> ELSE false END
    formula(smiles) = f       CASE WHEN <no index> OR <it has the atoms of f> THEN <the comparison> ELSE false END
    logp(smiles), ...         CASE WHEN <no index> THEN <the call> ELSE <the column> END

As they are equal it does not matter where in the query the call stands: in a condition, a select list, an aggregate, on
either side of an outer join. CASE keeps DuckDB from asking RDKit of rows that the screen excludes. What must be known
is where a name leads, and that nothing else in the query sees the further columns. DuckDB's own parser takes the query
apart (`json_serialize_sql`), and DuckDB writes the new one (`json_deserialize_sql`).

Macros would be shorter. But a macro that names a column `screen_0` means that of whatever table has one: it is wrong
for `parent_smiles`, ambiguous in a join of two views, and an error on a table of one's own.

Where something is not sure the query stays as it is, and RDKit is asked of each row: where `smiles` may be another
column (of several tables, or an alias), `products` another table (a CTE, or one of the user's), where something reads
all columns in a way that is not known here (COLUMNS, NATURAL JOIN, a row as a value), or where the new query has other
columns or types. Rows without an order may come in another one where only some jobs have an index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from halodb.engine import statement
from halodb.functions.signatures import names_in
from halodb.jobs.index_columns import MORGAN, NUMBERS, SCREEN
from halodb.library.index_terms import (
    CALL,
    is_answered,
    is_formula,
    is_similarity,
    takes_query,
    term_of_column,
    term_of_formula,
    term_of_query,
    term_of_threshold,
)

Node = dict[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any] | None

_VIEWS = {"products": "indexed_products", "derivations": "indexed_derivations"}
_WITHOUT_SMILES = frozenset({"origins", "jobs", "rules", "inputs"})
"""Views in whose company `smiles` alone is that of `products`."""
_FURTHER = [f"halodb_{name}" for name in (*SCREEN, *MORGAN, *NUMBERS, "inchikey")]
"""Columns that the indexed views have and the others have not."""
_LOWER_BOUNDS = {
    "COMPARE_GREATERTHANOREQUALTO": ("left", "right"),
    "COMPARE_GREATERTHAN": ("left", "right"),
    "COMPARE_LESSTHANOREQUALTO": ("right", "left"),
    "COMPARE_LESSTHAN": ("right", "left"),
}
"""Of a comparison with a lower bound, where the value stands and where the bound."""
_OWN = ("where_clause", "group_expressions", "having", "qualify", "modifiers")
"""Parts of a SELECT with expressions of its own, beside its list and the conditions of its joins."""


_QUERY = re.compile(r"\b(SELECT|FROM|WITH)\b", re.IGNORECASE)
_HAS_QUERY = re.compile(r"\s*(COPY|CREATE|INSERT|EXPLAIN)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class _NotSureError(Exception):
    """The query stays as it is."""


def with_index(connection: duckdb.DuckDBPyConnection, text: str, parameters: Parameters = None) -> str:
    """SQL that gives what other SQL gives and reads the index; or that one, where that is not sure or of no use.

    Args:
        connection: of a library with an index; the functions that the query names are registered.
        text: SQL, one statement or more.
        parameters: values for its placeholders.
    """
    if not any(is_answered(name) or is_formula(name) for name in names_in(text)):
        return text
    try:
        statements = [each.query.strip().rstrip(";") for each in connection.extract_statements(text)]
    except duckdb.Error:  # whoever runs it tells
        return text
    written = [_statement(connection, each, parameters) for each in statements]
    return text if written == statements else ";\n".join(written)


def _statement(connection: duckdb.DuckDBPyConnection, text: str, parameters: Parameters) -> str:
    """One statement with its query changed: all of it, or what COPY, CREATE TABLE, INSERT or EXPLAIN have in them."""
    if not _HAS_QUERY.match(_COMMENTS.sub(" ", text)):
        return _query(connection, text, parameters)
    for start, end in _places_of_query(text):
        if _is_query(connection, text[start:end]):
            return text[:start] + _query(connection, text[start:end], parameters) + text[end:]
    return text


def _places_of_query(text: str) -> Iterator[tuple[int, int]]:
    """Where a query in another statement may begin and end: from one of its first words to the end, or to a bracket."""
    ends = [len(text), *(found.start() for found in re.finditer(r"\)", text))][::-1]
    for found in _QUERY.finditer(text):
        bracketed = text[: found.start()].rstrip().endswith("(")
        yield from ((found.start(), end) for end in (ends if bracketed else [len(text)]) if end > found.start())


def _is_query(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    try:
        _parsed(connection, text)
    except (_NotSureError, duckdb.Error):
        return False
    return True


def _query(connection: duckdb.DuckDBPyConnection, text: str, parameters: Parameters) -> str:
    try:
        parsed = _parsed(connection, text)
        _check_names(connection, parsed)
        old = connection.sql(text, params=parameters)
        outermost = parsed["statements"][0]["node"]
        changed = [
            _Select(node, parameters, connection, old.columns if node is outermost else ()).rewrite()
            for node in _selects(parsed)
        ]
        if not any(changed):
            return text
        written = _written(connection, parsed)
        new = connection.sql(written, params=parameters)
        return written if (old.columns, old.types) == (new.columns, new.types) else text
    except (_NotSureError, duckdb.Error):  # where the query itself is wrong, it tells
        return text


class _Select:
    """One SELECT of a query, without the queries in it.

    Args:
        node: of the syntax tree; it is changed.
        parameters: of the query.
        connection: DuckDB.
        names: of its columns, where they are known.
    """

    def __init__(
        self, node: Node, parameters: Parameters, connection: duckdb.DuckDBPyConnection, names: Sequence[str]
    ) -> None:
        listed = node["select_list"]
        known = len(names) == len(listed) and not any(item["type"] == "STAR" for item in listed)
        self._names_of_columns = list(names) if known else [""] * len(listed)
        self._node, self._parameters, self._connection = node, parameters, connection
        self._joins, self._tables = _taken_apart(node["from_table"])
        self._names = [(table.get("alias") or table.get("table_name") or "").lower() for table in self._tables]
        self._views = {name: table for name, table in zip(self._names, self._tables, strict=True) if _is_view(table)}
        self._found = False

    def rewrite(self) -> bool:
        """Make it read the index; whether it does now."""
        if not self._views:
            return False
        listed = [
            self._listed(item, name)
            for item, name in zip(self._node["select_list"], self._names_of_columns, strict=True)
        ]
        own = {name: self._changed(self._node[name]) for name in _OWN}
        conditions = [self._changed(join["condition"]) for join in self._joins]
        if not self._found:
            return False
        self._check()
        self._node |= {**own, "select_list": listed}
        for join, condition in zip(self._joins, conditions, strict=True):
            join["condition"] = condition
        for name, table in self._views.items():
            view = _VIEWS[table["table_name"].lower()]
            table |= {"alias": table["alias"] or table["table_name"], "schema_name": "internal", "table_name": view}
            table["qualified_name"] = {"path": ["internal", view]}
            for item in listed:
                if item["type"] == "STAR" and item["relation_name"].lower() in {"", name}:
                    item["exclude_list"] = list(dict.fromkeys([*item["exclude_list"], *_FURTHER]))
        return True

    def _check(self) -> None:
        """Refuse what may see the further columns, or draws rows by chance."""
        if self._node["sample"] or any(table.get("sample") or table.get("at_clause") for table in self._tables):
            raise _NotSureError
        if len(set(self._names)) != len(self._names) or any(
            table["column_name_alias"] for table in self._views.values()
        ):
            raise _NotSureError
        if any(join["ref_type"] not in {"REGULAR", "CROSS"} for join in self._joins):
            raise _NotSureError
        for item in self._node["select_list"]:
            if item["type"] == "STAR" and (item["columns"] or item["expr"]):
                raise _NotSureError
        modifiers = [order for modifier in self._node["modifiers"] for order in modifier.get("orders", ())]
        by_all = {id(order["expression"]) for order in modifiers}  # ORDER BY ALL is of the columns that are listed
        nested = [each for item in self._node["select_list"] for each in item.values()]
        for node in nodes_of(
            [nested, [self._node[name] for name in _OWN], [join["condition"] for join in self._joins]]
        ):
            if node.get("type") == "STAR" and not (id(node) in by_all and node["expr"] is None):
                raise _NotSureError
        for node in nodes_of(self._node):
            if node.get("type") == "COLUMN_REF" and node["column_names"][-1].lower() in self._views:
                raise _NotSureError  # the row as a value

    def _listed(self, item: Node, name: str) -> Node:
        """An item of the select list under the name that it had, which by default is its text."""
        changed: Node = self._changed(item)
        if changed is item or changed == item:
            return changed
        return {**changed, "alias": item["alias"] or name or _name_of(self._connection, item)}

    def _changed(self, value: Any) -> Any:
        """A part of the tree, with the calls in it that an index answers replaced."""
        if isinstance(value, list):
            return [self._changed(each) for each in value]
        if not isinstance(value, dict) or value.get("class") in {"SUBQUERY", "LAMBDA"}:
            return value
        if value.get("class") == "COMPARISON":
            return self._compared(value)
        changed = {name: self._changed(each) for name, each in value.items()}
        return self._called(value) or changed if value.get("class") == "FUNCTION" else changed

    def _compared(self, node: Node) -> Node:
        changed = {name: self._changed(each) for name, each in node.items()}
        if node["type"] == "COMPARE_EQUAL":
            return self._formula_compared(node, changed)
        value, bound = (node[side] for side in _LOWER_BOUNDS.get(node["type"], ("left", "right")))
        if node["type"] not in _LOWER_BOUNDS or value.get("class") != "FUNCTION" or not self._called(value):
            return changed
        threshold = _number(bound)
        if threshold is None or not is_similarity(value["function_name"].lower()):
            return changed
        term = term_of_threshold(self._query(value), threshold)
        return changed if term is None else self._placed(term, changed, self._table_of(value))

    def _formula_compared(self, node: Node, changed: Node) -> Node:
        """A comparison of `formula(smiles)` with a text, on either side."""
        for value, other in ((node["left"], node["right"]), (node["right"], node["left"])):
            if value.get("class") != "FUNCTION" or not is_formula(value["function_name"].lower()):
                continue
            text, table = self._text(other), self._table_of(value)
            if text is None or table is None or len(value["arguments"]) != 1 or not _is_plain(value):
                continue
            if term := term_of_formula(text):
                self._found = True
                return self._placed(term, changed, table)
        return changed

    def _called(self, node: Node) -> Node | None:
        """What stands for a call, or None."""
        name = node["function_name"].lower()
        if not is_answered(name) or not _is_plain(node) or self._table_of(node) is None:
            return None
        if len(node["arguments"]) != 1 + takes_query(name):
            return None
        if takes_query(name):
            query = self._query(node)
            term = None if query is None else term_of_query(name, query)
        else:
            term = term_of_column(name)
        if term is None:
            return None
        self._found = True
        return self._placed(term, node, self._table_of(node))

    def _placed(self, term: str, call: Node, table: str | None) -> Node:
        """The tree of a term, its columns those of a table, the call in its place."""

        def place(value: Any) -> Any:
            if isinstance(value, list):
                return [place(each) for each in value]
            if not isinstance(value, dict):
                return value
            if value.get("class") == "FUNCTION" and value["function_name"] == CALL:
                return {**call, "alias": ""}
            if value.get("class") == "COLUMN_REF":
                return {**value, "column_names": [table, *value["column_names"]]}
            return {name: place(each) for name, each in value.items()}

        (made,) = _parsed(self._connection, f"SELECT {term}")["statements"][0]["node"]["select_list"]
        placed: Node = place(made)
        return {**placed, "alias": call.get("alias", "")}

    def _table_of(self, call: Node) -> str | None:
        """The name of the view whose `smiles` a call is of, as this SELECT has it; None where it is not sure."""
        first = call["arguments"][0]["expression"] if call["arguments"] else {}
        if first.get("type") != "COLUMN_REF" or first["column_names"][-1].lower() != "smiles":
            return None
        qualifiers = [str(name).lower() for name in first["column_names"][:-1]]
        if len(qualifiers) == 1 and qualifiers[0] in self._views:
            return qualifiers[0]
        return next(iter(self._views)) if not qualifiers and self._is_unambiguous() else None

    def _is_unambiguous(self) -> bool:
        """Whether `smiles` alone can be nothing but the column of the one view."""
        if len(self._views) != 1 or any(item["alias"].lower() == "smiles" for item in self._node["select_list"]):
            return False
        others = [table for table in self._tables if not _is_view(table)]
        return all(_is_table(table) and table["table_name"].lower() in _WITHOUT_SMILES for table in others)

    def _query(self, call: Node) -> str | None:
        """The second argument of a call, where it is a text."""
        return self._text(call["arguments"][1]["expression"])

    def _text(self, node: Node) -> str | None:
        """A text, or a parameter that is one."""
        if node.get("type") == "VALUE_CONSTANT" and node["literal"]["kind"] == "STRING":
            return str(node["literal"]["text"])
        if node.get("type") == "VALUE_PARAMETER" and self._parameters is not None:
            name = node["identifier"]
            value: object = None
            if isinstance(self._parameters, Mapping):
                value = self._parameters.get(name)
            elif name.isdecimal():
                value = self._parameters[int(name) - 1]
            return value if isinstance(value, str) else None
        return None


def _parsed(connection: duckdb.DuckDBPyConnection, text: str) -> Node:
    """The syntax tree of one SELECT."""
    parsed: Node = json.loads(_value(connection, "SELECT json_serialize_sql($query)", {"query": text}))
    if parsed["error"] or len(parsed["statements"]) != 1:
        raise _NotSureError
    return parsed


def _written(connection: duckdb.DuckDBPyConnection, parsed: Node) -> str:
    return str(_value(connection, "SELECT json_deserialize_sql($query::JSON)", {"query": json.dumps(parsed)}))


def _value(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any]) -> Any:
    return connection.execute(query, parameters).fetchall()[0][0]


def _name_of(connection: duckdb.DuckDBPyConnection, item: Node) -> str:
    """The name that DuckDB gives to a column without an alias: its text."""
    parsed = _parsed(connection, "SELECT 1")
    parsed["statements"][0]["node"]["select_list"] = [item]
    return _written(connection, parsed).removeprefix("SELECT ")


def _check_names(connection: duckdb.DuckDBPyConnection, parsed: Node) -> None:
    """Refuse a query in which the names of the views may mean something else."""
    keys = {entry["key"].lower() for node in nodes_of(parsed) for entry in node.get("cte_map", {}).get("map", ())}
    tables = _value(connection, statement("index_names"), {})
    if keys & _VIEWS.keys() or keys & _WITHOUT_SMILES or tables != len(_VIEWS):
        raise _NotSureError


def nodes_of(value: Any) -> Iterator[Node]:
    """All nodes of a syntax tree."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from nodes_of(each)


def _selects(parsed: Node) -> list[Node]:
    return [node for node in nodes_of(parsed) if node.get("type") == "SELECT_NODE"]


def _taken_apart(source: Node) -> tuple[list[Node], list[Node]]:
    """The joins of a FROM, and what they join."""
    if source.get("type") != "JOIN":
        return [], [source]
    joins, tables = [source], list[Node]()
    for side in ("left", "right"):
        more, found = _taken_apart(source[side])
        joins, tables = [*joins, *more], [*tables, *found]
    return joins, tables


def _is_table(source: Node) -> bool:
    return source.get("type") == "BASE_TABLE" and not source["schema_name"] and not source["catalog_name"]


def _is_view(source: Node) -> bool:
    return _is_table(source) and source["table_name"].lower() in _VIEWS


def _is_plain(call: Node) -> bool:
    """Whether a call has a name and arguments and nothing else."""
    odd = (call["schema"], call["catalog"], call["distinct"], call["filter"], call["order_bys"]["orders"])
    return not any(odd) and not any(argument["name"] for argument in call["arguments"])


def _number(node: Node) -> float | None:
    if node.get("type") != "VALUE_CONSTANT" or node["literal"]["kind"] == "STRING":
        return None
    try:
        return float(node["literal"]["text"])
    except (KeyError, ValueError):
        return None
