"""Which rules a pass applies."""

from __future__ import annotations

import pytest

from halodb.errors import UsageError
from halodb.rules import HALOGENATION, RuleSet, read_rules
from halodb.rules.choose import ask_for, choose_rules

RULES = read_rules()
OME, ACID = "FG_PHENOL_OH__OH__TO__OMe", "FG_CARBOXYL__COOH__TO__COOMe"


def test_all_in_scope_where_none_is_named() -> None:
    assert len(choose_rules(RULES, "polyphenol", ())) == 16
    assert len(choose_rules(RULES, "lipid", ())) == 6


def test_those_that_are_named_in_the_order_of_the_file() -> None:
    assert [rule.name for rule in choose_rules(RULES, "polyphenol", (ACID, OME, ACID))] == [OME, ACID]


@pytest.mark.parametrize(
    ("class_name", "names", "told"),
    [
        ("polyphenol", ("NOPE",), "has no rule NOPE"),
        ("lipid", (OME,), "is not meant for lipid; its scope is polyphenol, terpenoid"),
        ("other", (), "no rule of .* is in scope of the class other"),
    ],
)
def test_what_cannot_be_chosen(class_name: str, names: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        choose_rules(RULES, class_name, names)


def test_a_near_name_is_offered() -> None:
    with pytest.raises(UsageError, match=f"Did you mean {OME}"):
        choose_rules(RuleSet("mine", RULES.rules), "polyphenol", ("FG_PHENOL_OH__OH__TO__Ome",))


def test_rules_on_request_are_asked_for_by_name_family_or_pattern() -> None:
    shipped = read_rules(shipped=HALOGENATION)

    def asked(**names: list[str]) -> list[str]:
        return [rule.label for rule in ask_for(shipped, **names).in_scope("lipid") if rule.name.endswith(("3", "__F"))]

    usual = ["H->F", "H->F", "OH->F", "OH->F", "NH2->F", "COOH->F"]
    assert asked() == usual
    assert asked(also=["methyl_3"]) == [*usual, "CH3->CF3", "CH3->CCl3"]
    assert asked(only=["HALO_METHYL__CH3*"]) == ["CH3->CF3", "CH3->CCl3"]
    assert asked(only=["HALO_CARBOXYL__COOH__TO__F"], also=["methyl"]) == ["COOH->F", "H->F"]
    with pytest.raises(UsageError, match=r"no rule or family metyl_3\. Did you mean methyl_3"):
        asked(also=["metyl_3"])


def test_a_rule_on_request_is_not_chosen_by_itself() -> None:
    shipped = read_rules(shipped=HALOGENATION)
    assert not any(rule.on_request for rule in choose_rules(shipped, "lipid", ()))
    assert choose_rules(shipped, "lipid", ("HALO_METHYL__CH3__TO__CF3",))[0].on_request
