"""`halodb transform`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_HEAVY_ATOMS,
    DEFAULT_MEMORY,
    ClusterOption,
    JsonOption,
    LibraryOption,
    LogFormatOption,
    LogOption,
    MaxHeavyAtomsOption,
    MemoryOption,
    QuietOption,
    ReplaceOption,
    RuleFileOption,
    WorkersOption,
)


def transform_command(
    parents: Annotated[Path, typer.Argument(metavar="INPUT", help="<class>-<k>X/products.parquet, or its directory.")],
    library: LibraryOption,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", metavar="NAME", help="A rule to apply; all in scope by default.")
    ] = None,
    rules: RuleFileOption = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="<class>-<k>X, where the path does not say it.")
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    max_heavy_atoms: MaxHeavyAtomsOption = DEFAULT_HEAVY_ATOMS,
    replace: ReplaceOption = False,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Enumerate the products of an input into shards; `halodb dedup` makes the results of them."""
    from halodb.cli.as_json import print_json
    from halodb.cli.show import console, progress, shell_word
    from halodb.files import format_bytes
    from halodb.jobs.left_out import told_of_left_out
    from halodb.tables import figure_table
    from halodb.transformation import Limits, transform

    stderr = console()
    with progress(quiet, log, log_format) as listener:
        report = transform(
            parents,
            library,
            rules=rule or (),
            rule_file=rules,
            name=name,
            workers=workers,
            memory=memory,
            limits=Limits(max_heavy_atoms=max_heavy_atoms),
            replace=replace,
            cluster=cluster,
            listener=listener,
        )
    if as_json:
        print_json(report)
    rows = [
        (
            job.job,
            job.state.value,
            job.counts.matched,
            job.counts.sites,
            job.counts.products,
            sum(job.counts.rejects.values()),
        )
        for job in report.jobs
    ]
    columns = ("job", "state", "matched", "sites", "products", "rejects")
    stderr.print(figure_table(str(library), columns, rows, texts=2))
    if left_out := told_of_left_out(job.counts.left_out for job in report.jobs):
        stderr.print(left_out, soft_wrap=True)
    rate = report.products / report.worker_seconds if report.worker_seconds else 0
    stderr.print(
        f"{report.parents:,} parents, {report.products:,} products in {report.seconds:.1f} s "
        f"({rate:,.0f} products per second per worker), peak memory {format_bytes(report.peak_memory)}; "
        f"{len(report.already)} of {len(report.jobs)} jobs were there already. "
        f"Next: halodb dedup {shell_word(library)}",
        soft_wrap=True,
    )
