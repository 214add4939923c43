"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from halodb.errors import UsageError, did_you_mean
from halodb.files import short_digest

CLASSES = ("aa_peptide", "alkaloid", "lipid", "polyphenol", "terpenoid", "polysaccharide", "other")
"""Classes of natural products."""

DEPTHS = (1, 2)
"""How often the parents of a job are halogenated."""


class Rule(BaseModel):
    """A named transform.

    Attributes:
        name: letters, digits and underscores; it becomes part of directory names.
        label: what it does, for people: `OH->OMe`.
        family: rules that share their query, by name.
        scope_classes: classes of parents that it is meant for.
        query_smarts: where it applies; the atom with map number 1 is the site.
        smirks: what becomes of it; its left side is the query.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str
    label: str
    family: str
    scope_classes: tuple[str, ...]
    query_smarts: str
    smirks: str

    @property
    def fingerprint(self) -> str:
        """Digest of what decides the products: query and SMIRKS, not name, label or scope."""
        return short_digest(self.query_smarts, self.smirks)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one file, in its order."""

    name: str
    rules: tuple[Rule, ...]

    def in_scope(self, class_name: str) -> tuple[Rule, ...]:
        """The rules meant for a class."""
        return tuple(rule for rule in self.rules if class_name in rule.scope_classes)

    def families(self) -> dict[str, tuple[Rule, ...]]:
        """The rules by family, in the order of the file."""
        names = dict.fromkeys(rule.family for rule in self.rules)
        return {name: tuple(rule for rule in self.rules if rule.family == name) for name in names}

    def jobs(self) -> int:
        """Jobs that the rules make of inputs of all classes and depths."""
        return len(DEPTHS) * sum(len(rule.scope_classes) for rule in self.rules)

    def rule(self, name: str) -> Rule:
        """The rule of a name.

        Raises:
            UsageError: there is none.
        """
        for rule in self.rules:
            if rule.name == name:
                return rule
        hint = did_you_mean(name, [rule.name for rule in self.rules], otherwise="`halodb rules` lists them.")
        raise UsageError(f"{self.name} has no rule {name}.", hint)
