"""The rows that stay, in their order: those that no other repeats, and the first of those that repeat a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from halodb.deduplication.repeats import Rows
from halodb.errors import InputError
from halodb.inputs.input import open_parquet

BATCH = 16_384
"""Rows that are held at a time."""

Item = TypeVar("Item")


class Kept(NamedTuple):
    """Some rows that stay.

    Attributes:
        file: number of the file that they are from.
        rows: they themselves.
        repeated: places among them of those whose key occurs more than once, ascending.
        told: of each of these, what `repeats` tells.
    """

    file: int
    rows: pa.RecordBatch
    repeated: npt.NDArray[np.int64]
    told: pa.Table

    def with_told(self, values: pa.Array[Any], column: str) -> pa.Array[Any]:
        """Values, one a row, with those of a column of `told` in their places."""
        mask = np.zeros(len(values), bool)
        mask[self.repeated] = True
        told = self.told.column(column).cast(values.type).combine_chunks()
        replaced: pa.Array[Any] = pc.replace_with_mask(values, pa.array(mask), told)
        return replaced


def kept_rows(rows: Rows, columns: list[str], repeats: Path) -> Iterator[Kept]:
    """Read rows, file after file, and leave out those that repeat a key of an earlier row.

    Args:
        rows: all of them.
        columns: that are wanted.
        repeats: a file with `position`, ascending, `stays`, and what is to be told of rows that stay.

    Raises:
        InputError: a file is damaged.
    """
    known = _Repeats(repeats)
    start = 0
    for number, batch in _ahead(batches_of(rows.files, columns)):
        found = known.before(start + batch.num_rows)
        stays = found.column("stays").to_numpy()
        places = found.column("position").to_numpy() - start
        keep = np.ones(batch.num_rows, bool)
        keep[places[~stays]] = False
        repeated = np.cumsum(keep)[places[stays]] - 1
        start += batch.num_rows
        yield Kept(number, batch if keep.all() else batch.filter(pa.array(keep)), repeated, found.filter(stays))


class _Repeats:
    """Repeats in the order of their rows, a piece at a time."""

    def __init__(self, file: Path) -> None:
        self._batches = batches_of([file])
        self._held = pq.read_schema(file).empty_table()

    def before(self, stop: int) -> pa.Table:
        """The next ones, up to the row at position `stop`."""
        pieces = [self._held]
        while len(pieces[-1]) == 0 or pieces[-1].column("position")[-1].as_py() < stop:
            _, batch = next(self._batches, (0, None))
            if batch is None:
                break
            pieces.append(pa.Table.from_batches([batch]))
        known = pa.concat_tables(pieces)
        count = int(np.searchsorted(known.column("position").to_numpy(), stop))
        self._held = known.slice(count)
        return known.slice(0, count)


def batches_of(files: Sequence[Path], columns: list[str] | None = None) -> Iterator[tuple[int, pa.RecordBatch]]:
    """All rows of some files, with the number of the file.

    Raises:
        InputError: a file is damaged.
    """
    for number, file in enumerate(files):
        with open_parquet(file) as parquet:
            try:
                for batch in parquet.iter_batches(BATCH, columns=columns, use_threads=False):
                    yield number, batch
            except (pa.ArrowException, OSError) as error:
                raise InputError(f"{file} is damaged: {error}.", "Make it again.") from error


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made by another thread while the one before is used: pyarrow lets Python go meanwhile."""
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
