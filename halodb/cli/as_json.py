"""`--json`: what a command did, for programs."""

from __future__ import annotations

import sys
from typing import Any

from pydantic import TypeAdapter


def print_json(report: Any, *, indent: int | None = 2) -> None:
    """Write a report, a model or a dataclass, on standard output."""
    sys.stdout.write(TypeAdapter(Any).dump_json(report, indent=indent, by_alias=True).decode() + "\n")
    sys.stdout.flush()
