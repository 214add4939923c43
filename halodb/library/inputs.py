"""The inputs of a library's jobs, and the inputs that those were made of."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from halodb.documents import read_document
from halodb.errors import HalodbWarning, InputError, LibraryError
from halodb.files import tail_digest
from halodb.inputs.input import read_footer
from halodb.jobs import Manifest
from halodb.jobs.manifest import MANIFEST_FILE, InputRecord


@dataclass(frozen=True)
class InputFile:
    """An input of a library.

    Attributes:
        class_name: class of its parents.
        k: how often they were halogenated.
        path: the file, where it is now.
        present: whether it is there with the content that the jobs saw, as far as its end tells.
        rows: parents in it.
        digest: BLAKE2b of its bytes when the jobs saw it.
        halogenated: whether `halodb halogenate` made it, so that its rows name their own parents.
    """

    class_name: str
    k: int
    path: Path
    present: bool
    rows: int
    digest: str
    halogenated: bool


def find_inputs(library: Path, manifests: Iterable[Manifest]) -> list[InputFile]:
    """All inputs, each once, by class and k: those of the jobs, and what `halogenate` made them of.

    Where jobs were made of different files for one class and k, no file answers for all their rows: none counts as
    present, which is told in a warning. So is a file that is another one than the jobs were made of.
    """
    found: dict[tuple[str, int], InputFile] = {}
    first_of_input: dict[tuple[str, int, str], Manifest] = {}
    for manifest in manifests:
        first_of_input.setdefault((manifest.class_name, manifest.k, manifest.input.model_dump_json()), manifest)
    for manifest in first_of_input.values():
        for file in _ancestry(library, manifest):
            before = found.setdefault((file.class_name, file.k), file)
            if before.digest != file.digest and before.present:
                found[file.class_name, file.k] = replace(before, present=False)
                _warn(file, "is not the same file for all jobs")
    return [found[key] for key in sorted(found)]


def _ancestry(directory: Path, manifest: Manifest) -> Iterator[InputFile]:
    k = manifest.k
    while True:
        path = locate(directory, manifest.input)
        made_by = _maker_of(path)
        halogenated = made_by is not None and made_by.pooled
        yield InputFile(
            class_name=manifest.class_name,
            k=k,
            path=path,
            present=_is_present(path, manifest),
            rows=manifest.input.rows,
            digest=manifest.input.digest,
            halogenated=halogenated,
        )
        if made_by is None or not made_by.pooled:
            return
        directory, manifest, k = path.parent.parent, made_by, made_by.k


def _is_present(path: Path, manifest: Manifest) -> bool:
    """Whether an input is there and the one that a job was made of, as far as its end tells."""
    record = manifest.input
    try:
        same = tail_digest(path) == record.tail if record.tail else read_footer(path).rows == record.rows
    except FileNotFoundError:
        return False
    except (OSError, InputError):
        same = False
    if not same:
        _warn(path, f"is not the file that {manifest.job} was made of")
    return same


def _warn(file: InputFile | Path, what: str) -> None:
    path = file if isinstance(file, Path) else file.path
    warnings.warn(f"{path} {what}: parents, derivations and origins leave it out.", HalodbWarning, stacklevel=2)


def _maker_of(file: Path) -> Manifest | None:
    """The manifest of the job that made an input, whatever its directory is called now; None where nothing tells."""
    try:
        return read_document(file.parent / MANIFEST_FILE, Manifest)
    except LibraryError as error:
        warnings.warn(f"{error.message} Nothing tells what {file} was made of.", HalodbWarning, stacklevel=2)
        return None


def locate(directory: Path, record: InputRecord) -> Path:
    """Where an input is now: beside the library as it was, also when both were moved together, or where it was."""
    if record.relative:
        beside = directory / record.relative
        if beside.exists():
            return beside
    return Path(record.path)
