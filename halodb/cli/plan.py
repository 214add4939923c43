"""`halodb plan`."""

from __future__ import annotations

from typing import Annotated

import typer

from halodb.cli.options import (
    DEFAULT_MEMORY,
    InputsOption,
    JobsOption,
    JsonOption,
    LibraryArgument,
    MemoryOption,
    RuleFileOption,
    WorkersOption,
)


def plan_command(
    library: LibraryArgument,
    inputs: InputsOption,
    jobs: JobsOption = None,
    rules: RuleFileOption = None,
    workers: WorkersOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
    one_line_a_job: Annotated[bool, typer.Option("--each", help="A line a job, not one an input.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what `halodb run` would do: jobs, products, time, disk and memory. Nothing of the library is touched."""
    from halodb.cli.as_json import print_json
    from halodb.cli.show import progress
    from halodb.cli.tables import show_plan
    from halodb.pipeline import plan

    with progress() as listener:
        made = plan(
            library,
            inputs,
            jobs=jobs or (),
            rule_file=rules,
            workers=workers,
            memory=memory,
            listener=listener,
        )
    if as_json:
        print_json(made)
    else:
        show_plan(made, one_line_a_job)
