"""Which rules a pass applies."""

from __future__ import annotations

from collections.abc import Sequence

from halodb.errors import UsageError
from halodb.rules import Rule, RuleSet


def choose_rules(rule_set: RuleSet, class_name: str, names: Sequence[str]) -> list[Rule]:
    """The rules named, or all in scope of a class where none is named, in the order of their file.

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
    for rule in rule_set.rules:
        if rule.name in wanted and rule not in in_scope:
            raise UsageError(
                f"{rule.name} is not meant for {class_name}; its scope is {', '.join(rule.scope_classes)}.",
                f"To widen it, add {class_name} to its scope_classes in a rule file of your own (--rules FILE).",
            )
    return [rule for rule in in_scope if rule.name in wanted]
