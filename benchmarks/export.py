"""Sending a library on: SMILES in files of 10,000, conformers, and a diverse sample against one by chance.

Each run is in a process of its own; memory is the peak PSS of its process tree, sampled every 0.1 s. CPU seconds are of
that tree. SMILES come from a library of made keys (`made_library`), which need no chemistry; conformers and samples
from one of halogenated natural products of all classes, of the shared file or the shipped one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import halodb
from benchmarks.data import halogenated, natural_products
from benchmarks.made_library import make_library
from benchmarks.measure import Watched, watch
from benchmarks.result import Result, begin, series

_JOBS = 118
_SPLIT = 10_000
_PICKS = 500
SMILES, CONFORMERS, INDEX = "halodb export, .smi", "halodb export --3d, .sdf", "index"
DIVERSE, CHANCE = "halodb sample --diverse", "halodb sample"


def run(sizes: Sequence[int], conformers: int, parents: int, indexed: bool, memory: str, note: str) -> Result:
    """Measure.

    Args:
        sizes: products of the libraries of made keys, each in turn.
        conformers: molecules that get coordinates in space.
        parents: natural products that the other library is made of; each leads to some dozens of products.
        indexed: sample once more with an index.
        memory: budget.
        note: for the result.
    """
    result = begin("export", 1, note)
    result.note = "; ".join(filter(None, [result.note, f"memory budget: {memory}"]))
    peaks = [_smiles(result, size, memory) for size in sizes]
    for one, other, size in zip(peaks, peaks[1:], sizes[1:], strict=False):
        result.headline[f"peak of {size:,} products / peak of fewer"] = other / one
    with tempfile.TemporaryDirectory() as name:
        library = _library(Path(name), parents)
        _conformers(result, library, Path(name), conformers, memory)
        _samples(result, library, Path(name), memory, "computed")
        if indexed:
            halodb.index(library)
            _samples(result, library, Path(name), memory, INDEX)
    return result


def _smiles(result: Result, size: int, memory: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        library = make_library(Path(name), _JOBS, size)
        seen = _watched(Path(name), "export", library, Path(name) / "all.smi", memory, "--split", str(_SPLIT))
    _add(result, SMILES, f"{seen.told['rows']:,} products in files of {_SPLIT:,}", seen)
    return seen.memory


def _library(directory: Path, parents: int) -> Path:
    halogenated(directory, natural_products(parents))
    halodb.run(directory / "library", directory / "inputs")
    return directory / "library"


def _conformers(result: Result, library: Path, directory: Path, count: int, memory: str) -> None:
    output = directory / "conformers.sdf"
    seen = _watched(directory, "sample", library, output, memory, "--n", str(count), "--coordinates", "3d")
    _add(result, CONFORMERS, f"{seen.told['rows']:,} molecules drawn by chance", seen)


def _samples(result: Result, library: Path, directory: Path, memory: str, fingerprints: str) -> None:
    of = {}
    for who, method in ((DIVERSE, "diverse"), (CHANCE, "random")):
        output = directory / f"{method}.smi"
        seen = _watched(directory, "sample", library, output, memory, "--n", str(_PICKS), "--method", method)
        on = f"{_PICKS} of {seen.told['products']:,}, fingerprints: {fingerprints}"
        _add(result, who, on, seen)
        of[who] = seen.told["nearest_neighbour_distance"]
        output.unlink()
    result.headline[f"distance to the nearest, diverse / chance, fingerprints: {fingerprints}"] = (
        of[DIVERSE] / of[CHANCE]
    )


def _watched(
    directory: Path, command: str, library: Path, output: Path, memory: str, option: str, *options: str
) -> Watched:
    arguments = [command, str(library), str(output), "--memory", memory, option, *options]
    seen = watch("benchmarks.export_runs", arguments, directory)
    shutil.rmtree(output.with_suffix(""), ignore_errors=True)
    return seen


def _add(result: Result, who: str, on: str, seen: Watched) -> None:
    made = series(who, on, "s of CPU", [seen.told["cpu"]], size=seen.told["rows"], peak_memory_bytes=seen.memory)
    names = ("wall_s", "rows", "failures", "nearest_neighbour_distance", "smallest_distance")
    made.numbers |= {name: seen.told[name] for name in names if seen.told.get(name) is not None}
    result.series.append(made)
