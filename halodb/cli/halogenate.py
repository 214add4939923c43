"""`halodb halogenate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_HEAVY_ATOMS,
    DEFAULT_MEMORY,
    JsonOption,
    LogFormatOption,
    LogOption,
    MaxHeavyAtomsOption,
    MemoryOption,
    OnEndOption,
    QuietOption,
    ReplaceOption,
    RuleFileOption,
    TempDirectoryOption,
    WorkersOption,
)


def halogenate_command(
    parents: Annotated[
        Path,
        typer.Argument(
            metavar="PARENTS",
            help="A file (.smi .ism .can .txt .tab .csv .tsv .sdf .mol2 .xlsx .parquet .feather; "
            "also .gz .bz2 .xz .zst .zip), a directory of such files, or - for standard input.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="Directory of the inputs.")] = Path(
        "inputs"
    ),
    depth: Annotated[
        int,
        typer.Option(
            "--depth", min=1, max=100, metavar="N", help="1 for 1X alone, 2 for 1X and 2X, 3 for 3X too, and so on."
        ),
    ] = 2,
    sample_2x: Annotated[
        int | None,
        typer.Option(
            "--sample-2x",
            min=1,
            metavar="N",
            help="Make 2X of about this many rows of each 1X, evenly spaced; 3X alike.",
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="NAME", help="This rule or family alone, or a pattern; may be given again."),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAME", help="A rule, family or pattern in addition, as those on request."),
    ] = None,
    sugar_mask: Annotated[
        bool | None,
        typer.Option(
            "--sugar-mask/--no-sugar-mask", help="Leave sugars alone, or not; what the rule file says by default."
        ),
    ] = None,
    smiles_column: Annotated[
        str | None,
        typer.Option(
            "--smiles-column", metavar="NAME", help="Column of SMILES, by its name or number; found by default."
        ),
    ] = None,
    name_column: Annotated[
        str | None, typer.Option("--name-column", metavar="NAME", help="Column of names; found by default.")
    ] = None,
    class_column: Annotated[
        str | None,
        typer.Option("--class-column", metavar="NAME", help='Column of classes; found by default, "" for none.'),
    ] = None,
    unknown_class: Annotated[
        str,
        typer.Option(
            "--unknown-class",
            metavar="CLASS",
            help="What becomes of rows of classes that the rules do not know: reject, classify, or a class.",
        ),
    ] = "reject",
    standardize: Annotated[
        bool,
        typer.Option(
            "--standardize/--no-standardize", help="Remove counter-ions, charges that a proton takes away, isotopes."
        ),
    ] = True,
    rules: RuleFileOption = None,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    max_heavy_atoms: MaxHeavyAtomsOption = DEFAULT_HEAVY_ATOMS,
    replace: ReplaceOption = False,
    on_end_command: OnEndOption = None,
    log: LogOption = None,
    log_format: LogFormatOption = "text",
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the inputs <class>-1X, <class>-2X and so on of a file of natural products."""
    from halodb.cli.as_json import print_json
    from halodb.cli.on_end import on_end
    from halodb.cli.show import console, progress, shell_word
    from halodb.files import format_bytes
    from halodb.halogenation import halogenate
    from halodb.halogenation.told import told_of, told_of_products
    from halodb.tables import figure_table
    from halodb.transformation import Limits

    stderr = console()
    with on_end(on_end_command, output), progress(quiet, log, log_format) as listener:
        report = halogenate(
            parents,
            output,
            depth=depth,
            sample_2x=sample_2x,
            rules=rule or (),
            also=also or (),
            sugar_mask=sugar_mask,
            rule_file=rules,
            workers=workers,
            memory=memory,
            temp_directory=temp_directory,
            limits=Limits(max_heavy_atoms=max_heavy_atoms),
            replace=replace,
            smiles_column=smiles_column,
            name_column=name_column,
            class_column=class_column,
            unknown_class=unknown_class,
            standardize=standardize,
            listener=listener,
        )
    if as_json:
        print_json(report)
    record = report.parents
    rows = [(f"{name}-0X", count) for name, count in record.classes.items()] + list(report.rows.items())
    stderr.print(figure_table(str(output), ("input", "rows"), sorted(rows)))
    for sentence in (*told_of(record), *told_of_products(report)):
        stderr.print(sentence, soft_wrap=True, markup=False, highlight=False)
    stderr.print(
        f"peak memory {format_bytes(report.peak_memory)}. Next: halodb run library -i {shell_word(output)}",
        soft_wrap=True,
    )
