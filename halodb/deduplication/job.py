"""The dedup of one job: from its shards to its result."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from halodb.deduplication.repeats import Finder, find_repeats
from halodb.deduplication.result import Through, make_result, unchanged
from halodb.deduplication.spill import SpillWatch
from halodb.errors import LibraryError
from halodb.files import format_bytes, remove_file, remove_tree, write_error
from halodb.jobs import Manifest, write_manifest
from halodb.jobs.job import SHARDS_DIRECTORY
from halodb.jobs.made import Made, missing_rows
from halodb.jobs.state import State

_LOG = logging.getLogger(__name__)

Check = Callable[[Manifest, Path, duckdb.DuckDBPyConnection], Sequence[str]]
"""What is wrong with a result, as sentences without their end."""


def unchecked(*_: object) -> Sequence[str]:
    """Nothing is wrong."""
    return ()


def is_complete(manifest: Manifest, made: Made) -> bool:
    """Whether all that the units of a job made is to be seen."""
    receipts = made.units.values()
    counted = sum(receipt.products + sum(receipt.rejects.values()) for receipt in receipts)
    wanted = manifest.counts.products + sum(manifest.counts.rejects.values())
    return counted == wanted and not missing_rows(manifest, made.units)


def dedup_job(
    manifest: Manifest,
    library: Path,
    connection: duckdb.DuckDBPyConnection,
    made: Made,
    check: Check,
    find: Finder = find_repeats,
    through: Through = unchanged,
) -> Manifest:
    """Make the result of a transformed job; its manifest as it is then.

    Raises:
        LibraryError: shards are missing or damaged, or the result is not taken for right: the job is transformed anew.
        DiskFullError, OutputError: a file cannot be written.
    """
    started = time.monotonic()
    directory = library / manifest.job
    shards = directory / SHARDS_DIRECTORY
    receipts = made.units.values()
    damaged = [file for receipt in receipts for file in receipt.files if not file.is_whole(shards)]
    if damaged or not is_complete(manifest, made):
        for file in damaged:
            _remove_damaged(shards / file.file)
        write_manifest(directory, manifest.moved(State.TRANSFORMING))
        what = f"shard {damaged[0].file} of {manifest.job} is" if damaged else f"shards of {manifest.job} are"
        raise LibraryError(
            f"{what} missing or damaged.", "Run `halodb transform` again: only what is missing is made again."
        )
    with SpillWatch(connection) as spill:
        content, files = make_result(manifest, directory, made, connection, through, find)
    done = manifest.moved(
        State.DONE,
        counts=manifest.counts.model_copy(update={"unique": content.rows}),
        checksum=content.checksum,
        files=files,
        labelled=True,
        dedup_seconds=round(time.monotonic() - started, 3),
    )
    problems = check(done, library, connection)
    if problems:
        _LOG.error("%s is not taken for done: %s", manifest.job, "; ".join(problems))
        remove_tree(shards)
        write_manifest(directory, manifest.moved(State.TRANSFORMING))
        raise LibraryError(f"{'; '.join(problems)}.", "It is not taken for done; run again, it is made anew.")
    write_manifest(directory, done)
    counts = done.counts
    _LOG.info(
        "%s: %d products, %d unique, dedup in %.1f s%s",
        *(done.job, counts.products, counts.unique, done.dedup_seconds),
        f", spilled {format_bytes(spill.most)}" if spill.most else "",
    )
    return done


def _remove_damaged(shard: Path) -> None:
    """A pass takes a shard that is there for whole, so one that is not must go."""
    try:
        remove_file(shard)
    except OSError as error:
        raise write_error(error, shard) from error
