"""Files that are shipped with halodb: SQL statements, rule files and templates of pages."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def resource(kind: str, name: str) -> Traversable:
    """A shipped file: `kind` is `sql`, `configs` or `templates`, `name` its path in that directory.

    In a wheel the directories lie inside the package; in a checkout they lie beside it.
    """
    packaged = files("halodb").joinpath(kind)
    directory = packaged if packaged.is_dir() else Path(__file__).parent.parent / kind
    return directory.joinpath(*name.split("/"))
