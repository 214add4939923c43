"""What became of tests, from the XML that pytest writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Outcome:
    """One test: `run`, `skipped` or `failed`, how long it took, and the reason of a skip."""

    file: str
    name: str
    outcome: str
    seconds: float
    reason: str


@dataclass(frozen=True)
class Outcomes:
    """All tests."""

    all: list[Outcome]

    def text(self, *, every: bool = False) -> str:
        """Counts and times by file, and each skip with its reason; `every` test with its time on demand."""
        counts = Counter(one.outcome for one in self.all)
        lines = [f"{counts['run']} run, {counts['skipped']} skipped, {counts['failed']} failed"]
        for file in dict.fromkeys(one.file for one in self.all):
            those = [one for one in self.all if one.file == file]
            by = Counter(one.outcome for one in those)
            seconds = sum(one.seconds for one in those)
            lines.append(f"  {file}: {by['run']} run, {by['skipped']} skipped, {by['failed']} failed, {seconds:.0f} s")
        lines += [f"  skipped: {one.file} {one.name}: {one.reason}" for one in self.all if one.outcome == "skipped"]
        lines += [f"  failed: {one.file} {one.name}" for one in self.all if one.outcome == "failed"]
        if every:
            lines += [f"  {one.seconds:7.1f} s  {one.outcome:7}  {one.file} {one.name}" for one in self.all]
        return "\n".join(lines) + "\n"


def read_outcomes(file: Path) -> Outcomes:
    """Read the file that `pytest --junitxml` wrote."""
    found = []
    for case in ElementTree.parse(file).iter("testcase"):
        skip = case.find("skipped")
        failed = case.find("failure") is not None or case.find("error") is not None
        outcome = "failed" if failed else "skipped" if skip is not None else "run"
        reason = (skip.get("message") or "") if skip is not None else ""
        place = case.get("classname", "").replace(".", "/") + ".py"
        found.append(Outcome(place, case.get("name", ""), outcome, float(case.get("time", 0)), reason))
    return Outcomes(found)
