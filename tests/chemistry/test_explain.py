"""Which path a rule takes, and why: in Python and on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from halodb.chemistry.explain import explain
from halodb.cli.main import app
from halodb.errors import UsageError
from halodb.rules import HALOGENATION, TRANSFORMS, read_rules
from tests.chemistry.oracle import own_rule


@pytest.mark.parametrize("shipped", [TRANSFORMS, HALOGENATION])
def test_every_shipped_rule_is_an_edit(shipped: str) -> None:
    """But those that put three atoms on one at once."""
    engine = {rule.family for rule in read_rules(shipped=shipped).rules if explain(rule).path != "edit"}
    assert engine == ({"methyl_3"} if shipped == HALOGENATION else set())


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("FG_PHENOL_OH__OH__TO__OMe", ("keep atom 2 on atom 1", "add C to atom 2 by a single bond")),
        ("FG_AMINE_AR__NH2__TO__F", ("make atom 2, [N&X3&H2&+0:2], F on atom 1",)),
        (
            "FG_CARBOXYL__COOH__TO__COOEt",
            ("keep atom 3 on atom 1", "add C to atom 3 by a single bond", "add C to new C 1 by a single bond"),
        ),
    ],
)
def test_what_the_edit_does_in_words(name: str, steps: tuple[str, ...]) -> None:
    assert explain(read_rules().rule(name)).steps == steps


@pytest.mark.parametrize("shipped", [TRANSFORMS, HALOGENATION])
def test_analogues_tell_of_every_shipped_rule(shipped: str) -> None:
    rules = [rule for rule in read_rules(shipped=shipped).rules if not rule.on_request]
    assert all("read off" in explain(rule).analogues for rule in rules)


def test_analogues_do_not_tell_of_a_rule_with_two_halogens() -> None:
    phenol = read_rules().rule("FG_PHENOL_OH__OH__TO__OMe")
    freon = phenol.model_copy(update={"smirks": f"{phenol.query_smarts}>>[c:1]OC(F)(F)Cl"})
    assert "each is enumerated" in explain(freon).analogues


@pytest.mark.parametrize(
    ("smirks", "reason"),
    [
        ("[c:1][OX2H:2]>>[c:1]1[O:2]C1", "the new atoms do not hang on one atom that is kept"),
        ("[CX4:1][OX2H:2]>>[C:1]=[O:2]", "it adds no atom"),
        ("[CX4:1][NX3:2]>>[C:1][N+:2]C", "says more of a kept atom than its element"),
        ("[CH2:1][OX2H:2]>>[C@H:1](F)[O:2]", "it says something of stereo centres"),
        ("[#6:1]=[OX1:2]>>[#6:1]C", "the group that goes does not hang on a single bond"),
    ],
)
def test_why_a_rule_is_left_to_the_engine(smirks: str, reason: str) -> None:
    explanation = explain(own_rule(smirks))
    assert (explanation.path, explanation.steps) == ("engine", ())
    assert reason in explanation.reason


def test_on_the_command_line() -> None:
    result = CliRunner().invoke(app, ["rules", "--explain", "FG_PHENOL_OH__OH__TO__NH2"])
    assert result.exit_code == 0
    assert "path: edit" in result.stdout
    assert "1. make atom 2, [O&X2&H1:2], N on atom 1" in result.stdout


def test_as_json() -> None:
    result = CliRunner().invoke(app, ["rules", "--halogenation", "--explain", "HALO_CARBOXYL__COOH__TO__F", "--json"])
    record = json.loads(result.stdout)
    assert (record["name"], record["path"], len(record["steps"])) == ("HALO_CARBOXYL__COOH__TO__F", "edit", 3)


def test_an_unknown_rule_is_wrong_usage_with_a_hint() -> None:
    result = CliRunner().invoke(app, ["rules", "--explain", "FG_PHENOL_OH__OH__TO__OME"])
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    assert "FG_PHENOL_OH__OH__TO__OMe" in str(result.exception)
