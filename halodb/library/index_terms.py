"""Functions of chemistry as terms of SQL over the columns of an index, for one query each.

A term names the columns of `internal.indexed_products`, and `halodb_call()` in place of the call that it stands for. It
is made of numbers alone, of no text of a user's.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from halodb.functions.signatures import BY_NAME
from halodb.jobs.index_columns import MORGAN, NUMBERS, SCREEN

CALL = "halodb_call"

_COLUMNS = {
    **{name: ("INTEGER" if kind == "SMALLINT" else kind) for name, kind in NUMBERS.items() if name in BY_NAME},
    "inchikey": "VARCHAR",
}
"""Functions that a column of the index answers, and what they give."""

_SCREENED = {"substructure": "false", "substructure_count": "0"}
"""Functions of a SMARTS, and what they give where it does not match."""
_OF_QUERY = (*_SCREENED, "similarity")
_COUNTED = ("n_f", "n_cl", "n_br", "n_i", "n_c", "n_n", "n_o", "n_p", "n_s")
"""Of `fingerprints.COUNTED`."""
_NO_SCREEN = f"halodb_{SCREEN[0]} IS NULL"
_QUERIES = 256
_ATOMS = "([A-Z][a-z]?)([0-9]{0,4})"
"""Those of one element in a formula."""


def is_answered(name: str) -> bool:
    """Whether an index can answer a function, by its name in SQL or an alias."""
    return name in BY_NAME and BY_NAME[name].name in {*_COLUMNS, *_OF_QUERY}


def takes_query(name: str) -> bool:
    """Whether a function has a second parameter."""
    return BY_NAME[name].name in _OF_QUERY


def is_similarity(name: str) -> bool:
    """Whether a function is `similarity`."""
    return name in BY_NAME and BY_NAME[name].name == "similarity"


def is_formula(name: str) -> bool:
    """Whether a function is `formula`, of which the index knows the atoms that it counts."""
    return name in BY_NAME and BY_NAME[name].name == "formula"


def term_of_column(name: str) -> str:
    """The term of a function that a column answers.

    >>> term_of_column("hbd")
    'CASE WHEN halodb_hbd IS NULL THEN halodb_call() ELSE halodb_hbd::INTEGER END'
    """
    column = BY_NAME[name].name
    return f"CASE WHEN halodb_{column} IS NULL THEN {CALL}() ELSE halodb_{column}::{_COLUMNS[column]} END"


@lru_cache(_QUERIES)
def term_of_query(name: str, query: str) -> str | None:
    """The term of a function with a query; None where the index is of no help, or the query is none.

    >>> term_of_query("substructure", "[#6]Cl").endswith(") THEN halodb_call() ELSE false END")
    True
    """
    function = BY_NAME[name].name
    return _tanimoto(query) if function == "similarity" else _screening(query, otherwise=_SCREENED[function])


def _screening(smarts: str, otherwise: str) -> str | None:
    from rdkit import Chem, rdBase

    from halodb.chemistry.fingerprints import needs_of, words_of

    with rdBase.BlockLogs():
        query = Chem.MolFromSmarts(smarts) if smarts.strip() and not any(map(str.isspace, smarts)) else None
    if query is None:
        return None
    needs = needs_of(query)
    words = zip(SCREEN, words_of(needs.screen), strict=True)
    of_atoms = [f"halodb_{column} >= {count}" for column, count in zip(_COUNTED, needs.atoms, strict=True) if count]
    of_words = [
        f"(halodb_{column} & {word}::UBIGINT) = {word}::UBIGINT"
        for column, word in sorted(words, key=lambda each: -each[1].bit_count())
        if word
    ]
    conditions = " AND ".join([*of_atoms, *of_words])
    return f"CASE WHEN {_NO_SCREEN} OR ({conditions}) THEN {CALL}() ELSE {otherwise} END" if conditions else None


def _tanimoto(smiles: str) -> str | None:
    """As RDKit has it: common bits by all bits, in doubles."""
    found = _morgan(smiles)
    if found is None:
        return None
    words, count = found
    common = " + ".join(
        f"bit_count(halodb_{column} & {word}::UBIGINT)::INTEGER"
        for column, word in zip(MORGAN, words, strict=True)
        if word
    )
    ratio = f"({common})::DOUBLE / ({count} + halodb_morgan_count - ({common}))::DOUBLE"
    return f"CASE WHEN halodb_morgan_count IS NULL THEN {CALL}() ELSE {ratio} END"


@lru_cache(_QUERIES)
def term_of_threshold(smiles: str, threshold: float) -> str | None:
    """The term of a comparison of `similarity` with a lower bound, by the number of bits that it leaves possible.

    Two sets of a and b bits have min(a, b) in common at most, of max(a, b) in all at least.
    """
    found = _morgan(smiles)
    if found is None or not 0 < threshold <= 1:
        return None
    count = found[1]
    least = next(bits for bits in range(1, count + 1) if bits / count >= threshold)
    most = math.floor(count / threshold) + 1
    while count / most < threshold:
        most -= 1
    possible = f"halodb_morgan_count BETWEEN {least} AND {most}"
    return f"CASE WHEN halodb_morgan_count IS NULL OR {possible} THEN {CALL}() ELSE false END"


def term_of_formula(text: str) -> str | None:
    """The term of a comparison of `formula` with a text, by the atoms that all molecules of this formula have.

    >>> term_of_formula("C2H6OS+").split(" OR ")[1]  # doctest: +NORMALIZE_WHITESPACE
    '(halodb_heavy_atoms = 4 AND halodb_n_f = 0 AND halodb_n_cl = 0 AND halodb_n_br = 0 AND halodb_n_i = 0 AND
    halodb_n_c = 2 AND halodb_n_n = 0 AND halodb_n_o = 1 AND halodb_n_p = 0 AND halodb_n_s = 1) THEN halodb_call()
    ELSE false END'
    """
    bare = re.sub(r"[+-]\d*$", "", text)
    if not re.fullmatch(f"(?:{_ATOMS})+", bare):
        return None
    atoms = Counter[str]()
    for element, count in re.findall(_ATOMS, bare):
        atoms[f"n_{element.lower()}"] += int(count or 1)
    heavy = atoms.total() - atoms["n_h"]
    counted = " AND ".join(f"halodb_{column} = {atoms[column]}" for column in _COUNTED)
    return f"CASE WHEN {_NO_SCREEN} OR (halodb_heavy_atoms = {heavy} AND {counted}) THEN {CALL}() ELSE false END"


@lru_cache(_QUERIES)
def _morgan(smiles: str) -> tuple[tuple[int, ...], int] | None:
    """The words of a query's fingerprint and the number of its bits."""
    from rdkit import rdBase

    from halodb.chemistry.fingerprints import morgan_of, words_of
    from halodb.functions.molecules import read_molecule

    with rdBase.BlockLogs():
        molecule = read_molecule(smiles)
    if molecule is None:
        return None
    bits, count = morgan_of(molecule)
    return (words_of(bits), count) if count else None
