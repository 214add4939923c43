"""Reading rule files; every error names the file, the rule, the field and the line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import ValidationError

from halodb.errors import RuleFileError
from halodb.resources import resource
from halodb.rules.classes import class_name_of, is_class_name
from halodb.rules.model import ClassSettings, Rule, RuleSet

TRANSFORMS = "transforms.yaml"
HALOGENATION = "halogenation.yaml"

_NAME = re.compile(r"[A-Za-z0-9_]+")
_LONGEST_NAME = 100
"""Characters: it becomes part of the names of directories, which with their paths are limited."""
_LONGEST_TEXT = 10_000
_MOST_RULES = 4096  # what sql/dedup/grouped_pooled.sql packs
_TEXT, _TRUTH, _NUMBER = "tag:yaml.org,2002:str", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int"
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_TRUE_OR_FALSE = ("on_request", "sugar_mask")
_LIMITS = ("max_sites", "max_products")
_MOST = 10**9
_REMEDY = "Correct it and run the command again."


def read_rules(file: Path | str | None = None, *, shipped: str = TRANSFORMS) -> RuleSet:
    """Read and validate a rule file: a YAML mapping with the key `rules`, a list of rules, and perhaps `classes`.

    Args:
        file: a file of your own; the shipped one by default.
        shipped: which of the shipped files, `TRANSFORMS` or `HALOGENATION`.

    Raises:
        RuleFileError: the file cannot be read, or a rule in it is not valid.

    Example:
        >>> len(read_rules().rules), read_rules().jobs()
        (19, 118)
    """
    where = shipped if file is None else str(file)
    try:
        source = resource("configs", shipped) if file is None else Path(file)
        root = yaml.compose(source.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise RuleFileError(f"{where} cannot be read: {error.strerror}.", "Check the path.") from error
    except RecursionError as error:
        raise RuleFileError(f"{where}: not valid YAML for rules: it is nested too deeply.", _REMEDY) from error
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{where} is not UTF-8 text.", "Save it as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise RuleFileError(f"{where}: {line}not valid YAML: {error.problem}.", _REMEDY) from error
    except yaml.YAMLError as error:
        raise RuleFileError(f"{where}: not valid YAML: {str(error).splitlines()[0]}.", _REMEDY) from error
    return _Reader(where).read(root)


class _Reader:
    """Turns the nodes of one file into rules; nodes, because they know their lines."""

    def __init__(self, where: str) -> None:
        self._where = where

    def read(self, root: yaml.Node | None) -> RuleSet:
        fields = self._fields(root, "the file") if root is not None else {}
        listed = fields.get("rules")
        if not isinstance(listed, yaml.SequenceNode) or not listed.value:
            raise self._error(root, "the file", "rules", "it must be a list of at least one rule")
        if len(listed.value) > _MOST_RULES:
            raise self._error(listed, "the file", "rules", f"it has more than {_MOST_RULES:,} rules")
        rules: list[Rule] = []
        for position, node in enumerate(listed.value, 1):
            rule = self._rule(node, position)
            if any(rule.name == other.name for other in rules):
                raise self._error(node, f"rule {rule.name}", "name", "another rule has it already")
            rules.append(rule)
        return RuleSet(Path(self._where).name, tuple(rules), self._classes(fields.get("classes")))

    def _classes(self, node: yaml.Node | None) -> dict[str, ClassSettings]:
        """What the file says of classes."""
        if node is None:
            return {}
        found: dict[str, ClassSettings] = {}
        for name, said in self._fields(node, "classes").items():
            title = f"class {name}"
            if problem := _no_class([name]):
                raise self._error(said, title, "", problem)
            fields = self._fields(said, title)
            for field in fields:
                if field not in ClassSettings.model_fields:
                    raise self._error(fields[field], title, field, "there is no such field")
            found[name] = ClassSettings(**{field: self._truth(value, title, field) for field, value in fields.items()})
        return found

    def _rule(self, node: yaml.Node, position: int) -> Rule:
        fields = self._fields(node, f"rule number {position}")
        named = fields.get("name")
        title = f"rule {named.value if isinstance(named, yaml.ScalarNode) else f'number {position}'}"
        values = {key: self._value(value, title, key) for key, value in fields.items()}
        try:
            rule = Rule.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0]) if first["loc"] else ""
            raise self._error(fields.get(field, node), title, field, _plain(first["type"], first["msg"])) from error
        for field, problem in _problems(rule):
            raise self._error(fields[field], title, field, problem)
        return rule

    def _fields(self, node: yaml.Node | None, title: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, title, "", "it must be a mapping of fields")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, title, "", "the name of a field must be text")
            if key.value in found:
                raise self._error(key, title, key.value, "it is there twice")
            found[key.value] = value
        return found

    def _value(self, node: yaml.Node, title: str, field: str) -> str | list[str] | bool | int | dict[str, int]:
        """A text or a list of texts, which is what most of a rule is made of; or what its optional fields are."""
        if field in _TRUE_OR_FALSE:
            return self._truth(node, title, field)
        if field in _LIMITS:
            return self._limit(node, title, field)
        if isinstance(node, yaml.SequenceNode):
            return [self._text(each, title, field) for each in node.value]
        return self._text(node, title, field)

    def _text(self, node: yaml.Node, title: str, field: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT:
            raise self._error(
                node, title, field, "it must be text; put it in quotes where YAML takes it for another kind"
            )
        return str(node.value)

    def _truth(self, node: yaml.Node, title: str, field: str) -> bool:
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TRUTH:
            raise self._error(node, title, field, "it must be true or false")
        return _TRUTHS[node.value.lower()]

    def _limit(self, node: yaml.Node, title: str, field: str) -> int | dict[str, int]:
        """A whole number, or a mapping of classes to whole numbers."""
        if not isinstance(node, yaml.MappingNode):
            return self._number(node, title, field)
        limits = {name: self._number(value, title, field) for name, value in self._fields(node, title).items()}
        if problem := _no_class(limits):
            raise self._error(node, title, field, problem)
        return limits

    def _number(self, node: yaml.Node, title: str, field: str) -> int:
        number = node.value if isinstance(node, yaml.ScalarNode) and node.tag == _NUMBER else ""
        if not re.fullmatch(r"[1-9]\d*", number) or int(number) > _MOST:
            raise self._error(node, title, field, "it must be a whole number from 1 on, or one for each class")
        return int(number)

    def _error(self, node: yaml.Node | None, title: str, field: str, problem: str) -> RuleFileError:
        line = node.start_mark.line + 1 if node is not None else 1
        name = f", field {field}" if field else ""
        return RuleFileError(f"{self._where}, line {line}: {title}{name}: {problem}.", _REMEDY)


def _plain(kind: str, message: str) -> str:
    return {"missing": "it is missing", "extra_forbidden": "there is no such field"}.get(kind, message.rstrip("."))


def _no_class(names: Iterable[str]) -> str | None:
    """What is wrong with names of classes; None where nothing is."""
    wrong = next((name for name in names if not is_class_name(name)), None)
    if wrong is None:
        return None
    meant = class_name_of(wrong)
    return f"{wrong!r} is not the name of a class" + (f"; write {meant}" if meant else "")


def _problems(rule: Rule) -> list[tuple[str, str]]:
    """What is wrong with a rule whose fields have the right types: (field, problem)."""
    found: list[tuple[str, str]] = []
    if not _NAME.fullmatch(rule.name):
        found.append(("name", f"{rule.name[:_LONGEST_NAME]!r} may have only letters, digits and underscores"))
    if len(rule.name) > _LONGEST_NAME:
        found.append(("name", f"it is longer than {_LONGEST_NAME} characters"))
    for field in ("label", "family", "query_smarts", "smirks"):
        text = getattr(rule, field)
        if len(text) > _LONGEST_TEXT:
            found.append((field, f"it is longer than {_LONGEST_TEXT:,} characters"))
        elif not text.isprintable():
            found.append((field, "it has a character that cannot be printed"))
    if found:
        return found
    found.extend((field, "it is empty") for field in ("label", "family", "scope_classes") if not getattr(rule, field))
    if problem := _no_class(rule.scope_classes):
        found.append(("scope_classes", problem))
    from halodb.rules.smarts import problem_of_query, problem_of_smirks  # RDKit: who has a library open may not need it

    problem = problem_of_query(rule.query_smarts)
    if problem:
        found.append(("query_smarts", problem))
    elif problem := problem_of_smirks(rule.smirks, rule.query_smarts):
        found.append(("smirks", problem))
    return found
