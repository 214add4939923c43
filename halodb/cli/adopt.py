"""`halodb adopt`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    InputsOption,
    JobsOption,
    JsonOption,
    LibraryOption,
    MemoryOption,
    RuleFileOption,
    TempDirectoryOption,
)
from halodb.errors import EXIT_FAILED


def adopt_command(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Holds <class>-<k>X_<rule>/products.parquet; or the library itself.")
    ],
    library: LibraryOption,
    inputs: InputsOption,
    rules: RuleFileOption = None,
    jobs: JobsOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    temp_directory: TempDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over results of older scripts, verified, so that their jobs are not done again."""
    from halodb.adoption import Adoption, Outcome, adopt
    from halodb.cli.as_json import print_json
    from halodb.cli.show import console
    from halodb.workers.listener import Listener

    stderr = console()

    def show(result: Adoption) -> None:
        said = f": {result.why}" if result.why else ""
        if result.outcome is Outcome.ADOPTED:
            said = f", {result.products:,} products; " + "; ".join(filter(None, (result.checked, result.why)))
        stderr.print(f"{result.job}: {result.outcome}{said}", soft_wrap=True)

    report = adopt(
        directory,
        library,
        inputs=inputs,
        rule_file=rules,
        jobs=jobs or (),
        memory=memory,
        temp_directory=temp_directory,
        listener=Listener(result=show),
    )
    if as_json:
        print_json(report)
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in Outcome)
    stderr.print(f"{counts}, in {report.seconds:.1f} s", soft_wrap=True)
    if report.failed:
        raise typer.Exit(EXIT_FAILED)
