"""What is known of drawn products: fingerprints from the index or computed, scaffolds computed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from halodb.engine import interruptible, statement
from halodb.exporting.write import scratch_of
from halodb.jobs.index_columns import MORGAN
from halodb.library import Library
from halodb.memory import MemoryMeter
from halodb.records import Maker, make_records, write_spool
from halodb.records.makers import FingerprintMaker
from halodb.selection.rows import NAME, SMILES
from halodb.workers.governor import size_pool
from halodb.workers.listener import Listener

_DRAWN = "halodb_drawn"
_FINGERPRINT_BYTES = 8 * len(MORGAN)


class Candidates:
    """Drawn products.

    Args:
        library: open.
        table: their rows, with `SMILES` and `NAME`.
        workers: processes; one a core by default.
        memory: budget of the process tree, in bytes.
        meter: measures it; running.
        temp_directory: of temporary files; in the library by default.
        listener: told how far it is.
    """

    def __init__(
        self,
        library: Library,
        table: pa.Table,
        *,
        workers: int | None,
        memory: int,
        meter: MemoryMeter,
        temp_directory: Path | str | None,
        listener: Listener,
    ) -> None:
        self._library, self._table, self._workers, self._memory = library, table, workers, memory
        self._meter, self._temp_directory, self._listener = meter, temp_directory, listener

    def fingerprints(self) -> list[bytes | None]:
        """Of each product its Morgan fingerprint; None where RDKit reads no molecule."""
        found: list[bytes | None] = [None] * self._table.num_rows
        for place, bits in self._of_index() if self._library.has_index else ():
            found[place] = bits
        rest = [place for place, bits in enumerate(found) if bits is None]
        for place, computed in zip(rest, self._computed(FingerprintMaker(), rest, "fingerprints"), strict=True):
            found[place] = computed
        return found

    def records(self, maker: Maker, title: str) -> list[bytes | None]:
        """Of each product what a maker makes; None where it can make nothing."""
        return list(self._computed(maker, list(range(self._table.num_rows)), title))

    def _of_index(self) -> Iterator[tuple[int, bytes]]:
        connection = self._library.connection
        drawn = pa.table({"place": pa.array(range(self._table.num_rows), pa.int64()), NAME: self._table.column(NAME)})
        connection.register(_DRAWN, drawn)
        text = statement("sample/fingerprints")
        with self._library.asking(text):
            found: pa.Table = interruptible(connection, lambda: connection.sql(text).to_arrow_table())
        connection.unregister(_DRAWN)
        words = np.stack([found.column(name).to_numpy() for name in MORGAN], axis=1).astype("<u8")
        content = words.tobytes()
        for number, place in enumerate(found.column("place").to_numpy()):
            yield int(place), content[number * _FINGERPRINT_BYTES : (number + 1) * _FINGERPRINT_BYTES]

    def _computed(self, maker: Maker, places: list[int], title: str) -> Iterator[bytes | None]:
        if not places:
            return
        rows = self._table.select([SMILES, NAME]).take(pa.array(places, pa.int64()))
        budget = size_pool(self._meter, self._workers, self._memory)
        with scratch_of(self._library, self._temp_directory) as scratch:
            spool = write_spool(scratch / "drawn.parquet", rows.schema, rows.to_batches())
            made = make_records(spool, maker, budget=budget, directory=scratch, listener=self._listener, title=title)
            for records in made:
                yield from records.made
