"""What a rule is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from halodb.errors import UsageError, did_you_mean
from halodb.files import short_digest
from halodb.rules.classes import class_name_of

CLASSES = ("aa_peptide", "alkaloid", "lipid", "polyphenol", "terpenoid", "polysaccharide", "other")
"""Classes of natural products that parents are sorted into by their structure; rules and inputs may have others."""

DEPTHS = (1, 2)
"""How often the parents of a job are halogenated, where nothing says more; inputs may have any."""


MASK_VERSION = 1
"""Raised when `chemistry.sugars` takes other atoms for sugars: results of rules with the mask are made anew then."""

_OPTIONAL = ("on_request", "sugar_mask", "max_sites", "max_products")


def _pairs(given: object) -> object:
    """A mapping as pairs, which can be hashed as all of a rule can."""
    return tuple(sorted(given.items())) if isinstance(given, Mapping) else given


def _mapping(limit: object) -> object:
    return dict(limit) if isinstance(limit, tuple) else limit


def _class_names(given: object) -> object:
    """Names of classes as halodb writes them; one that is none is left for `read_rules` to tell."""
    if not isinstance(given, list | tuple):
        return given
    return [class_name_of(name) or name if isinstance(name, str) else name for name in given]


LimitByClass = Annotated[
    int | tuple[tuple[str, int], ...] | None, BeforeValidator(_pairs), PlainSerializer(_mapping, return_type=object)
]
"""A limit: a number, or numbers by class, as pairs; none for classes that are not there."""


class Rule(BaseModel):
    """A named transform.

    Attributes:
        name: letters, digits and underscores; it becomes part of directory names.
        label: what it does, for people: `OH->OMe`.
        family: rules that share their query, by name.
        scope_classes: classes of parents that it is meant for.
        query_smarts: where it applies; the atom with map number 1 is the site.
        smirks: what becomes of it; its left side is the query.
        on_request: whether it is applied only where it is asked for by name.
        sugar_mask: whether atoms of sugars (`chemistry.sugars`) are none of its sites.
        max_sites: most sites of one parent, those with the smallest atoms; a number, or numbers by class.
        max_products: most products of one parent, those of the smallest sites; a number, or numbers by class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str
    label: str
    family: str
    scope_classes: Annotated[tuple[str, ...], BeforeValidator(_class_names)]
    query_smarts: str
    smirks: str
    on_request: bool = False
    sugar_mask: bool = False
    max_sites: LimitByClass = None
    max_products: LimitByClass = None

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A rule that has no optional field is written without them, as older versions of halodb wrote and read it."""
        written: dict[str, Any] = handler(self)
        return {name: value for name, value in written.items() if name not in _OPTIONAL or value not in (None, False)}

    @property
    def fingerprint(self) -> str:
        """Digest of what decides the products: query, SMIRKS, mask and limits; not name, label or scope."""
        more = [f"sugar mask {MASK_VERSION}"] if self.sugar_mask else []
        more += [f"max_sites {self.max_sites}"] if self.max_sites is not None else []
        more += [f"max_products {self.max_products}"] if self.max_products is not None else []
        return short_digest(self.query_smarts, self.smirks, *more)

    def meant_for(self, class_name: str, sugar_mask: bool | None) -> Rule:
        """The rule as it is applied to parents of one class: limits are those of the class.

        Args:
            class_name: the class.
            sugar_mask: whether sugars are masked, where that is not left to the rule.
        """
        changes: dict[str, object] = {} if sugar_mask in {None, self.sugar_mask} else {"sugar_mask": sugar_mask}
        for name in ("max_sites", "max_products"):
            limit = getattr(self, name)
            if isinstance(limit, tuple):
                changes[name] = dict(limit).get(class_name)
        return self.model_copy(update=changes) if changes else self


class ClassSettings(BaseModel):
    """What a rule file says of a class for all of its rules.

    Attributes:
        sugar_mask: whether sugars are masked; None leaves it to each rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sugar_mask: bool | None = None


@dataclass(frozen=True)
class RuleSet:
    """The rules of one file, in its order.

    Attributes:
        name: of the file.
        rules: as the file has them.
        classes: what it says of classes.
        sugar_mask: whether sugars are masked, whatever the file says; None leaves it to the file.
    """

    name: str
    rules: tuple[Rule, ...]
    classes: Mapping[str, ClassSettings] = field(default_factory=lambda: MappingProxyType({}))
    sugar_mask: bool | None = None

    def in_scope(self, class_name: str, *, on_request: bool = False) -> tuple[Rule, ...]:
        """The rules meant for a class, as they are applied to it: its mask, its limits.

        Args:
            class_name: the class.
            on_request: also those that are applied on request only.
        """
        mask = self.sugar_mask
        if mask is None and class_name in self.classes:
            mask = self.classes[class_name].sugar_mask
        return tuple(
            rule.meant_for(class_name, mask)
            for rule in self.rules
            if class_name in rule.scope_classes and (on_request or not rule.on_request)
        )

    def masking_sugars(self, sugar_mask: bool | None) -> RuleSet:
        """The same rules, all of them with the sugar mask or without; None leaves it to the file."""
        return replace(self, sugar_mask=sugar_mask)

    def families(self) -> dict[str, tuple[Rule, ...]]:
        """The rules by family, in the order of the file."""
        names = dict.fromkeys(rule.family for rule in self.rules)
        return {name: tuple(rule for rule in self.rules if rule.family == name) for name in names}

    def known_classes(self) -> tuple[str, ...]:
        """The classes that the file names in scopes and settings, and those that structures are sorted into."""
        named = (name for rule in self.rules for name in rule.scope_classes)
        return tuple(dict.fromkeys((*CLASSES, *named, *self.classes)))

    def jobs(self) -> int:
        """Jobs that the rules make of inputs of all classes and depths, without those on request."""
        return len(DEPTHS) * sum(len(rule.scope_classes) for rule in self.rules if not rule.on_request)

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
