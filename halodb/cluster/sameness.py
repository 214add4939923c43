"""Whether a worker elsewhere would write the same bytes to the same place: its versions, and what it sees."""

from __future__ import annotations

import contextlib
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

import rdkit

from halodb.errors import ClusterError, OutputError
from halodb.files import TEMPORARY_SUFFIX, process_tag, remove_file, until_seen
from halodb.jobs.job import ENGINE_VERSION
from halodb.jobs.owner import token_of
from halodb.version import __version__

SEEN_SECONDS = 60.0
"""How long files that were written elsewhere are waited for: an NFS client remembers so long that there were none."""


def versions_here() -> dict[str, str]:
    """The versions of all that bytes of a library depend on, in this process."""
    return {
        "halodb": f"{__version__} (engine {ENGINE_VERSION})",
        "RDKit": rdkit.__version__,
        "DuckDB": _version("duckdb"),
        "pyarrow": _version("pyarrow"),
    }


@dataclass(frozen=True)
class Sameness:
    """What the main process tells its workers of itself.

    Attributes:
        host: its machine.
        versions: see `versions_here`.
        library: directory of the library.
        token: of the note in it that says who writes to it: it was written there and is read here.
    """

    host: str
    versions: dict[str, str]
    library: Path
    token: str

    @classmethod
    def of(cls, library: Path) -> Self:
        """Of this process, which holds the library."""
        return cls(platform.node(), versions_here(), library, token_of(library))

    def check(self) -> None:
        """Check that this process would do the same.

        Raises:
            ClusterError: it has other versions, or does not see the library, or may not write to it.
        """
        here = versions_here()
        wanted = self.versions.items()
        others = [f"{name} {here[name]} and not {other}" for name, other in wanted if here[name] != other]
        if others:
            raise ClusterError(
                f"it has {', '.join(others)}: what it writes would not be the same.",
                f"Start it in the same environment as on {self.host}.",
            )
        if self.token and until_seen(lambda: token_of(self.library), SEEN_SECONDS) != self.token:
            raise ClusterError(
                f"it does not see {self.library} as {self.host} does.",
                "The library must lie on a file system that all workers share, under one path.",
            )
        probe = self.library / f".halodb.seen.{process_tag()}{TEMPORARY_SUFFIX}"
        try:
            probe.write_bytes(b"")
        except OSError as error:
            raise OutputError(
                f"it may not write to {self.library}: {error.strerror or error}.",
                "Start it as the same user, or change the permissions of the directory.",
            ) from error
        finally:
            with contextlib.suppress(OSError):
                remove_file(probe)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
