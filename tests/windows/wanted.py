"""Print what halodb and its tests depend on, a requirement a line: `wanted.py pyproject.toml`."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["project"]
_OWN = re.compile(re.escape(project["name"]) + r"\[([\w,-]+)\]")


def wanted(requirements: list[str]) -> Iterator[str]:
    """The requirements, those of extras of halodb's own in place of these: no registry has halodb."""
    for requirement in requirements:
        own = _OWN.match(requirement)
        if own is None:
            yield requirement
        else:
            for extra in own[1].split(","):
                yield from wanted(project["optional-dependencies"][extra])


print(*project["dependencies"], *wanted([f"{project['name']}[test]"]), sep="\n")
