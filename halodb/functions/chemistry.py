"""The functions of `signatures.py` as DuckDB calls them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import pyarrow as pa

from halodb.functions.molecules import Compute, Molecules
from halodb.functions.properties import CHEAP, PROPERTIES
from halodb.functions.queries import catalog_of_alerts, catalog_of_smarts, counter_of, matches, similarity_to

_BY_VECTOR = {
    "substructure": (catalog_of_smarts, bool, pa.bool_()),
    "alerts": (catalog_of_alerts, list, pa.list_(pa.string())),
}
_BY_ROW = {"substructure_count": counter_of, "similarity": similarity_to}


def takes_vectors(name: str) -> bool:
    """Whether a function takes a vector of DuckDB at a time, as Arrow, instead of a row."""
    return name in _BY_VECTOR


def function_of(name: str, molecules: Molecules) -> Callable[..., Any]:
    """A function of SQL as Python.

    Args:
        name: of `SIGNATURES`.
        molecules: what is known of the query's molecules.
    """
    if name in _BY_VECTOR:
        return _by_vector(name, molecules)
    if name in _BY_ROW:
        return _by_row(name, _BY_ROW[name], molecules)
    compute = PROPERTIES[name]
    return lambda smiles: molecules.value(name, compute, smiles)


def cheap_among(names: Iterable[str]) -> dict[Hashable, Compute]:
    """Those functions that take less time than to parse the SMILES."""
    return {name: PROPERTIES[name] for name in names if name in CHEAP}


def _by_row(name: str, compute_of: Callable[[str], Compute], molecules: Molecules) -> Callable[..., Any]:
    def function(smiles: str | None, query: str | None) -> Any:
        if query is None:
            return None
        return molecules.value((name, query), compute_of(query), smiles)

    return function


def _by_vector(name: str, molecules: Molecules) -> Callable[..., Any]:
    catalog_of, value_of, kind = _BY_VECTOR[name]

    def function(smiles: Any, queries: Any) -> Any:  # pyarrow's; DuckDB evaluates what is said of them
        values: list[Any] = [None] * len(smiles)
        rows_of: dict[str, list[tuple[int, str]]] = defaultdict(list)  # one, but for a join with queries
        for row, (text, query) in enumerate(zip(smiles.to_pylist(), queries.to_pylist(), strict=True)):
            if text is not None and query is not None:
                rows_of[query].append((row, text))
        for query, rows in rows_of.items():
            found = matches(catalog_of(query), [text for _, text in rows])
            molecules.go_on()
            for (row, _), names in zip(rows, found, strict=True):
                if names is None:
                    molecules.without_value[name, query] += 1
                else:
                    values[row] = value_of(names)
        return pa.array(values, kind)

    return function
