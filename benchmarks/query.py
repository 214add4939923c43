"""Questions of chemistry: with an index, by RDKit row for row, and by the libraries that chemists use for it.

All in one process, on the products of one job in the order of the library, and all must find the same. What is measured
is CPU time, over all threads: other programs on the machine do not count. SubstructLibrary and FPSim2 hold the library
in memory and are built first, which is told apart.
"""

from __future__ import annotations

import importlib.util
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from rdkit import Chem
from rdkit.Chem import rdSubstructLibrary

import halodb
from benchmarks.data import halogenated_polyphenols
from benchmarks.measure import interleaved
from benchmarks.result import Result, begin, series
from halodb.library import Library

_RULE = "FG_PHENOL_OH__OH__TO__OMe"
_PRODUCTS_A_PARENT = 330
OURS, PLAIN, SUBSTRUCT_LIBRARY, FPSIM2 = "halodb with index", "halodb without index", "SubstructLibrary", "FPSim2"

SUBSTRUCTURES = {
    "coumarin": "O=c1ccc2ccccc2o1",
    "nitrogen ring": "c1ccncc1",
    "bromophenol": "c([OX2H])c[Br]",
    "fluoroarene": "c[F]",
    "nothing": "N=[N+]=[N-]",
}
THRESHOLDS = (0.7, 0.4)
WINDOW = (
    "SELECT count(*) FROM products WHERE mol_weight(smiles) < 500 AND logp(smiles) < 5 "
    "AND hbd(smiles) <= 5 AND hba(smiles) <= 10"
)


def run(sizes: Sequence[int], largest_for_slow: int, rounds: int, note: str) -> Result:
    """Measure.

    Args:
        sizes: products of the library, about, each in turn.
        largest_for_slow: products above which RDKit is not asked row for row, and nobody holds the library in memory.
        rounds: runs behind each median.
        note: for the result.

    Raises:
        RuntimeError: the peers do not find the same.
    """
    result = begin("query", rounds, note)
    if importlib.util.find_spec("FPSim2") is None:
        result.note = "; ".join(filter(None, [result.note, "FPSim2: not installed"]))
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            _one_size(result, Path(name), size, size <= largest_for_slow, rounds)
    return result


def _one_size(result: Result, directory: Path, size: int, slow: bool, rounds: int) -> None:
    source = halogenated_polyphenols(directory, max(1, size // _PRODUCTS_A_PARENT), depth=2)
    path = directory / "library"
    halodb.transform(source.path, path, rules=[_RULE])
    halodb.dedup(path)
    started = time.monotonic()
    report = halodb.index(path)
    (manifest,) = report.indexed
    rows = report.rows
    on = f"{rows:,} products"
    seconds = series("halodb index", on, "s of CPU", [report.worker_seconds], size=rows)
    seconds.numbers = {
        "microseconds_a_molecule": report.worker_seconds / rows * 1e6,
        "bytes_a_row": (manifest.index.file.bytes if manifest.index else 0) / rows,
        "bytes_a_row_of_the_result": (path / manifest.job / "products.parquet").stat().st_size / rows,
        "wall_s": time.monotonic() - started,
        "peak_memory_bytes": report.peak_memory,
    }
    result.series.append(seconds)
    column = pq.read_table(path / manifest.job / "products.parquet", columns=["smiles"]).column("smiles")
    smiles = [str(text) for text in column.to_pylist()]
    with halodb.open(path) as library:
        library.sql("SELECT substructure('C', 'C'), similarity('C', 'C'), logp('C')").fetchall()  # RDKit is there
        asked = dict(_questions(library, directory, smiles, slow, result, on))
        for what, ways in asked.items():
            found = {who: ways[who]() for who in ways}
            if len(set(found.values())) != 1:
                raise RuntimeError(f"{what}: the peers do not find the same: {found}")
            times = interleaved(ways, rounds, clock=time.process_time)
            for who, values in times.items():
                made = series(who, f"{what}, {on}", "s of CPU", values, size=rows, found=found[who])
                made.numbers["rows_a_second"] = rows / max(made.median, 1e-6)
                result.series.append(made)
            for who in ways:
                ours, other = (result.find(each, f"{what}, {on}") for each in (OURS, who))
                if who != OURS and ours is not None and other is not None:
                    result.headline[f"{who} / {OURS}, {what}, {on}"] = other.median / max(ours.median, 1e-6)


def _questions(
    library: Library, directory: Path, smiles: list[str], slow: bool, result: Result, on: str
) -> list[tuple[str, dict[str, Callable[[], int]]]]:
    """What is asked, and in which ways."""
    held = _substruct_library(smiles, result, on) if slow else None
    engine = _fpsim2(smiles, directory, result, on) if slow else None
    asked: list[tuple[str, dict[str, Callable[[], int]]]] = []
    for what, smarts in SUBSTRUCTURES.items():
        query = "SELECT count(*) FROM products WHERE substructure(smiles, $smarts)"
        ways = _by_us(library, query, {"smarts": smarts}, slow)
        if held is not None:
            ways[SUBSTRUCT_LIBRARY] = partial(_matches, held, Chem.MolFromSmarts(smarts), len(smiles))
        asked.append((what, ways))
    like = smiles[len(smiles) // 2]
    for threshold in THRESHOLDS:
        query = f"SELECT count(*) FROM products WHERE similarity(smiles, $like) >= {threshold}"
        ways = _by_us(library, query, {"like": like}, slow)
        if engine is not None:
            ways[FPSIM2] = partial(_similar, engine, like, threshold)
        asked.append((f"similarity {threshold}", ways))
    asked.append(("window of properties", _by_us(library, WINDOW, {}, slow)))
    return asked


def _by_us(library: Library, query: str, parameters: dict[str, str], slow: bool) -> dict[str, Callable[[], int]]:
    """Each in a library that is opened anew: the functions remember what they have computed."""

    def with_index() -> int:
        with halodb.open(library.path) as opened:
            return int(opened.sql(query, parameters).fetchall()[0][0])

    def without() -> int:
        with halodb.open(library.path) as opened, opened.asking(query):
            opened.functions.prepare(query)
            return int(opened.connection.execute(query, parameters).fetchall()[0][0])

    return {OURS: with_index, PLAIN: without} if slow else {OURS: with_index}


def _substruct_library(smiles: list[str], result: Result, on: str) -> Any:
    started = time.process_time()
    molecules, patterns = rdSubstructLibrary.CachedTrustedSmilesMolHolder(), rdSubstructLibrary.PatternHolder()
    for each in smiles:
        molecule = Chem.MolFromSmiles(each)
        molecules.AddSmiles(each)
        patterns.AddFingerprint(patterns.MakeFingerprint(molecule))
    result.series.append(series(f"{SUBSTRUCT_LIBRARY}, built", on, "s of CPU", [time.process_time() - started]))
    return rdSubstructLibrary.SubstructLibrary(molecules, patterns)


def _matches(library: Any, query: Chem.Mol, rows: int) -> int:
    return len(library.GetMatches(query, useChirality=False, maxResults=rows, numThreads=1))


def _fpsim2(smiles: list[str], directory: Path, result: Result, on: str) -> Any:
    if importlib.util.find_spec("FPSim2") is None:
        return None
    from FPSim2 import FPSim2Engine  # noqa: PLC0415  a peer, where it is installed
    from FPSim2.io import create_db_file  # noqa: PLC0415

    started = time.process_time()
    file = str(directory / "fingerprints.h5")
    create_db_file(
        mols_source=[[text, number] for number, text in enumerate(smiles)],
        filename=file,
        mol_format="smiles",
        fp_type="Morgan",
        fp_params={"radius": 2, "fpSize": 1024},
    )
    result.series.append(series(f"{FPSIM2}, built", on, "s of CPU", [time.process_time() - started]))
    return FPSim2Engine(file)


def _similar(engine: Any, like: str, threshold: float) -> int:
    return len(engine.similarity(like, threshold=threshold, metric="tanimoto", n_workers=1))
