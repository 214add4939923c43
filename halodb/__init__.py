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
    from halodb.adoption.report import AdoptReport as AdoptReport
    from halodb.chemistry.draw_sugars import draw_sugar_mask as draw_sugar_mask
    from halodb.chemistry.one_molecule import products as products
    from halodb.cleaning import clean as clean
    from halodb.cleaning import find_leftovers as find_leftovers
    from halodb.cleaning.leftovers import CleanReport as CleanReport
    from halodb.deduplication import dedup as dedup
    from halodb.deduplication import dedup_across_jobs as dedup_across_jobs
    from halodb.deduplication.dedup import DedupReport as DedupReport
    from halodb.demo import run_demo as run_demo
    from halodb.drawing import DrawReport as DrawReport
    from halodb.drawing import draw as draw
    from halodb.errors import HalodbError as HalodbError
    from halodb.errors import HalodbWarning as HalodbWarning
    from halodb.exporting.export import ExportReport as ExportReport
    from halodb.exporting.export import export as export
    from halodb.finding import FindReport as FindReport
    from halodb.finding import find as find
    from halodb.galleries import GalleryReport as GalleryReport
    from halodb.galleries import gallery as gallery
    from halodb.halogenation import halogenate as halogenate
    from halodb.halogenation.halogenate import HalogenateReport as HalogenateReport
    from halodb.indexing import IndexReport as IndexReport
    from halodb.indexing import index as index
    from halodb.indexing.plan import plan_index as plan_index
    from halodb.library import Library as Library
    from halodb.library import open_library as open  # noqa: A004  as in the standard library's gzip
    from halodb.library.answer import Answer as Answer
    from halodb.library.catalog import write_catalog as write_catalog
    from halodb.pipeline import plan as plan
    from halodb.pipeline import read_status as read_status
    from halodb.pipeline import run as run
    from halodb.pipeline import watch_status as watch_status
    from halodb.pipeline.page import rewrite_report as rewrite_report
    from halodb.pipeline.plan import Plan as Plan
    from halodb.pipeline.report import PipelineReport as PipelineReport
    from halodb.pipeline.status import Status as Status
    from halodb.rules import read_rules as read_rules
    from halodb.sampling import Sample as Sample
    from halodb.sampling import sample as sample
    from halodb.statistics import StatsReport as StatsReport
    from halodb.statistics import stats as stats
    from halodb.transformation import transform as transform
    from halodb.transformation.pass_plan import Limits as Limits
    from halodb.transformation.pass_report import PassReport as PassReport
    from halodb.verification import verify as verify
    from halodb.verification.verify import VerifyReport as VerifyReport
    from halodb.workers.listener import Listener as Listener

_HOMES = {
    "Answer": ("halodb.library.answer", "Answer"),
    "AdoptReport": ("halodb.adoption.report", "AdoptReport"),
    "CleanReport": ("halodb.cleaning.leftovers", "CleanReport"),
    "DedupReport": ("halodb.deduplication.dedup", "DedupReport"),
    "DrawReport": ("halodb.drawing", "DrawReport"),
    "ExportReport": ("halodb.exporting.export", "ExportReport"),
    "FindReport": ("halodb.finding", "FindReport"),
    "GalleryReport": ("halodb.galleries", "GalleryReport"),
    "HalodbError": ("halodb.errors", "HalodbError"),
    "HalodbWarning": ("halodb.errors", "HalodbWarning"),
    "HalogenateReport": ("halodb.halogenation.halogenate", "HalogenateReport"),
    "IndexReport": ("halodb.indexing", "IndexReport"),
    "Limits": ("halodb.transformation.pass_plan", "Limits"),
    "Listener": ("halodb.workers.listener", "Listener"),
    "PassReport": ("halodb.transformation.pass_report", "PassReport"),
    "PipelineReport": ("halodb.pipeline.report", "PipelineReport"),
    "Plan": ("halodb.pipeline.plan", "Plan"),
    "Sample": ("halodb.sampling.sample", "Sample"),
    "StatsReport": ("halodb.statistics.report", "StatsReport"),
    "Status": ("halodb.pipeline.status", "Status"),
    "VerifyReport": ("halodb.verification.verify", "VerifyReport"),
    "adopt": ("halodb.adoption.adopt", "adopt"),
    "clean": ("halodb.cleaning.clean", "clean"),
    "dedup": ("halodb.deduplication.dedup", "dedup"),
    "draw_sugar_mask": ("halodb.chemistry.draw_sugars", "draw_sugar_mask"),
    "dedup_across_jobs": ("halodb.deduplication.across_jobs", "dedup_across_jobs"),
    "draw": ("halodb.drawing", "draw"),
    "export": ("halodb.exporting.export", "export"),
    "find": ("halodb.finding", "find"),
    "find_leftovers": ("halodb.cleaning.clean", "find_leftovers"),
    "gallery": ("halodb.galleries", "gallery"),
    "halogenate": ("halodb.halogenation.halogenate", "halogenate"),
    "index": ("halodb.indexing", "index"),
    "Library": ("halodb.library", "Library"),
    "open": ("halodb.library", "open_library"),
    "plan": ("halodb.pipeline.plan", "plan"),
    "products": ("halodb.chemistry.one_molecule", "products"),
    "read_rules": ("halodb.rules", "read_rules"),
    "plan_index": ("halodb.indexing.plan", "plan_index"),
    "read_status": ("halodb.pipeline.status", "read_status"),
    "watch_status": ("halodb.pipeline.status", "watch_status"),
    "rewrite_report": ("halodb.pipeline.page", "rewrite_report"),
    "run": ("halodb.pipeline.run", "run"),
    "sample": ("halodb.sampling.sample", "sample"),
    "stats": ("halodb.statistics.stats", "stats"),
    "stop": ("halodb.pipeline.stop", "stop"),
    "run_demo": ("halodb.demo", "run_demo"),
    "transform": ("halodb.transformation.transform", "transform"),
    "unlock": ("halodb.jobs.lock", "unlock"),
    "write_catalog": ("halodb.library.catalog", "write_catalog"),
    "verify": ("halodb.verification.verify", "verify"),
}

__all__ = [
    "AdoptReport",
    "Answer",
    "CleanReport",
    "DedupReport",
    "DrawReport",
    "ExportReport",
    "FindReport",
    "GalleryReport",
    "HalodbError",
    "HalodbWarning",
    "HalogenateReport",
    "IndexReport",
    "Library",
    "Limits",
    "Listener",
    "PassReport",
    "PipelineReport",
    "Plan",
    "Sample",
    "StatsReport",
    "Status",
    "VerifyReport",
    "adopt",
    "clean",
    "dedup",
    "dedup_across_jobs",
    "draw",
    "draw_sugar_mask",
    "export",
    "find",
    "find_leftovers",
    "gallery",
    "halogenate",
    "index",
    "open",
    "plan",
    "plan_index",
    "products",
    "read_rules",
    "read_status",
    "rewrite_report",
    "run",
    "run_demo",
    "sample",
    "stats",
    "stop",
    "transform",
    "unlock",
    "verify",
    "watch_status",
    "write_catalog",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `halodb --help` must not wait for RDKit."""
    try:
        module, attribute = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module 'halodb' has no attribute {name!r}") from None
    return getattr(importlib.import_module(module), attribute)
