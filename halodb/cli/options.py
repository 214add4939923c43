"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

LibraryOption = Annotated[
    Path, typer.Option("--library", "-l", envvar="HALODB_LIBRARY", metavar="PATH", help="Directory of the library.")
]
LibraryArgument = Annotated[
    Path, typer.Argument(metavar="LIBRARY", envvar="HALODB_LIBRARY", help="Directory of the library.")
]
InputsOption = Annotated[
    Path, typer.Option("--inputs", "-i", metavar="PATH", help="Directory with <class>-<k>X/products.parquet.")
]
JobsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--jobs",
        "--job",
        metavar="NAME",
        help='A job, or a pattern such as "polyphenol-*"; all by default, in the order that plan shows.',
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs, on standard output.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, metavar="N", help="Worker processes; all cores by default.")
]
MemoryOption = Annotated[
    str, typer.Option("--memory", metavar="SIZE", help="Budget of memory: 50% (of RAM), 16GB or 16GiB.")
]
TempDirectoryOption = Annotated[
    Path | None,
    typer.Option("--temp-directory", metavar="PATH", help="Where DuckDB spills; beside the results by default."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Do the work on a Dask cluster: tcp://HOST:PORT, scheduler.json, or local. See docs/cluster.md.",
    ),
]
RuleFileOption = Annotated[Path | None, typer.Option("--rules", metavar="PATH", help="A rule file of your own (YAML).")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Start anew what another input, rule or version made.")]
MaxHeavyAtomsOption = Annotated[
    int, typer.Option("--max-heavy-atoms", min=1, metavar="N", help="Parents with more are rejected.")
]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", metavar="PATH", help="Log to this file too; halodb.log is in the library anyway."),
]
LogFormatOption = Annotated[Literal["text", "json"], typer.Option("--log-format", help="Of the file of --log.")]
OnEndOption = Annotated[
    str | None,
    typer.Option("--on-end", metavar="COMMAND", help="Run this when it ends; $HALODB_OUTCOME tells how it ended."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]

DEFAULT_MEMORY = "50%"
DEFAULT_HEAVY_ATOMS = 1000
