"""`report.html`: what was made, what it looks like, how it went, what was lost; one file that needs no other."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from halodb.drawing.draw import name_of
from halodb.errors import LibraryError
from halodb.files import format_bytes, format_seconds, write_whole
from halodb.library import open_library
from halodb.pictures.pages import render, series_colours
from halodb.pipeline.page.looks import Look, properties_of, samples_of
from halodb.pipeline.page.lost import lost_molecules
from halodb.pipeline.page.made import Bar, by_class, by_rule
from halodb.pipeline.page.time import Time
from halodb.pipeline.page.went import Timeline, memory_of, timelines_of
from halodb.pipeline.report import PipelineReport, read_report

PAGE_FILE = "report.html"

_LOG = logging.getLogger(__name__)
_DRAWING_SECONDS = 2.0
"""The end of a run waits for its page: what is not drawn by then is told."""

Part = TypeVar("Part")


def write_page(library: Path, report: PipelineReport) -> None:
    """Write `report.html`: the report for people.

    Nothing that is only to be seen keeps the page from being written: a part that fails is left out, and told.

    Args:
        library: the directory.
        report: of it.

    Raises:
        DiskFullError, OutputError: it cannot be written.
    """
    classes = series_colours(sorted({job.class_name for job in report.jobs}))
    left_out: list[str] = []

    def part(name: str, make: Callable[[], Part], otherwise: Part) -> Part:
        try:
            return make()
        except Exception as error:
            _LOG.warning("report.html: %s left out: %s: %s", name, type(error).__name__, error)
            left_out.append(name)
            return otherwise

    look = part("molecules", lambda: _looks(library, report), Look())
    content = render(
        "report.html.j2",
        title=f"{name_of(library)}: report",
        name=name_of(library),
        report=report,
        classes=classes,
        rules=part("products by rule", lambda: by_rule(report), None),
        inputs=part("products by class", lambda: by_class(report), list[Bar]()),
        timelines=part("timeline", lambda: timelines_of(report), list[Timeline]()),
        memory=part("memory", lambda: memory_of(library, report), None),
        look=look,
        left_out=left_out,
        bytes=format_bytes,
        seconds=format_seconds,
    )
    write_whole(library / PAGE_FILE, content)


def rewrite_report(library: Path | str) -> Path:
    """Write `report.html` of a library anew, as after `halodb index`; the file.

    Args:
        library: the directory.

    Raises:
        LibraryError: no run left a report there.
        DiskFullError, OutputError: it cannot be written.

    Example:
        >>> halodb.rewrite_report("library")  # doctest: +SKIP
    """
    library = Path(library)
    report = read_report(library)
    if report is None:
        raise LibraryError(f"{library} has no report of a run.", "`halodb run` writes one.")
    write_page(library, report)
    return library / PAGE_FILE


def _looks(library: Path, report: PipelineReport) -> Look:
    """Molecules and properties, read from the results."""
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")  # what the library tells when it is opened was told before
        opened = stack.enter_context(open_library(library))
        time = Time(_DRAWING_SECONDS)
        samples, undrawn = samples_of(opened, time)
        return Look(
            samples=samples,
            undrawn=undrawn,
            lost=lost_molecules(opened, report, time),
            properties=properties_of(opened),
        )
