"""One export or sample in a process of its own, for `benchmarks.export`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import psutil
import typer

import halodb

app = typer.Typer()


def _cpu() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    spent = psutil.Process().cpu_times()
    return float(spent.user + spent.system + spent.children_user + spent.children_system)


def _tell(started: float, told: dict[str, object]) -> None:
    print(json.dumps({**told, "wall_s": round(time.monotonic() - started, 3), "cpu": round(_cpu(), 3)}))


@app.command()
def export(library: Path, output: Path, memory: Annotated[str, typer.Option()], split: int | None = None) -> None:
    """All products."""
    started = time.monotonic()
    report = halodb.export(library, output, split=split, memory=memory)
    _tell(started, {"rows": report.rows, "failures": report.failures})


@app.command()
def sample(
    library: Path,
    output: Path,
    memory: Annotated[str, typer.Option()],
    n: Annotated[int, typer.Option()],
    method: str = "random",
    coordinates: str = "2d",
) -> None:
    """Some, and how far each is from the nearest other one."""
    started = time.monotonic()
    chosen = halodb.sample(library, n, method=method, output=output, coordinates=coordinates, memory=memory)
    written = chosen.written
    told: dict[str, object] = {
        "rows": written.rows if written else len(chosen),
        "failures": written.failures if written else 0,
        "smallest_distance": chosen.distance,
    }
    _tell_after(
        started, told, library, list(map(str, chosen.table.column("smiles").to_pylist())) if coordinates == "2d" else []
    )


def _tell_after(started: float, told: dict[str, object], library: Path, smiles: list[str]) -> None:
    """What else is measured of a sample does not count as its time."""
    took, spent = round(time.monotonic() - started, 3), round(_cpu(), 3)
    with halodb.open(library) as opened:
        told["products"] = opened.sql("SELECT count(*) FROM products").fetchall()[0][0]
    if smiles:
        told["nearest_neighbour_distance"] = _nearest(smiles)
    print(json.dumps({**told, "wall_s": took, "cpu": spent}))


def _nearest(smiles: list[str]) -> float:
    """The mean Tanimoto distance to the nearest other one, by Morgan fingerprints of radius 2 and 1,024 bits."""
    from rdkit import Chem  # noqa: PLC0415  a spawned worker imports this file again
    from rdkit.DataStructs import BulkTanimotoSimilarity  # noqa: PLC0415

    from halodb.chemistry.fingerprints import morgan_of  # noqa: PLC0415
    from halodb.sampling.diverse import vector_of  # noqa: PLC0415

    prints = [vector_of(morgan_of(Chem.MolFromSmiles(each))[0]) for each in smiles]
    nearest = [
        max(BulkTanimotoSimilarity(each, prints[:place] + prints[place + 1 :])) for place, each in enumerate(prints)
    ]
    return 1.0 - float(sum(nearest)) / len(nearest)


if __name__ == "__main__":
    app()
