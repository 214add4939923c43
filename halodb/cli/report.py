"""`halodb report`."""

from __future__ import annotations

from halodb.cli.options import LibraryArgument


def report_command(library: LibraryArgument) -> None:
    """Write report.html anew, as after `halodb index`: what was made, how it looks and went, what was lost."""
    from halodb.cli.show import console
    from halodb.pipeline.page import rewrite_report

    console().print(str(rewrite_report(library)), soft_wrap=True)
