"""Profile: where the time of a pass goes, and what dedup adds.

Two measurements, for a profiler must not be trusted with the times, nor a clock with the parts:

1. Undisturbed passes (all cores) and the dedup of their jobs, from the reports of halodb: `writing` is the shards that
   a unit writes at its end, as a share of the workers' time; `dedup` is the wall time of all jobs' dedup as a share of
   the wall time of the pass that made them, and `dedup of a job` that of the slowest job against a job's equal part of
   the pass.
2. One pass with one worker under py-spy, which stops the processes a hundred times a second and reads the stack across
   Python and C++ (`--native --subprocesses`). A sample of a worker in `run_unit` goes to the first of these that it
   fits: `writing` (a frame of halodb/shards), `reading` (of halodb/inputs), `RDKit` (the innermost Python call has
   entered a library of RDKit or Boost.Python: the call with its conversion of arguments), `Python` (all else: our code,
   RDKit's Python wrappers, the interpreter). Stopping makes the pass slower but touches the shares little, as samples
   come by the clock. n samples of a share p have a standard error of sqrt(p (1 - p) / n), which is told. Imports at a
   worker's first unit are left out. Where py-spy may not trace (Windows without rights, closed containers), only 1.
   `costliest function` is the one of our own with the most samples of `Python`, not counting what it calls.

A timer around each RDKit call would be in the way more than what it measures (calls take 1 to 300 us), and cProfile
does not see Boost.Python's functions at all.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from pathlib import Path

import halodb
from benchmarks.data import halogenated_polyphenols, smaller
from benchmarks.measure import CHECKOUT
from benchmarks.result import Result, begin, series
from halodb.files import remove_tree
from halodb.inputs import Input

_RATE = "100"
_MODULE = re.compile(r"\(([^()]*)\)$")
_IMPORT = "importlib._bootstrap"
_ONE_PASS = (
    "import sys, halodb\nif __name__ == '__main__':\n    halodb.transform(sys.argv[1], sys.argv[2], workers=1)\n"
)


def run(parents: int, rows: int, sampled_rows: int, rounds: int, note: str) -> Result:
    """Measure.

    Args:
        parents: polyphenols to halogenate.
        rows: of the input of the undisturbed passes; the larger, the less the fixed cost of a job's dedup shows.
        sampled_rows: of the input of the pass under py-spy, which is several times slower.
        rounds: undisturbed passes.
        note: for the result.
    """
    result = begin("profile", rounds, note)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        source = halogenated_polyphenols(directory, parents)
        _by_reports(result, source, rows, directory, rounds)
        _by_samples(result, source, sampled_rows, directory)
    return result


def _by_reports(result: Result, source: Input, rows: int, directory: Path, rounds: int) -> None:
    path = smaller(source, directory / "whole", rows)
    library = directory / "library"
    shares: dict[str, list[float]] = {"writing": [], "dedup": [], "dedup of a job": []}
    products = 0
    for _ in range(rounds):
        report = halodb.transform(path, library)
        after = halodb.dedup(library)
        products = report.products
        slowest = max(job.dedup_seconds for job in after.jobs)
        shares["writing"].append(report.writing_seconds / report.worker_seconds)
        shares["dedup"].append(after.seconds / report.seconds)
        shares["dedup of a job"].append(slowest / (report.seconds / len(after.jobs)))
        remove_tree(library)
    for part, values in shares.items():
        made = series(part, f"{source.name}, reports", "share", values, products=products)
        result.series.append(made)
        result.headline[f"{part}, share of the pass (reports)"] = made.median


def _by_samples(result: Result, source: Input, rows: int, directory: Path) -> None:
    path = smaller(source, directory / "part", rows)
    script, raw = directory / "one_pass.py", directory / "samples.txt"
    script.write_text(_ONE_PASS, encoding="utf-8")
    py_spy = _py_spy()
    if py_spy is not None:
        options = ["--native", "--subprocesses", "--rate", _RATE, "--format", "raw", "--output", str(raw)]
        command = [py_spy, "record", *options, "--", sys.executable, str(script), str(path), str(directory / "library")]
        subprocess.run(command, capture_output=True, check=False, cwd=CHECKOUT)
    if not raw.exists():
        result.note = "; ".join(filter(None, [result.note, "py-spy: not installed or not allowed to trace"]))
        return
    counts: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for line in raw.read_text(encoding="utf-8", errors="replace").splitlines():
        stack, _, times_seen = line.rpartition(" ")
        frames = stack.split(";")
        part = part_of(frames)
        if part is not None:
            counts[part] += int(times_seen)
        if part == "Python":
            functions[function_of(frames)] += int(times_seen)
    total = counts.total()
    for part, number in counts.most_common():
        share = number / total
        made = series(part, f"{source.name}, samples", "share", [share], samples=number)
        made.numbers["standard_error"] = round(math.sqrt(share * (1 - share) / total), 4)
        result.series.append(made)
        result.headline[f"{part}, share of a worker (samples)"] = share
    for name, number in functions.most_common(1):
        result.headline[f"costliest function, {name}, share of a worker (samples)"] = number / total


def part_of(frames: list[str]) -> str | None:
    """The part of a pass that a stack of py-spy (outermost frame first) belongs to; None where it is no unit's."""
    begins = [index for index, frame in enumerate(frames) if frame.startswith("run_unit (")]
    if not begins:
        return None
    inner = [found[1] if (found := _MODULE.search(frame)) else frame for frame in frames[begins[0] :]]
    if any(_IMPORT in module for module in inner):
        return None
    if any("halodb/shards" in module.replace("\\", "/") for module in inner):
        return "writing"
    if any("halodb/inputs" in module.replace("\\", "/") for module in inner):
        return "reading"
    last = max(index for index, module in enumerate(inner) if ".py:" in module)
    native = inner[last + 1 :]
    return "RDKit" if any(_is_rdkit(module) for module in native) else "Python"


def function_of(frames: list[str]) -> str:
    """The innermost Python function of a stack."""
    return next(frame for frame in reversed(frames) if ".py:" in frame).partition(" (")[0]


def _is_rdkit(module: str) -> bool:
    return "rdkit" in module.lower() or module.startswith("libboost_python") or "boost_python" in module


def _py_spy() -> str | None:
    path = Path(sysconfig.get_path("scripts")) / ("py-spy.exe" if sys.platform == "win32" else "py-spy")
    return str(path) if path.exists() else None
