"""The results of a library as one directory of Parquet files, for programs that read a directory as one data set."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from halodb.errors import LibraryError
from halodb.files import TEMPORARY_SUFFIX, is_link, make_directory, process_tag, remove_file, write_error
from halodb.inputs.input import PRODUCTS_FILE
from halodb.jobs import Manifest
from halodb.jobs.state import State

DATA_SET = "products"
"""Directory in the library."""


def link_results(library: Path, manifests: Sequence[Manifest]) -> Path:
    """Make `products/<job>.parquet` of each result: links, which take no room; those of jobs that are gone are removed.

    Symbolic links go on to the results of later runs, and with the library when it is moved. Where the system refuses
    these (Windows, without developer mode) they are hard links: the results as they are now. Beside the results
    themselves lie manifests and rejects, which pyarrow, pandas and Polars do not pass over.

    Args:
        library: the directory.
        manifests: of all its jobs; those that are done and name class, k and rule in each row are linked.

    Returns:
        The directory.

    Raises:
        LibraryError: it is a link to elsewhere, or holds files that are no links.
        OutputError, DiskFullError: it cannot be written.

    Example:
        >>> polars.scan_parquet(link_results(library, manifests))  # doctest: +SKIP
    """
    directory = library / DATA_SET
    jobs = {one.job for one in manifests if one.state is State.DONE and one.labelled and not one.pooled}
    wanted = {directory / f"{job}.parquet": Path(os.pardir, job, PRODUCTS_FILE) for job in sorted(jobs)}
    try:
        if is_link(directory):
            raise LibraryError(f"{directory} is a link to elsewhere.", "Remove it.")
        make_directory(directory)
        there = set(directory.iterdir())
        if strangers := sorted(path.name for path in there if not _is_ours(path)):
            raise LibraryError(
                f"{directory} holds {strangers[0]}, which halodb has not put there.", "Move it to another place."
            )
        for link, target in wanted.items():
            _link(link, target)
        for path in there - wanted.keys():
            remove_file(path)
    except OSError as error:
        raise write_error(error, directory) from error
    return directory


def _is_ours(path: Path) -> bool:
    return path.is_symlink() or path.name.endswith(TEMPORARY_SUFFIX) or path.stat().st_nlink > 1


def _link(link: Path, target: Path) -> None:
    # Not by `whole_file`: it would open the result for writing, to sync what is on the disk already.
    temporary = link.with_name(f".{link.name}.{process_tag()}{TEMPORARY_SUFFIX}")
    remove_file(temporary)
    try:
        temporary.symlink_to(target)
    except (OSError, NotImplementedError):
        temporary.hardlink_to(link.parent / target)
    temporary.replace(link)
