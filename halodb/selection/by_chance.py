"""Drawing products by chance: always the same ones for a seed, whatever the number of threads."""

from __future__ import annotations

from collections.abc import Sequence

from halodb.library import Library
from halodb.selection.listed import select_list
from halodb.selection.rows import COLUMNS, Chosen, products_text

_LOT = "md5_number_upper(concat($halodb_seed::BIGINT, ' ', {id}))"
"""A number that follows from the seed and the product's id alone: products are drawn in its order."""


def draw(
    library: Library,
    count: int,
    *,
    seed: int = 0,
    where: str | None = None,
    by: Sequence[str] = (),
    columns: Sequence[str] | None = None,
    molecules: bool = False,
) -> Chosen:
    """So many products by chance, without replacement, in the order in which they are drawn.

    The first of a larger draw are the smaller one. DuckDB keeps the best so far and no more of the others, or with `by`
    sorts ids out of core.

    Args:
        library: open.
        count: how many.
        seed: another seed, other products.
        where: a condition of SQL over `products`.
        by: columns or expressions of SQL: products are drawn from each of their values in turn, so that all come up
            equally often until one has no more.
        columns, molecules: see `rows_of_products`.

    Raises:
        QueryError: the condition or a column is wrong.
    """
    text, names = products_text(library, where=where, columns=columns, molecules=molecules)
    parameters = {"halodb_seed": seed, "halodb_count": count}
    own = f"{text.view}.id"
    lot = _LOT.format(id=own)
    if not by and all(item in COLUMNS for item in (COLUMNS if columns is None else columns)):
        return Chosen(library, f"{text}\nORDER BY {lot}, {own} LIMIT $halodb_count", names, parameters)
    strata = ", ".join(select_list(by, COLUMNS, named=False))
    turn = f"row_number() OVER (PARTITION BY {strata} ORDER BY {lot}, {own})" if by else "0"
    # The columns of choice are read, and what they ask of RDKit computed, for the rows that are drawn alone.
    drawn = f"""{text.beginning}
JOIN (
SELECT halodb_id, row_number() OVER (ORDER BY halodb_turn, halodb_lot, halodb_id) AS halodb_place
FROM (
SELECT {own} AS halodb_id, {lot} AS halodb_lot, {turn} AS halodb_turn
FROM {text.view}{text.where}
ORDER BY halodb_turn, halodb_lot, halodb_id LIMIT $halodb_count
)
) AS halodb_drawn ON {own} = halodb_id
ORDER BY halodb_place"""  # noqa: S608  the user's own condition and columns
    return Chosen(library, drawn, names, parameters)
