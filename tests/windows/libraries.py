"""The same library made twice: its bytes, and what its manifests say that does not depend on the moment."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

EXAMPLE = Path("halodb") / "demo" / "natural_products.csv"
WORKERS = 4

_OF_THE_MOMENT = {"path", "relative", "created_at", "updated_at", "peak_memory", "library"}


def write_parents(checkout: Path, file: Path, count: int) -> None:
    """Write the first natural products of the demo, names and classes too."""
    with (checkout / EXAMPLE).open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))[: count + 1]
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)


def contents(library: Path) -> dict[str, str]:
    """Digests of all results, and of the timeless part of all manifests, by their names in the library."""
    found: dict[str, str] = {}
    for file in sorted(library.glob("*/*")):
        if file.suffix == ".parquet":
            found[file.relative_to(library).as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
        elif file.name == "manifest.json":
            lasting = _lasting(json.loads(file.read_bytes()))
            found[file.relative_to(library).as_posix()] = json.dumps(lasting, sort_keys=True)
    return found


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Names whose contents differ, or that only one has."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        kept = (key for key in value if key not in _OF_THE_MOMENT and not key.endswith(("_seconds", "_at")))
        return {key: _lasting(value[key]) for key in kept}
    return value
