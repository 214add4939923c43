"""Tables of statistics, and the one long table that they make together."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

Cell = str | int | float | None


class StatsTable(BaseModel):
    """One table.

    Attributes:
        name: what it is by: class, k, rule, halogens, scaffold, property, histogram.
        columns: the first names the item of a row, the others are figures; `low` and `high` of a histogram are the
            bounds of a bin, the upper one outside of it.
        rows: of it.
        of: molecules that it was computed of.
        sampled: whether these are a sample drawn by chance, and not all.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    of: int
    sampled: bool


class StatsReport(BaseModel):
    """The tables.

    Attributes:
        library: the directory.
        where: the condition, where there was one.
        products: that it holds for.
        unread: molecules of those computed that RDKit could not read.
        tables: in the order of `StatsTable.name`'s list.
    """

    model_config = ConfigDict(frozen=True)

    library: str
    where: str | None
    products: int
    unread: int
    tables: tuple[StatsTable, ...]

    def table(self, name: str) -> StatsTable:
        """One of the tables.

        Raises:
            KeyError: there is none of this name.
        """
        for each in self.tables:
            if each.name == name:
                return each
        raise KeyError(name)

    def long_rows(self) -> Iterator[tuple[str, str, str, float, int, bool]]:
        """All figures, one a row: table, item, statistic, value, of, sampled."""
        for table in self.tables:
            for item, *figures in table.rows:
                named = list(zip(table.columns[1:], figures, strict=True))
                if table.name == "histogram":
                    low, high, count = figures
                    named = [(f"{low:g} to {high:g}", count)]
                for statistic, value in named:
                    if isinstance(value, int | float):
                        yield table.name, str(item), statistic, float(value), table.of, table.sampled


LONG_COLUMNS = ("table", "item", "statistic", "value", "of", "sampled")
