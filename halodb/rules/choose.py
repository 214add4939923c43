"""Which rules a pass applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from halodb.errors import UsageError, did_you_mean
from halodb.rules.model import Rule, RuleSet


def choose_rules(rule_set: RuleSet, class_name: str, names: Sequence[str]) -> list[Rule]:
    """The rules named, or all in scope of a class that are not on request where none is named, in their file's order.

    Raises:
        UsageError: a rule is unknown or out of scope, or no rule of the file is in scope.
    """
    in_scope = rule_set.in_scope(class_name)
    if not names:
        if not in_scope:
            raise UsageError(
                f"no rule of {rule_set.name} is in scope of the class {class_name}.",
                "Give a rule file with one that is (--rules FILE).",
            )
        return list(in_scope)
    wanted = {rule_set.rule(name).name for name in names}
    in_scope = rule_set.in_scope(class_name, on_request=True)
    for rule in rule_set.rules:
        if rule.name in wanted and class_name not in rule.scope_classes:
            raise UsageError(
                f"{rule.name} is not meant for {class_name}; its scope is {', '.join(rule.scope_classes)}.",
                f"To widen it, add {class_name} to its scope_classes in a rule file of your own (--rules FILE).",
            )
    return [rule for rule in in_scope if rule.name in wanted]


def ask_for(rule_set: RuleSet, only: Sequence[str] = (), also: Sequence[str] = ()) -> RuleSet:
    """The rules that are asked for, as a set of which none is on request any more.

    Args:
        rule_set: the rules of a file.
        only: names of rules, of families, or patterns such as `HALO_METHYL*`: these alone; where none is given, all
            that are not on request.
        also: the same, of rules in addition to them.

    Raises:
        UsageError: nothing has such a name.

    Example:
        >>> from halodb.rules import HALOGENATION, read_rules
        >>> shipped = read_rules(shipped=HALOGENATION)
        >>> [rule.label for rule in ask_for(shipped, only=["HALO_METHYL__CH3__TO__CF3"]).in_scope("lipid")]
        ['CH3->CF3']
    """
    wanted = _named(rule_set, only) or {rule.name for rule in rule_set.rules if not rule.on_request}
    wanted |= _named(rule_set, also)
    asked = (rule.model_copy(update={"on_request": False}) for rule in rule_set.rules if rule.name in wanted)
    return replace(rule_set, rules=tuple(asked))


def _named(rule_set: RuleSet, names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        meant = {rule.name for rule in rule_set.rules if rule.family == name or fnmatchcase(rule.name, name)}
        if not meant:
            known = [*(rule.name for rule in rule_set.rules), *rule_set.families()]
            hint = did_you_mean(name, known, otherwise="`halodb rules --halogenation` lists those of the shipped file.")
            raise UsageError(f"{rule_set.name} has no rule or family {name}.", hint)
        found |= meant
    return found
