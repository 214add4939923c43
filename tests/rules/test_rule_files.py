"""Rule files: the shipped ones, a user's own, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from halodb.errors import RuleFileError, UsageError
from halodb.rules import HALOGENATION, read_rules

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
    assert len(rules.families()) == 5
    for members in rules.families().values():
        assert [rule.name.rpartition("__")[2] for rule in members] == ["F", "Cl", "Br", "I"]


def test_a_file_of_ones_own_is_read_like_the_shipped_one(tmp_path: Path) -> None:
    (rule,) = read_rules(write(tmp_path, GOOD)).rules
    assert (rule.name, rule.scope_classes) == ("MY_RULE", ("polyphenol",))


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("    label: OH->F\n", ""), 2, "rule MY_RULE, field label: it is missing"),
        (("[polyphenol]", "[steroid]"), 5, "field scope_classes: steroid is not a class"),
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
