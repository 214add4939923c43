"""`halodb demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import QuietOption, WorkersOption


def demo_command(
    directory: Annotated[Path, typer.Argument(help="Where to build the example.")] = Path("halodb-demo"),
    workers: WorkersOption = None,
    quiet: QuietOption = False,
) -> None:
    """Build a small real library of about 250 natural products, and ask it three questions."""
    from halodb.cli.show import console, progress, shell_word
    from halodb.demo import QUESTIONS, run_demo
    from halodb.library import open_library

    with progress(quiet) as listener:
        report = run_demo(directory, workers=workers, listener=listener)
    with open_library(report.library) as library:
        for title, query in QUESTIONS:
            print(f"{title}\n\n{query.strip()}\n", flush=True)
            library.sql(query).show(max_rows=40, max_width=120)
    stderr = console()
    stderr.print(
        f"{report.natural_products:,} natural products, {report.parents:,} halogenated parents, {report.jobs} jobs, "
        f"{report.products:,} products in {report.seconds:.1f} s. Ask on:",
        soft_wrap=True,
    )
    asked = "SELECT smiles FROM products WHERE substructure(smiles, 'c[OX2H]') LIMIT 5"
    stderr.print(f'  halodb sql {shell_word(report.library)} "{asked}"', soft_wrap=True)
