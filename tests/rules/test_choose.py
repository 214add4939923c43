"""Which rules a pass applies."""

from __future__ import annotations

import pytest

from halodb.errors import UsageError
from halodb.rules import RuleSet, read_rules
from halodb.rules.choose import choose_rules

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
