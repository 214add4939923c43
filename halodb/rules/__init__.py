"""Rules: named transforms, read from a YAML file and validated before anything uses them."""

from halodb.rules.model import CLASSES, DEPTHS, ClassSettings, Rule, RuleSet
from halodb.rules.read import HALOGENATION, TRANSFORMS, read_rules

__all__ = ["CLASSES", "DEPTHS", "HALOGENATION", "TRANSFORMS", "ClassSettings", "Rule", "RuleSet", "read_rules"]
