"""Reading rule files; every error names the file, the rule, the field and the line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from halodb.errors import RuleFileError
from halodb.resources import resource
from halodb.rules.model import CLASSES, Rule, RuleSet
from halodb.rules.smarts import problem_of_query, problem_of_smirks

TRANSFORMS = "transforms.yaml"
HALOGENATION = "halogenation.yaml"

_NAME = re.compile(r"[A-Za-z0-9_]+")
_REMEDY = "Correct it and run the command again."


def read_rules(file: Path | str | None = None, *, shipped: str = TRANSFORMS) -> RuleSet:
    """Read and validate a rule file: a YAML mapping with the key `rules`, a list of rules.

    Args:
        file: a file of your own; the shipped one by default.
        shipped: which of the shipped files, `TRANSFORMS` or `HALOGENATION`.

    Raises:
        RuleFileError: the file cannot be read, or a rule in it is not valid.
    """
    where = shipped if file is None else str(file)
    try:
        source = resource("configs", shipped) if file is None else Path(file)
        root = yaml.compose(source.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise RuleFileError(f"{where} cannot be read: {error.strerror}.", "Check the path.") from error
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
        listed = self._fields(root, "the file").get("rules") if root is not None else None
        if not isinstance(listed, yaml.SequenceNode) or not listed.value:
            raise self._error(root, "the file", "rules", "it must be a list of at least one rule")
        rules: list[Rule] = []
        for position, node in enumerate(listed.value, 1):
            rule = self._rule(node, position)
            if any(rule.name == other.name for other in rules):
                raise self._error(node, f"rule {rule.name}", "name", "another rule has it already")
            rules.append(rule)
        return RuleSet(Path(self._where).name, tuple(rules))

    def _rule(self, node: yaml.Node, position: int) -> Rule:
        fields = self._fields(node, f"rule number {position}")
        values = {key: _value(value) for key, value in fields.items()}
        title = f"rule {values.get('name', f'number {position}')}"
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
        return {str(key.value): value for key, value in node.value}

    def _error(self, node: yaml.Node | None, title: str, field: str, problem: str) -> RuleFileError:
        line = node.start_mark.line + 1 if node is not None else 1
        name = f", field {field}" if field else ""
        return RuleFileError(f"{self._where}, line {line}: {title}{name}: {problem}.", _REMEDY)


def _value(node: yaml.Node) -> Any:
    return yaml.SafeLoader("").construct_object(node, deep=True)


def _plain(kind: str, message: str) -> str:
    return {"missing": "it is missing", "extra_forbidden": "there is no such field"}.get(kind, message.rstrip("."))


def _problems(rule: Rule) -> list[tuple[str, str]]:
    """What is wrong with a rule whose fields have the right types: (field, problem)."""
    found: list[tuple[str, str]] = []
    if not _NAME.fullmatch(rule.name):
        found.append(("name", f"{rule.name!r} may have only letters, digits and underscores"))
    found.extend((field, "it is empty") for field in ("label", "family", "scope_classes") if not getattr(rule, field))
    unknown = [name for name in rule.scope_classes if name not in CLASSES]
    if unknown:
        found.append(("scope_classes", f"{unknown[0]} is not a class; the classes are {', '.join(CLASSES)}"))
    problem = problem_of_query(rule.query_smarts)
    if problem:
        found.append(("query_smarts", problem))
    elif problem := problem_of_smirks(rule.smirks, rule.query_smarts):
        found.append(("smirks", problem))
    return found
