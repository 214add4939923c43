"""Rule files: the shipped ones, a user's own, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from halodb.errors import RuleFileError, UsageError
from halodb.rules import CLASSES, HALOGENATION, Rule, read_rules

GOOD = """rules:
  - name: MY_RULE
    label: OH->F
    family: phenol
    scope_classes: [polyphenol]
    query_smarts: "[c:1][OX2H:2]"
    smirks: "[c:1][OX2H:2]>>[c:1]F"
"""


def write(directory: Path, text: str) -> Path:
    path = directory / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_transforms_make_118_jobs() -> None:
    rules = read_rules()
    assert len(rules.rules) == 19
    assert rules.jobs() == 118
    counts = {
        name: len(rules.in_scope(name)) for name in ("polyphenol", "terpenoid", "alkaloid", "aa_peptide", "lipid")
    }
    assert counts == {"polyphenol": 16, "terpenoid": 10, "alkaloid": 12, "aa_peptide": 15, "lipid": 6}
    assert list(rules.families()) == ["phenol", "aromatic_amine", "aliphatic_amine", "carboxyl"]


def test_shipped_halogenation_has_every_halogen_for_every_kind_of_site() -> None:
    rules = read_rules(shipped=HALOGENATION)
    always = {family: members for family, members in rules.families().items() if not members[0].on_request}
    assert len(always) == 7
    for members in always.values():
        assert [rule.name.rpartition("__")[2] for rule in members] == ["F", "Cl", "Br", "I"]
    assert all(rule.sugar_mask for rule in rules.rules)
    assert {name: len(rules.in_scope(name)) for name in CLASSES} == {
        **dict.fromkeys(CLASSES, 24),
        "lipid": 24,
        "terpenoid": 28,
    }
    assert {rule.sugar_mask for rule in rules.in_scope("polysaccharide")} == {False}


def test_a_file_of_ones_own_is_read_like_the_shipped_one(tmp_path: Path) -> None:
    (rule,) = read_rules(write(tmp_path, GOOD)).rules
    assert (rule.name, rule.scope_classes) == ("MY_RULE", ("polyphenol",))


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("    label: OH->F\n", ""), 2, "rule MY_RULE, field label: it is missing"),
        (("[polyphenol]", "[-/-]"), 5, "field scope_classes: '-/-' is not the name of a class"),
        (("[polyphenol]", "[]"), 5, "field scope_classes: it is empty"),
        (("[polyphenol]", "polyphenol"), 5, "field scope_classes"),
        (("MY_RULE", "MY RULE"), 2, "field name: 'MY RULE' may have only letters"),
        (("    label:", "    colour: red\n    label:"), 3, "field colour: there is no such field"),
        (
            ('query_smarts: "[c:1][OX2H:2]"', 'query_smarts: "[c:1"'),
            6,
            "field query_smarts: '[c:1' is not a valid SMARTS",
        ),
        (('query_smarts: "[c:1][OX2H:2]"', 'query_smarts: "[c][OX2H]"'), 6, "must have the map number 1"),
        ((">>[c:1]F", ">>[c:1]F("), 7, "rule MY_RULE, field smirks"),
        (("[c:1]F", "[c:1].F"), 7, "field smirks: it must have one product"),
        ((">>[c:1]F", ""), 7, "field smirks: '[c:1][OX2H:2]' has no '>>'"),
        (('smirks: "[c:1][OX2H:2]', 'smirks: "[c:1][OH:2]'), 7, "its left side is not the query_smarts"),
        (("[c:1]F", "CF"), 7, "the atom with map number 1 must stay"),
        (("    label:", "    sugar_mask: maybe\n    label:"), 3, "field sugar_mask: it must be true or false"),
        (("    label:", '    on_request: "true"\n    label:'), 3, "field on_request: it must be true or false"),
        (("    label:", "    max_sites: 0\n    label:"), 3, "field max_sites: it must be a whole number from 1 on"),
        (("    label:", "    max_sites: [1]\n    label:"), 3, "field max_sites: it must be a whole number from 1 on"),
        (
            ("    label:", "    max_products: {Steroid: 4}\n    label:"),
            3,
            "field max_products: 'Steroid' is not the name of a class; write steroid",
        ),
        (("rules:", "classes: {-: {sugar_mask: true}}\nrules:"), 1, "class -: '-' is not the name of a class"),
        (("rules:", "classes: {lipid: {mask: true}}\nrules:"), 1, "class lipid, field mask: there is no such field"),
        (("rules:", "classes: {lipid: {sugar_mask: 1}}\nrules:"), 1, "field sugar_mask: it must be true or false"),
        (("rules:", "classes: [lipid]\nrules:"), 1, "classes: it must be a mapping"),
    ],
)
def test_an_error_names_rule_field_and_line(tmp_path: Path, change: tuple[str, str], line: int, told: str) -> None:
    path = write(tmp_path, GOOD.replace(*change))
    with pytest.raises(RuleFileError) as raised:
        read_rules(path)
    assert f"{path}, line {line}: " in str(raised.value)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "field rules: it must be a list"),
        ("rules: []\n", "field rules: it must be a list"),
        ("- a\n", "must be a mapping"),
        ("rules: [\n", "not valid YAML"),
        (GOOD + GOOD.partition("\n")[2], "line 8: rule MY_RULE, field name: another rule has it already"),
    ],
)
def test_a_file_that_is_no_rule_file_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RuleFileError) as raised:
        read_rules(write(tmp_path, text))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_and_one_that_is_not_text(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="cannot be read"):
        read_rules(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"rules: \xff\xfe")
    with pytest.raises(RuleFileError, match="not UTF-8"):
        read_rules(tmp_path / "latin.yaml")


def test_an_unknown_rule_brings_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="Did you mean FG_PHENOL_OH__OH__TO__OMe"):
        read_rules().rule("FG_PHENOL_OH__OH__TO__OME")


def test_the_fingerprint_follows_the_chemistry_alone(tmp_path: Path) -> None:
    rule = read_rules(write(tmp_path, GOOD)).rules[0]
    renamed = read_rules(write(tmp_path, GOOD.replace("OH->F", "other"))).rules[0]
    changed = read_rules(write(tmp_path, GOOD.replace("[c:1]F", "[c:1]Cl"))).rules[0]
    assert rule.fingerprint == renamed.fingerprint != changed.fingerprint


OPTIONS = GOOD.replace(
    "    label",
    "    sugar_mask: true\n    on_request: true\n    max_sites: {polyphenol: 3}\n    max_products: 9\n    label",
)


def test_what_a_file_says_of_a_class_overrules_its_rules_and_a_command_overrules_both(tmp_path: Path) -> None:
    rules = read_rules(write(tmp_path, "classes: {polyphenol: {sugar_mask: false}}\n" + OPTIONS))
    assert rules.in_scope("polyphenol") == ()
    (rule,) = rules.in_scope("polyphenol", on_request=True)
    assert (rule.sugar_mask, rule.max_sites, rule.max_products) == (False, 3, 9)
    assert rules.masking_sugars(True).in_scope("polyphenol", on_request=True)[0].sugar_mask
    assert rules.jobs() == 0


def test_mask_and_limits_are_part_of_the_fingerprint_and_of_what_is_written(tmp_path: Path) -> None:
    plain, (rule,) = read_rules(write(tmp_path, GOOD)).rules[0], read_rules(write(tmp_path, OPTIONS)).rules
    unmasked = rule.model_copy(update={"sugar_mask": False})
    assert len({each.fingerprint for each in (plain, rule, unmasked, rule.meant_for("polyphenol", None))}) == 4
    assert Rule.model_validate_json(rule.model_dump_json()) == rule
    assert "sugar_mask" not in plain.model_dump()
