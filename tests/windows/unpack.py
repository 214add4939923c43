"""Install wheels of Windows into a Python of Windows, from anywhere: `unpack.py PYTHON WHEEL...`."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path, PurePosixPath

PACKAGES = "Lib/site-packages"
HOMES = {"purelib": PACKAGES, "platlib": PACKAGES, "data": ".", "scripts": "Scripts"}
"""Where the parts of a wheel's folder `<name>.data` go."""


def home_of(name: str) -> str | None:
    """Where a file of a wheel goes, below the Python; None where nothing needs it."""
    parts = PurePosixPath(name).parts
    if not parts[0].endswith(".data"):
        return f"{PACKAGES}/{name}"
    home = HOMES.get(parts[1])
    return home and "/".join([home, *parts[2:]])


def unpack(wheel: Path, python: Path) -> None:
    """Install a wheel; what was there of it is written over."""
    with zipfile.ZipFile(wheel) as files:
        for name in files.namelist():
            home = home_of(name)
            if home is not None and not name.endswith("/"):
                target = python / home
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(files.read(name))


if __name__ == "__main__":
    for wheel in sys.argv[2:]:
        unpack(Path(wheel), Path(sys.argv[1]))
