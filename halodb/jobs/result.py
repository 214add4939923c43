"""Whether the files of a finished job are there and, as far as their ends tell, whole."""

from __future__ import annotations

from pathlib import Path

from halodb.errors import InputError
from halodb.inputs.input import PRODUCTS_FILE, read_footer
from halodb.jobs.job import REJECTS_FILE
from halodb.jobs.manifest import Manifest


def lost_result(manifest: Manifest, directory: Path) -> str:
    """What is wrong with the files of a finished job, as the end of a sentence; empty where nothing is.

    Looked at are the footers, which takes a millisecond; `halodb verify` reads everything. A file that another program
    wrote anew counts while its footer says the same.
    """
    wanted = {PRODUCTS_FILE: manifest.counts.unique, REJECTS_FILE: sum(manifest.counts.rejects.values())}
    for name, rows in wanted.items():
        file = directory / name
        try:
            found = read_footer(file)
        except InputError:
            return f"has lost its {name}" if not file.exists() else f"has a {name} that is damaged"
        if found.rows != rows:
            return f"has a {name} of {found.rows:,} rows instead of {rows:,}"
        of_another = found.metadata.get("halodb.fingerprint") != manifest.fingerprint
        if name == PRODUCTS_FILE and of_another and manifest.adopted_from is None:
            return f"has a {name} of another run"
    return ""
