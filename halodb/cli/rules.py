"""`halodb rules`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from halodb.rules import Rule


def rules_command(
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="PATH", help="A rule file of your own (YAML).")
    ] = None,
    halogenation: Annotated[bool, typer.Option("--halogenation", help="The shipped halogenation instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs, on standard output.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="NAME", help="Say how one rule is applied, and why.")
    ] = None,
    draw: Annotated[
        Path | None,
        typer.Option("--draw", metavar="PATH", help="Draw each rule's before and after as SVG into this directory."),
    ] = None,
    draw_mask: Annotated[
        str | None,
        typer.Option(
            "--draw-mask", metavar="SMILES", help="Draw a molecule with its sugar mask; SVG on standard output."
        ),
    ] = None,
) -> None:
    """List the rules by family, with the number of jobs they make; validate a file; explain one; draw them."""
    from halodb.rules import HALOGENATION, TRANSFORMS, read_rules

    if draw_mask is not None:
        _draw_mask(draw_mask)
        return
    rule_set = read_rules(rules, shipped=HALOGENATION if halogenation else TRANSFORMS)
    if explain is not None:
        _explain(rule_set.rule(explain), as_json=as_json)
    elif as_json:
        listed = [rule.model_dump(mode="json") for rule in rule_set.rules]
        json.dump({"file": rule_set.name, "jobs": rule_set.jobs(), "rules": listed}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        from rich.table import Table

        from halodb.tables import plain_console

        table = Table()
        for column in ("family", "rule", "label", "scope"):
            table.add_column(column, overflow="fold", no_wrap=column == "rule")  # names are copied from here
        for family, members in rule_set.families().items():
            for place, rule in enumerate(members):
                scope = ", ".join(rule.scope_classes) + (" (on request)" if rule.on_request else "")
                table.add_row("" if place else family, rule.name, rule.label, scope)
            table.add_section()
        plain_console().print(table)
        sys.stdout.write(
            f"{len(rule_set.rules)} rules, {rule_set.jobs()} jobs for inputs of all classes at 1X and 2X\n"
        )
    if draw is not None:
        from halodb.demo import example_smiles
        from halodb.rules.draw import draw_rules

        written = draw_rules(rule_set, example_smiles(), draw)
        sys.stderr.write(f"{len(written)} drawings in {draw}\n")


def _draw_mask(smiles: str) -> None:
    from halodb.chemistry import ParentRejectedError
    from halodb.chemistry.draw_sugars import draw_sugar_mask
    from halodb.errors import UsageError

    try:
        sys.stdout.write(draw_sugar_mask(smiles))
    except ParentRejectedError as error:
        raise UsageError(f"{smiles!r} cannot be drawn: {error}.", "Give one SMILES, in quotes.") from error


def _explain(rule: Rule, *, as_json: bool) -> None:
    from halodb.chemistry.explain import explain

    explanation = explain(rule)
    if as_json:
        json.dump({**rule.model_dump(mode="json"), **explanation.as_dict()}, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return
    lines = [f"{rule.name}: {rule.label}", f"  {rule.smirks}", f"  path: {explanation.path}; {explanation.reason}"]
    lines += [f"  {number}. {step}" for number, step in enumerate(explanation.steps, 1)]
    if explanation.exceptions:
        lines.append("  left to RDKit's reaction engine all the same:")
        lines += [f"    - {exception}" for exception in explanation.exceptions]
    if explanation.analogues:
        lines.append(f"  parents that are halogen analogues: {explanation.analogues}")
    sys.stdout.write("\n".join(lines) + "\n")
