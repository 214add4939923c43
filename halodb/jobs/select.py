"""Jobs of a library by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from halodb.errors import LibraryError, MisplacedError, UsageError, did_you_mean
from halodb.inputs.names import is_input_name
from halodb.jobs.directories import directories_in, is_name_of_job, job_directories, warn_left_out
from halodb.jobs.manifest import Manifest

_REMEDY = "Give the directory that `halodb transform` or `halodb run` wrote to."
_LISTED = '`halodb sql "SELECT job FROM jobs"` lists them.'


def check_is_library(library: Path, *, inputs_too: bool = False) -> None:
    """Refuse a directory that is not there, or holds inputs and no job.

    Args:
        library: the directory.
        inputs_too: for what is done to the inputs that `halodb halogenate` wrote as well.

    Raises:
        LibraryError: it is none.
    """
    if not library.is_dir():
        raise LibraryError(f"{library} does not exist.", _REMEDY)
    if inputs_too:
        return
    names = [path.name for path in directories_in(library)]
    inputs = [name for name in names if is_input_name(name)]
    if inputs and not any(is_name_of_job(name) for name in names if name not in inputs):
        raise LibraryError(
            f"{library} holds inputs, such as {inputs[0]}, and is no library.",
            f"Give the directory that `halodb run LIBRARY -i {library}` writes to.",
        )


def choose_jobs(library: Path, names: Sequence[str] = (), *, inputs_too: bool = False) -> list[Manifest]:
    """Manifests of the jobs named, or of all, sorted by name; a name may be a pattern such as `polyphenol-*`.

    A manifest in the directory of another job is told in a warning and left out: its rows would count twice.

    Raises:
        LibraryError: the directory is not there, holds no job, or a manifest cannot be read.
        UsageError: a name that is no job of the library.
    """
    check_is_library(library, inputs_too=inputs_too)
    found: dict[str, Manifest | LibraryError] = {}
    for job in job_directories(library):
        if isinstance(job.manifest, MisplacedError):
            warn_left_out(job.manifest)
        elif job.manifest is not None:
            found[job.name] = job.manifest
    if not found:
        raise LibraryError(f"{library} holds no job.", _REMEDY)
    chosen = [found[name] for name in pick(found, names, library)]
    for manifest in chosen:
        if isinstance(manifest, LibraryError):
            raise manifest
    return [manifest for manifest in chosen if isinstance(manifest, Manifest)]


def pick(there: Iterable[str], names: Sequence[str], where: Path, listed: str = _LISTED) -> list[str]:
    """The names of `there` that were asked for by name or pattern, or all where nothing was, in their order.

    Args:
        there: all names.
        names: names or patterns such as `polyphenol-*`.
        where: what has them.
        listed: says what lists them, for an error without a better hint.

    Raises:
        UsageError: nothing in `where` has such a name.
    """
    there = list(there)
    for name in names:
        if not any(fnmatchcase(one, name) for one in there):
            raise UsageError(f"{where} has no job {name}.", did_you_mean(name, there, otherwise=listed))
    return [one for one in there if not names or any(fnmatchcase(one, name) for name in names)]
