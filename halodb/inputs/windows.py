"""Some windows of an input's rows, read in one go through the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from halodb.inputs.input import open_parquet
from halodb.inputs.slices import read_rows, texts_of


class Window(NamedTuple):
    """Rows `start` (0-based) up to, not including, `stop`."""

    start: int
    stop: int


def read_windows(file: Path, windows: Sequence[Window]) -> Iterator[list[str | None]]:
    """The SMILES of each of some windows, which are in order and may overlap.

    To reach a row of a row group all rows before it are decoded: a row group with several windows is read once.

    Raises:
        InputError: the data of the file are damaged.
    """
    with open_parquet(file) as parquet:
        sizes = [parquet.metadata.row_group(index).num_rows for index in range(parquet.metadata.num_row_groups)]
    ends = list(accumulate(sizes))
    together: list[Window] = []
    for window in windows:
        if together and bisect_right(ends, window.start) > bisect_right(ends, together[-1].stop - 1):
            yield from _read_together(file, together)
            together = []
        together.append(window)
    if together:
        yield from _read_together(file, together)


def _read_together(file: Path, windows: Sequence[Window]) -> Iterator[list[str | None]]:
    begun: list[tuple[Window, list[str | None]]] = []
    waiting = list(reversed(windows))
    position = windows[0].start
    for batch in read_rows(file, position, max(window.stop for window in windows), ["smiles"]):
        end = position + len(batch)
        while waiting and waiting[-1].start < end:
            begun.append((waiting.pop(), []))
        for window, held in begun:
            first, last = max(window.start, position), min(window.stop, end)
            if last > first:
                texts = texts_of(batch.slice(first - position, last - first).column(0), errors="backslashreplace")
                held.extend(texts)
        position = end
        while begun and begun[0][0].stop <= position:
            yield begun.pop(0)[1]
