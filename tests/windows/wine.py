"""A Windows Python under Wine: where it is, how it is made, and how it is started."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]

_READY = ".ready"
_NATIVE = "msvcp140,msvcp140_1,msvcp140_2,vcruntime140,vcruntime140_1,concrt140,ucrtbase,bcryptprimitives"
"""Libraries that are taken from the wheels, not from Wine."""


class Wine:
    """The Python in a directory of its own; see `build.sh`.

    Attributes:
        root: the directory.
        work: a directory that Windows knows as C:/work.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "prefix" / "drive_c" / "work"

    def build(self) -> None:
        """Make it, unless it is there and made by the same recipe for the same versions."""
        self.root.mkdir(parents=True, exist_ok=True)
        constraints = self.root / "constraints.txt"
        wanted = _versions()
        recipe = "".join([wanted, *(file.read_text(encoding="utf-8") for file in sorted(HERE.glob("*.[sc]*")))])
        ready = self.root / _READY
        if not ready.exists() or ready.read_text(encoding="utf-8") != recipe:
            for old in ("parts", "wheels", "python", "prefix"):
                shutil.rmtree(self.root / old, ignore_errors=True)
            constraints.write_text(wanted, encoding="utf-8")
            subprocess.run([HERE / "build.sh", self.root, constraints], check=True)
            ready.write_text(recipe, encoding="utf-8")

    def install(self) -> None:
        """Install halodb as it is in the checkout, and put its tests beside it, into C:/work/checkout."""
        wheels = self.root / "halodb"
        shutil.rmtree(wheels, ignore_errors=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(wheels),
            str(CHECKOUT),
        ]
        subprocess.run(command, check=True)
        shutil.rmtree(self.root / "python" / "Lib" / "site-packages" / "halodb", ignore_errors=True)
        subprocess.run(
            [sys.executable, HERE / "unpack.py", self.root / "python", *wheels.glob("*.whl")],
            check=True,
        )
        copy = self.work / "checkout"
        shutil.rmtree(copy, ignore_errors=True)
        for name in ("tests", "benchmarks", "configs", "sql", "templates", "docs"):
            shutil.copytree(CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "ARCHITECTURE.md", "Makefile"):
            shutil.copy(CHECKOUT / name, copy)

    def start(self, *arguments: object, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start `python.exe ARGUMENTS`; its standard streams are pipes, for Wine takes no plain files there."""
        environment = {
            **os.environ,
            "WINEPREFIX": str(self.root / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": f"mscoree,mshtml=;{_NATIVE}=n,b",
        }
        return subprocess.Popen(
            ["wine", str(self.root / "python" / "python.exe"), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=cwd or self.work,
            env=environment,
        )

    def run(self, *arguments: object, cwd: Path | None = None, expected: Sequence[int] = (0,)) -> str:
        """Run `python.exe ARGUMENTS` to its end; what it said.

        Raises:
            AssertionError: it ended with another code than was expected.
        """
        process = self.start(*arguments, cwd=cwd)
        told, _ = process.communicate()
        assert process.returncode in expected, f"{arguments} ended with {process.returncode}:\n{told}"
        return told


def _versions() -> str:
    """The versions that this Python has, as constraints of pip: what is compared must have been made by the same."""
    found = {one.metadata["Name"]: one.version for one in importlib.metadata.distributions()}
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()) if name != "halodb")
