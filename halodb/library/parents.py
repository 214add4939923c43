"""The rows of a library's inputs, their own columns, and which natural product each goes back to."""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import CoalesceOperator, ColumnExpression, DuckDBPyConnection, DuckDBPyRelation, Expression

from halodb.inputs.columns import OF_THE_PARENT, find_smiles, plain_name
from halodb.jobs.relation import balanced_union, constant
from halodb.library.inputs import InputFile
from halodb.readers import read_parquet

_FIRST = ("class", "k", "parent_row", "smiles", "name", "made_from_row")
"""Columns of `parents` that all inputs have."""
_HIDDEN = ("made_from_smiles", "root_smiles")
"""What an input of another program tells of where its rows come from; seen in `derivations` and `origins`."""
_OF_DERIVATIONS = (
    *("class", "k", "rule", "family", "label", "smiles", "parent_row", "site", "sources", "id"),
    *("parent_smiles", "grandparent_smiles"),
)
_OF_HALODB = ("smiles", "parent_row", "sources", "name")
"""Columns of `<class>-0X` that are in `_FIRST`, or say nothing of the parent."""

_MADE_FROM = ("parent_smiles", "source_smiles")
_ROOT = ("root_parent_smiles", "root_smiles", "natural_product_smiles")


class Parents:
    """Relations of all inputs that are there.

    Args:
        connection: DuckDB.
        files: the inputs.

    Attributes:
        rows: class, k, parent_row, smiles, name, made_from_row, what tells of their origin, and the columns of the
            inputs themselves; None without inputs.
        roots: class, k, parent_row and root_row of rows that `halogenate` made, as far as all files are there; None
            where there are none.
        others: names of the inputs' own columns.
        passed_on: those that rows of `<class>-0X` pass on to all that is made of them.
    """

    def __init__(self, connection: DuckDBPyConnection, files: Sequence[InputFile]) -> None:
        read = [(file, read_parquet(connection, file.path, row_numbers=True)) for file in files]
        own = [_own_columns(file, rows) for file, rows in read]
        kinds: dict[str, str] = {}
        named: dict[str, str] = {}  # DuckDB's names do not depend on upper and lower case
        for columns in own:
            for name, (_, kind) in columns.items():
                name = named.setdefault(name.casefold(), name)  # noqa: PLW2901
                kinds[name] = kind if kinds.get(name, kind) == kind else "VARCHAR"
        self.others = list(kinds)
        passed_on = {
            name.casefold() for (file, _), columns in zip(read, own, strict=True) if file.k == 0 for name in columns
        }
        halogenated = any(file.halogenated for file in files)
        self.passed_on = [
            name for name in self.others if halogenated and name.casefold() in passed_on and name not in OF_THE_PARENT
        ]
        branches = [_branch(file, rows, columns, kinds) for (file, rows), columns in zip(read, own, strict=True)]
        self.rows = balanced_union(branches) if branches else None
        self.roots = _roots(read)

    def of_view(self, rows: DuckDBPyRelation, roots: DuckDBPyRelation) -> DuckDBPyRelation:
        """The view `parents`: rows, each with what it has of the natural product it goes back to.

        Args:
            rows: `rows`, as a view.
            roots: `roots`, as a view.
        """
        return self._with_roots(rows, roots).select(*map(ColumnExpression, (*_FIRST, *self.others)))

    def of_derivations(self, rows: DuckDBPyRelation, roots: DuckDBPyRelation) -> DuckDBPyRelation:
        """The same, by the names that the columns have in `derivations`, and with what tells of the parent's parent."""
        shown = {"smiles": "parent_smiles"}
        taken = {*_OF_DERIVATIONS, "made_from_row", "made_from_smiles"}
        others = [name for name in self.others if name not in OF_THE_PARENT]
        for name in others:
            shown[name] = name
            while shown[name].casefold() in taken:
                shown[name] = f"parent_{shown[name]}"
            taken.add(shown[name].casefold())
        first = ("class", "k", "parent_row", "smiles", "made_from_row", "made_from_smiles")
        columns = [ColumnExpression(name).alias(shown.get(name, name)) for name in (*first, *others)]
        return self._with_roots(rows, roots).select(*columns)

    def _with_roots(self, rows: DuckDBPyRelation, roots: DuckDBPyRelation) -> DuckDBPyRelation:
        """Rows with the columns that natural products pass on."""
        if not self.passed_on:
            return rows
        linked = rows.set_alias("own").join(
            roots.set_alias("roots"),
            "own.class = roots.class AND own.k = roots.k AND own.parent_row = roots.parent_row",
            "left",
        )
        own = [ColumnExpression("own", name).alias(name) for name in rows.columns]
        linked = linked.select(*own, ColumnExpression("roots", "root_row").alias("root_row")).set_alias("linked")
        natural = rows.filter("k = 0").set_alias("product_of_nature")
        joined = linked.join(
            natural, "linked.class = product_of_nature.class AND linked.root_row = product_of_nature.parent_row", "left"
        )
        return joined.select(*(self._passed_on(name) for name in rows.columns))

    def _passed_on(self, name: str) -> Expression:
        own = ColumnExpression("linked", name)
        if name not in self.passed_on:
            return own.alias(name)
        return CoalesceOperator(own, ColumnExpression("product_of_nature", name)).alias(name)


def _own_columns(file: InputFile, rows: DuckDBPyRelation) -> dict[str, tuple[str, str]]:
    """The columns of an input that are its own: the names in `parents`, those in the file, and their types."""
    if file.halogenated:
        return {}
    names = [name for name in rows.columns if name != "file_row_number"]
    place = find_smiles(names, file.path)
    types = dict(zip(rows.columns, map(str, rows.types), strict=True))
    skipped = {"name"} | ({*_OF_HALODB} if _is_of_halodb(names) else set())
    found: dict[str, tuple[str, str]] = {}
    taken = {*_FIRST, *_HIDDEN}
    for at, name in enumerate(names):
        if at == place or name in skipped:
            continue
        shown = name
        while shown.casefold() in taken:
            shown = f"input_{shown}"
        taken.add(shown.casefold())
        found[shown] = (name, types[name])
    return found


def _is_of_halodb(names: Sequence[str]) -> bool:
    return tuple(names[: len(_OF_HALODB)]) == _OF_HALODB


def _branch(
    file: InputFile, rows: DuckDBPyRelation, own: dict[str, tuple[str, str]], kinds: dict[str, str]
) -> DuckDBPyRelation:
    names = [name for name in rows.columns if name != "file_row_number"]
    place = find_smiles(names, file.path)
    by_name = {shown.casefold(): given for shown, given in own.items()}
    made_from, root = _origin(file, rows)
    others = []
    for name, kind in kinds.items():
        given = by_name.get(name.casefold())
        others.append((constant(None, kind) if given is None else ColumnExpression(given[0]).cast(kind)).alias(name))
    return rows.select(
        constant(file.class_name, "VARCHAR").alias("class"),
        constant(file.k, "TINYINT").alias("k"),
        ColumnExpression("file_row_number").alias("parent_row"),
        ColumnExpression(names[place or 0]).cast("VARCHAR").alias("smiles"),
        (ColumnExpression("name") if "name" in names else constant(None, "VARCHAR")).cast("VARCHAR").alias("name"),
        (ColumnExpression("parent_row") if file.halogenated else constant(None, "BIGINT")).alias("made_from_row"),
        made_from.alias("made_from_smiles"),
        root.alias("root_smiles"),
        *others,
    )


def _origin(file: InputFile, rows: DuckDBPyRelation) -> tuple[Expression, Expression]:
    """What an input's own columns tell of the parents of its rows, and of their natural products."""
    nothing = constant(None, "VARCHAR")
    if file.halogenated or file.k == 0:
        return nothing, nothing
    texts = [name for name, kind in zip(rows.columns, rows.types, strict=True) if str(kind) == "VARCHAR"]

    def first(wanted: Sequence[str]) -> Expression | None:
        plain = [plain_name(name) for name in wanted]
        return next((ColumnExpression(name) for one in plain for name in texts if plain_name(name) == one), None)

    made_from, root = first(_MADE_FROM), first(_ROOT)
    if file.k == 1:  # its parents are the natural products
        made_from, root = (root if made_from is None else made_from), (made_from if root is None else root)
    return nothing if made_from is None else made_from, nothing if root is None else root


def _roots(read: Sequence[tuple[InputFile, DuckDBPyRelation]]) -> DuckDBPyRelation | None:
    """Which row of `<class>-0X` each row of a halogenated input goes back to."""
    by_name = {(file.class_name, file.k): rows for file, rows in read if file.halogenated}
    found: list[DuckDBPyRelation] = []
    for class_name in dict.fromkeys(name for name, _ in by_name):
        below: DuckDBPyRelation | None = None
        k = 1
        while (class_name, k) in by_name:
            below = _one_step(class_name, k, by_name[class_name, k], below)
            found.append(below)
            k += 1
    return balanced_union(found) if found else None


def _one_step(class_name: str, k: int, rows: DuckDBPyRelation, below: DuckDBPyRelation | None) -> DuckDBPyRelation:
    named = [constant(class_name, "VARCHAR").alias("class"), constant(k, "TINYINT").alias("k")]
    numbered = rows.select(ColumnExpression("file_row_number").alias("row_here"), ColumnExpression("parent_row"))
    if below is None:
        return numbered.select(
            *named, ColumnExpression("row_here").alias("parent_row"), ColumnExpression("parent_row").alias("root_row")
        )
    joined = numbered.set_alias("here").join(below.set_alias("below"), "here.parent_row = below.parent_row", "left")
    return joined.select(
        *named,
        ColumnExpression("here", "row_here").alias("parent_row"),
        ColumnExpression("below", "root_row").alias("root_row"),
    )
