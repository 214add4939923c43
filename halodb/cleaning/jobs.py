"""What jobs left: shards that nothing counts, shards of done jobs, and unfinished jobs as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from halodb.cleaning.leftovers import Kind, Leftover, leftovers_of
from halodb.errors import InputError, LibraryError
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.jobs import JobDirectory
from halodb.jobs.directories import directories_in, is_name_of_job, read_or_error
from halodb.jobs.indexed import has_index, index_tag
from halodb.jobs.job import INDEX_DIRECTORY, INDEX_FILE, REJECTS_FILE, SHARDS_DIRECTORY
from halodb.jobs.manifest import MANIFEST_FILE
from halodb.jobs.state import State
from halodb.units import JobReceipt

_PART = re.compile(r"\d{10,}\.([0-9a-f]+)k?\.parquet")
_SHARD = re.compile(r"\d{10,}-\d{10,}\.(\d+|rejects)\.parquet|\d{10,}-\d{10,}\.parquet")


def named_job_directories(library: Path) -> list[JobDirectory]:
    """The directories with the name of a job, whatever is in them, by name."""
    return [JobDirectory(path, read_or_error(path)) for path in directories_in(library) if is_name_of_job(path.name)]


def shard_files(directory: Path) -> list[Path]:
    """The shards in a directory: files that are named by a unit."""
    return sorted(path for path in directory.glob("*.parquet") if _SHARD.fullmatch(path.name))


def leftovers_of_job(job: JobDirectory, receipts: Mapping[str, list[JobReceipt]]) -> list[Leftover]:
    """The shards of a job that are of no use; `receipts` are what units made, by the job's fingerprint."""
    place = job.path / SHARDS_DIRECTORY
    shards = shard_files(place)
    if isinstance(job.manifest, LibraryError):
        return []
    if job.manifest is not None and job.manifest.state is State.DONE:
        return leftovers_of(Kind.DONE_SHARDS, place, shards)
    if job.manifest is not None:
        made = [receipt for receipt in receipts.get(job.manifest.fingerprint, []) if receipt.is_there(place)]
        counted = {record.file for receipt in made for record in receipt.files}
        shards = [shard for shard in shards if shard.name not in counted]
    return leftovers_of(Kind.STRAY_SHARDS, place, shards)


def leftovers_of_index(job: JobDirectory) -> list[Leftover]:
    """The index of a job where no query uses it, and its parts where `index` would not go on with them."""
    if isinstance(job.manifest, LibraryError):
        return []
    parts = sorted(path for path in (job.path / INDEX_DIRECTORY).glob("*.parquet") if _PART.fullmatch(path.name))
    index = job.path / INDEX_FILE
    done = job.manifest is not None and job.manifest.state is State.DONE
    if job.manifest is not None and done:
        tag = index_tag(job.manifest)
        parts = [path for path in parts if _of_other_index(path, tag)]
    used = job.manifest is not None and done and has_index(job.manifest, job.path.parent)
    unused = [index] if not used and index.exists() and _is_ours(index, job.path.name) else []
    found = leftovers_of(Kind.INDEX, job.path / INDEX_DIRECTORY, parts)
    return [*found, *leftovers_of(Kind.INDEX, index, unused)]


def _of_other_index(part: Path, tag: str) -> bool:
    found = _PART.fullmatch(part.name)
    return found is None or found[1] != tag


def unfinished_job(job: JobDirectory) -> list[Leftover]:
    """An unfinished job with all its files; nothing where it is none.

    A result that an earlier run of the job left goes too, as no query sees it without a manifest of its own; one that
    halodb did not make stays, and so does the result of a job whose manifest cannot be read: it may be whole.
    """
    if job.is_unreadable and (job.path / PRODUCTS_FILE).exists():
        return []
    if not job.is_unfinished and not job.is_unreadable:
        return []
    return leftovers_of(Kind.UNFINISHED, job.path, _files_of(job))


def _files_of(job: JobDirectory) -> Iterator[Path]:
    """The manifest comes last: while it is there the job is told as unfinished."""
    yield from shard_files(job.path / SHARDS_DIRECTORY)
    yield from (path for path in (job.path / INDEX_DIRECTORY).glob("*.parquet") if _PART.fullmatch(path.name))
    products = job.path / PRODUCTS_FILE
    if not products.exists() or _is_ours(products, job.path.name):
        yield from (file for file in (products, job.path / REJECTS_FILE) if file.exists())
    yield job.path / MANIFEST_FILE


def _is_ours(file: Path, job: str) -> bool:
    try:
        return read_footer(file).metadata.get("halodb.job") == job
    except InputError:
        return False
