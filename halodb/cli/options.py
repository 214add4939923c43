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
WhereOption = Annotated[
    str | None,
    typer.Option("--where", metavar="SQL", help='A condition of SQL over products, such as "logp(smiles) < 3".'),
]
ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        "--tags",
        metavar="LIST",
        help="Columns of a table, tags of an SD file: names, functions such as logp, SQL such as n_cl(smiles) AS cl.",
    ),
]
QueryArgument = Annotated[str | None, typer.Argument(metavar="[QUERY]", help="One SELECT; all products by default.")]
QueryFileOption = Annotated[
    Path | None, typer.Option("--file", "-f", metavar="PATH", help="A file with the query instead.")
]
NameOption = Annotated[
    str | None,
    typer.Option("--name", metavar="COLUMN", help="Column of a query with the names; id or name by default."),
]
ShownColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="COLUMNS",
        help="What is shown: names, functions such as logp, SQL such as n_cl(smiles) AS cl.",
    ),
]
SpaceOption = Annotated[bool, typer.Option("--3d", help="SD files: hydrogens and coordinates in space, by ETKDG.")]
SplitOption = Annotated[
    int | None,
    typer.Option("--split", min=1, metavar="N", help="Rows a file: FILE.smi becomes FILE/FILE-00001.smi and so on."),
]
WriteOverOption = Annotated[bool, typer.Option("--replace", help="Write over what is there.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Another one, other products.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]

DEFAULT_MEMORY = "50%"
DEFAULT_HEAVY_ATOMS = 1000
