"""Where a cluster is: `local`, the address of a scheduler, or the file that it wrote."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

from halodb.errors import UsageError

LOCAL = "local"
_ADDRESS = re.compile(r"(?:tcp|tls|ucx|ws|wss)://\S+", re.IGNORECASE)
_FORMS = "Give local, tcp://HOST:PORT, tls://HOST:PORT, or the file that the scheduler wrote (scheduler.json)."
_INSTALL = 'Install it here and where the workers run: python -m pip install "halodb[cluster]"'


def check_cluster(cluster: str | None, workers: int | None = None) -> None:
    """Refuse a cluster that cannot be meant, before anything is written.

    Args:
        cluster: as the user gave it; None for this machine alone.
        workers: processes that were asked for.

    Raises:
        UsageError: it is no address, Dask is not installed, or workers were asked for that are not here.
    """
    if cluster is None:
        return
    if find_spec("distributed") is None:
        raise UsageError("--cluster needs Dask (distributed), which is not installed.", _INSTALL)
    if cluster == LOCAL:
        return
    if workers is not None:
        raise UsageError(
            f"--workers is for this machine, and the workers of {cluster} are elsewhere.",
            "Leave it out: all that have come to the scheduler are used.",
        )
    client_arguments(cluster)


def client_arguments(cluster: str) -> dict[str, str]:
    """What Dask's `Client` is told to find the scheduler.

    Raises:
        UsageError: it is neither an address nor a file that a scheduler wrote.
    """
    if _ADDRESS.fullmatch(cluster):
        return {"address": cluster}
    file = Path(cluster)
    if file.suffix != ".json":
        raise UsageError(f"{cluster!r} is not the address of a cluster.", _FORMS)
    try:
        address = json.loads(file.read_bytes())["address"]
    except FileNotFoundError:
        raise UsageError(
            f"{file} does not exist.", "The scheduler writes it when it starts (dask scheduler --scheduler-file)."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is not the file of a scheduler: {error}.", _FORMS) from error
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise UsageError(f"{file} names no address of a scheduler.", _FORMS)
    return {"address": address}


def shared_path(path: Path | str, cluster: str | None) -> Path:
    """A path as the workers must be told it: where they are elsewhere, from the root."""
    return Path(path) if cluster is None else Path(path).absolute()
