"""Print what halodb and its tests depend on, a requirement a line: `wanted.py pyproject.toml`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["project"]
print(*project["dependencies"], *project["optional-dependencies"]["test"], sep="\n")
