"""What jobs left: shards that nothing counts, shards of done jobs, and unfinished jobs as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from halodb.cleaning.waste import Kind, Waste, waste_of
from halodb.errors import InputError, LibraryError
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.inputs.names import is_input_name
from halodb.jobs import Manifest, State
from halodb.jobs.job import REJECTS_FILE, SHARDS_DIRECTORY, parse_job_name
from halodb.jobs.manifest import MANIFEST_FILE
from halodb.jobs.select import read_or_error
from halodb.units import JobReceipt

_SHARD = re.compile(r"\d{10,}-\d{10,}\.(\d+|rejects)\.parquet|\d{10,}-\d{10,}\.parquet")


@dataclass(frozen=True)
class JobDirectory:
    """A directory with the name of a job, and what its manifest says: nothing where there is none."""

    path: Path
    manifest: Manifest | LibraryError | None

    @property
    def is_unfinished(self) -> bool:
        """Whether a run would go on with it."""
        return isinstance(self.manifest, Manifest) and self.manifest.state is not State.DONE

    @property
    def is_unreadable(self) -> bool:
        """Whether its manifest cannot be read."""
        return isinstance(self.manifest, LibraryError)


def job_directories(library: Path) -> list[JobDirectory]:
    """The directories of jobs, by name; links to elsewhere are none."""
    return [
        JobDirectory(path, read_or_error(path))
        for path in sorted(library.iterdir())
        if path.is_dir() and not path.is_symlink() and (parse_job_name(path.name) or is_input_name(path.name))
    ]


def shard_files(directory: Path) -> list[Path]:
    """The shards in a directory: files that are named by a unit."""
    return sorted(path for path in directory.glob("*.parquet") if _SHARD.fullmatch(path.name))


def waste_of_job(job: JobDirectory, receipts: Mapping[str, list[JobReceipt]]) -> list[Waste]:
    """The shards of a job that are of no use; `receipts` are what units made, by the job's fingerprint."""
    place = job.path / SHARDS_DIRECTORY
    shards = shard_files(place)
    if isinstance(job.manifest, LibraryError):
        return []
    if job.manifest is not None and job.manifest.state is State.DONE:
        return waste_of(Kind.DONE_SHARDS, place, shards)
    if job.manifest is not None:
        made = [receipt for receipt in receipts.get(job.manifest.fingerprint, []) if receipt.is_there(place)]
        counted = {record.file for receipt in made for record in receipt.files}
        shards = [shard for shard in shards if shard.name not in counted]
    return waste_of(Kind.STRAY_SHARDS, place, shards)


def unfinished_job(job: JobDirectory) -> list[Waste]:
    """An unfinished job with all its files; nothing where it is none.

    A result that an earlier run of the job left goes too, as no query sees it without a manifest of its own; one that
    halodb did not make stays, and so does the result of a job whose manifest cannot be read: it may be whole.
    """
    if job.is_unreadable and (job.path / PRODUCTS_FILE).exists():
        return []
    if not job.is_unfinished and not job.is_unreadable:
        return []
    return waste_of(Kind.UNFINISHED, job.path, _files_of(job))


def _files_of(job: JobDirectory) -> Iterator[Path]:
    """The manifest comes last: while it is there the job is told as unfinished."""
    yield from shard_files(job.path / SHARDS_DIRECTORY)
    products = job.path / PRODUCTS_FILE
    if not products.exists() or _is_ours(products, job.path.name):
        yield from (file for file in (products, job.path / REJECTS_FILE) if file.exists())
    yield job.path / MANIFEST_FILE


def _is_ours(file: Path, job: str) -> bool:
    try:
        return read_footer(file).metadata.get("halodb.job") == job
    except InputError:
        return False
