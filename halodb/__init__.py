"""halodb: out-of-core libraries of molecules that answer SQL.

>>> import halodb
>>> halodb.halogenate("parents.smi", "inputs")
>>> halodb.transform("inputs/polyphenol-1X", "library")
>>> halodb.dedup("library")
>>> halodb.open("library").sql("SELECT rule, count(*) FROM products GROUP BY rule")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from halodb.version import __version__ as __version__

if TYPE_CHECKING:
    from halodb.adoption import adopt as adopt
    from halodb.chemistry.one_molecule import products as products
    from halodb.cleaning import clean as clean
    from halodb.cleaning import find_waste as find_waste
    from halodb.deduplication import dedup as dedup
    from halodb.deduplication import dedup_across_jobs as dedup_across_jobs
    from halodb.demo import run_demo as run_demo
    from halodb.halogenation import halogenate as halogenate
    from halodb.library import Library as Library
    from halodb.library import open_library as open  # noqa: A004  as in the standard library's gzip
    from halodb.pipeline import plan as plan
    from halodb.pipeline import read_status as read_status
    from halodb.pipeline import run as run
    from halodb.rules import read_rules as read_rules
    from halodb.transformation import transform as transform
    from halodb.verification import verify as verify

_HOMES = {
    "adopt": ("halodb.adoption.run", "adopt"),
    "clean": ("halodb.cleaning.run", "clean"),
    "dedup": ("halodb.deduplication.run", "dedup"),
    "dedup_across_jobs": ("halodb.deduplication.across_jobs", "dedup_across_jobs"),
    "find_waste": ("halodb.cleaning.run", "find_waste"),
    "halogenate": ("halodb.halogenation.run", "halogenate"),
    "Library": ("halodb.library", "Library"),
    "open": ("halodb.library", "open_library"),
    "plan": ("halodb.pipeline.plan", "plan"),
    "products": ("halodb.chemistry.one_molecule", "products"),
    "read_rules": ("halodb.rules", "read_rules"),
    "read_status": ("halodb.pipeline.status", "read_status"),
    "run": ("halodb.pipeline.run", "run"),
    "run_demo": ("halodb.demo", "run_demo"),
    "transform": ("halodb.transformation.run", "transform"),
    "verify": ("halodb.verification.run", "verify"),
}

__all__ = [
    "Library",
    "adopt",
    "clean",
    "dedup",
    "dedup_across_jobs",
    "find_waste",
    "halogenate",
    "open",
    "plan",
    "products",
    "read_rules",
    "read_status",
    "run",
    "run_demo",
    "transform",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `halodb --help` must not wait for RDKit."""
    try:
        module, attribute = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module 'halodb' has no attribute {name!r}") from None
    return getattr(importlib.import_module(module), attribute)
