"""What a query takes in which RDKit must read products, told before it begins to whoever waits."""

from __future__ import annotations

import re
from collections.abc import Mapping

from halodb.files import format_seconds
from halodb.functions.signatures import BY_NAME, names_in
from halodb.library.index_terms import is_answered, is_formula
from halodb.library.views import names_products

_WORTH_TELLING = {True: 5.0, False: 300.0}
"""Seconds, where somebody sits before a terminal, and elsewhere."""

_OF_ONE_FORMULA = re.compile(r"formula\s*\([^()]*\)\s*=|=\s*(mol_)?formula\s*\(", re.IGNORECASE)
"""An index knows the atoms of a formula that is asked for."""

_USUAL_MICROSECONDS = 120
_MICROSECONDS: Mapping[str, int] = {
    "similarity": 160,
    "canonical": 190,
    "scaffold": 330,
    "sa_score": 380,
    "logp": 380,
    "inchikey": 430,
    "qed": 1500,
    "alerts": 4000,
}
"""Of one core, a molecule; measured on products of 50 to 60 heavy atoms, with reading the SMILES."""


def cost_of_query(text: str, rows: int, without_index: int, *, watched: bool = False) -> str | None:
    """A sentence that says how long a query may take; None where it is soon done, or asks RDKit of no product.

    Args:
        text: SQL.
        rows: products of the library.
        without_index: those of jobs that have no index.
        watched: whether somebody sits before a terminal, and is told of a few seconds too.

    Example:
        >>> cost_of_query("SELECT count(*) FROM products WHERE substructure(smiles, 'c[OH]')", 10**7, 10**7)
        '10,000,000 products have no index, and RDKit may have to read each: up to about 0:20:00 of one core.'
        >>> cost_of_query("SELECT count(*) FROM products WHERE substructure(smiles, 'c[OH]')", 10**7, 0)
        >>> cost_of_query("SELECT count(*) FROM products WHERE formula(smiles) = 'C2H6O'", 10**7, 0)
    """
    named = names_in(text)
    if not named or not names_products(text):
        return None
    narrowed = _OF_ONE_FORMULA.search(text) is not None
    by_rdkit = {name for name in named if not is_answered(name) and not (narrowed and is_formula(name))}
    each = sum(_MICROSECONDS.get(BY_NAME[name].name, _USUAL_MICROSECONDS) for name in named)
    of_the_others = sum(_MICROSECONDS.get(BY_NAME[name].name, _USUAL_MICROSECONDS) for name in by_rdkit)
    seconds = (each * without_index + of_the_others * (rows - without_index)) / 1e6
    if seconds < _WORTH_TELLING[watched]:
        return None
    up_to = f"up to about {format_seconds(seconds)} of one core."
    if named - by_rdkit and without_index:
        return f"{without_index:,} products have no index, and RDKit may have to read each: {up_to}"
    return f"RDKit may have to read each of {rows:,} products: {up_to}"
