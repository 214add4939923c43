"""`halodb clean`: find what is of no use, tell it, remove it."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from halodb.cleaning.jobs import leftovers_of_index, leftovers_of_job, named_job_directories, unfinished_job
from halodb.cleaning.leftovers import CleanReport, Kind, Leftover, LeftoversFound, leftovers_of
from halodb.cleaning.older import debris_of_older_program
from halodb.cleaning.passes import STAGING, leftovers_of_pass, pass_directories
from halodb.errors import LibraryError, NewerVersionError
from halodb.files import TEMPORARY_SUFFIX, is_link, remove_directory, remove_file, write_error
from halodb.inputs import InputName
from halodb.inputs.names import is_input_name, parse_input_name
from halodb.jobs import JobDirectory, Manifest, writing
from halodb.jobs.directories import own_directories
from halodb.jobs.job import PASSES_DIRECTORY, parse_job_name
from halodb.jobs.select import check_is_library
from halodb.temporary import spill_directories, temporary_files


def find_leftovers(
    library: Path | str,
    *,
    shards: bool = False,
    unfinished: bool = False,
    debris: bool = False,
    temp_directory: Path | str | None = None,
) -> LeftoversFound:
    """What `clean` would remove, with the same arguments; nothing is removed.

    Raises:
        LibraryError: no library there, or another process is writing to it.

    Example:
        >>> halodb.find_leftovers("library").bytes  # doctest: +SKIP
    """
    return clean(
        library,
        shards=shards,
        unfinished=unfinished,
        debris=debris,
        temp_directory=temp_directory,
        confirm=lambda _: False,
    )


def clean(
    library: Path | str,
    *,
    shards: bool = False,
    unfinished: bool = False,
    debris: bool = False,
    temp_directory: Path | str | None = None,
    confirm: Callable[[LeftoversFound], bool] = lambda _: True,
) -> CleanReport:
    """Remove what stopped runs left and no run would use.

    These are temporary and spill files of processes that are gone, marks of workers, receipts that no unfinished job
    counts on and shards that no receipt counts. Results are never touched, and files that halodb did not write only
    where they are asked for. A job under way is kept, since a run goes on with it.

    Args:
        library: directory of the library.
        shards: also the shards of done jobs, which `dedup --keep-shards` leaves.
        unfinished: also jobs that are not done, with all that was made of them, and those whose manifest cannot be read
            and that have no result.
        debris: also what the older program left, `dedup.db` with what lies beside it and Parquet files that were never
            ended, and results that were set aside (`products.aside-1.parquet`).
        temp_directory: where DuckDB spilled, if not in the library.
        confirm: called with what was found, if anything was; where it says no, nothing is removed. Meanwhile the
            library is held, so that what was told is what is removed.

    Raises:
        LibraryError: no library there, another process is writing to it, or a newer halodb has worked in it.
        OutputError: a file cannot be removed.

    Example:
        >>> halodb.clean("library", confirm=lambda found: found.bytes > 0).removed  # doctest: +SKIP
    """
    library = Path(library)
    _check_is_ours(library)
    elsewhere = [Path(temp_directory)] if temp_directory else []
    with writing(library, sweeping=False):
        everything = _find(library, unfinished, [library, library / PASSES_DIRECTORY / STAGING, *elsewhere])
        asked = {Kind.DONE_SHARDS: shards, Kind.UNFINISHED: unfinished}
        asked |= dict.fromkeys((Kind.OLDER, Kind.HALF_WRITTEN, Kind.ASIDE), debris)
        found = LeftoversFound(
            library=library,
            waste=tuple(waste for waste in everything if asked.get(waste.kind, True)),
            offered=tuple(waste for waste in everything if not asked.get(waste.kind, True)),
        )
        removed = bool(found.waste) and confirm(found)
        if removed:
            _remove(found.waste, {library, *elsewhere})
    return CleanReport(library=library, waste=found.waste, offered=found.offered, removed=removed)


def _check_is_ours(library: Path) -> None:
    """Refuse a directory in which nothing has a name of halodb's."""
    check_is_library(library, inputs_too=True)
    names = (PASSES_DIRECTORY, ".halodb*", f".*{TEMPORARY_SUFFIX}")
    if not named_job_directories(library) and not any(next(library.glob(name), None) for name in names):
        raise LibraryError(f"{library} holds nothing of halodb's.", "Give the directory of a library.")


def _find(library: Path, unfinished: bool, spilled_in: Iterable[Path]) -> list[Leftover]:
    jobs, passes = named_job_directories(library), pass_directories(library)
    for job in jobs:
        if isinstance(job.manifest, NewerVersionError):
            raise job.manifest
    made = dict(itertools.chain.from_iterable(one.made().items() for one in passes))
    found: list[Leftover] = []
    for place in own_directories(library):
        found += leftovers_of(Kind.TEMPORARY, place, temporary_files(place))
    for place in dict.fromkeys(spilled_in):
        for spill in spill_directories(place):
            if spill.is_dir() and not is_link(spill):
                found += leftovers_of(Kind.SPILL, spill, _all_in(spill))
    kept: list[JobDirectory] = []
    for job in jobs:
        whole = unfinished_job(job)
        found += whole
        if not whole or not unfinished:
            found += leftovers_of_job(job, made)
            found += leftovers_of_index(job)
            kept.append(job)
    manifests = [job.manifest for job in kept if job.is_unfinished and isinstance(job.manifest, Manifest)]
    unclear = {_class_of(job.path.name) for job in kept if job.is_unreadable}
    for one in passes:
        if _class_of(one.path.name) not in unclear:
            waiting = {manifest.fingerprint for manifest in manifests}
            found += leftovers_of_pass(one, waiting, {manifest.input.digest for manifest in manifests})
    return [*found, *debris_of_older_program(library)]


def _all_in(directory: Path) -> list[Path]:
    """A directory with all in it, what is deepest first; no link is followed."""
    found = [Path(base) / name for base, links, files in os.walk(directory, topdown=False) for name in (*files, *links)]
    return [*found, directory]


def _class_of(name: str) -> str:
    parsed = parse_job_name(name)
    of_input: InputName | None = parsed[0] if parsed else parse_input_name(name) if is_input_name(name) else None
    return of_input.class_name if of_input else ""


def _remove(found: Iterable[Leftover], roots: set[Path]) -> None:
    """Remove the files, then the directories below the roots that this has emptied."""
    for waste in found:
        for file in waste.files:
            try:
                if file.is_dir() and not is_link(file):  # of a spill, empty by now
                    remove_directory(file)
                else:
                    remove_file(file)
            except FileNotFoundError:  # gone meanwhile
                continue
            except OSError as error:
                raise write_error(error, file) from error
    for directory in sorted({file.parent for waste in found for file in waste.files}):
        with contextlib.suppress(OSError):  # not empty, or gone already
            while directory not in roots:
                remove_directory(directory)
                directory = directory.parent  # noqa: PLW2901
