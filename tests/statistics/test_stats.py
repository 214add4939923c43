"""Statistics are what counting and RDKit say."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import halodb as package
from halodb.errors import OutputError, QueryError, UsageError
from halodb.statistics.counted import QUANTILES, rounded
from halodb.statistics.write import checked_output
from tests.conftest import Run

pytestmark = pytest.mark.filterwarnings("ignore::halodb.errors.HalodbWarning")

WHERE = "class = 'lipid'"


def test_counts(demo: Path) -> None:
    report = package.stats(demo / "library", sample=50, top=3, workers=1)
    with package.open(demo / "library") as library:
        for name in ("class", "k", "rule"):
            counted = library.sql(f"SELECT {name}::VARCHAR, count(*) FROM products GROUP BY ALL ORDER BY 1").fetchall()
            assert [row[:2] for row in report.table(name).rows] == counted
        (chlorides,) = library.sql(
            "SELECT count(*) FROM products WHERE n_f(smiles) = 0 AND n_cl(smiles) = 1 AND n_br(smiles) = 0 AND n_i(smiles) = 0"
        ).fetchall()
        mixed = library.sql(
            "SELECT count(*) FROM products WHERE n_f(smiles) = 1 AND n_cl(smiles) = 1 AND n_br(smiles) = 0 AND n_i(smiles) = 0"
        ).fetchall()[0]
    halogens = {item: count for item, count, _ in report.table("halogens").rows}
    assert (halogens["Cl1"], halogens["F1Cl1"]) == (chlorides[0], mixed[0])
    for name in ("class", "k", "rule", "halogens"):
        table = report.table(name)
        assert (table.of, table.sampled) == (report.products, False)
        assert math.fsum(row[-1] for row in table.rows if isinstance(row[-1], float)) == pytest.approx(1, abs=1e-4)
    scaffolds = report.table("scaffold")
    assert (scaffolds.of, scaffolds.sampled, len(scaffolds.rows)) == (50, True, 3)
    with pytest.raises(KeyError):
        report.table("weather")


def test_properties_with_an_index_and_without(phenol_library: Path, tmp_path: Path) -> None:
    """All of them with an index; without, of a sample that is all here."""
    library, where = Path(shutil.copytree(phenol_library / "library", tmp_path / "library")), "parent_row < 60"
    computed = package.stats(library, where=where, workers=1)
    with package.open(library) as opened:
        weights = sorted(
            rounded(row[0]) for row in opened.sql(f"SELECT mol_weight(smiles) FROM products WHERE {where}").fetchall()
        )
    figures = dict(zip(computed.table("property").columns, computed.table("property").rows[0], strict=True))
    assert figures["property"] == "mol_weight"
    for name, part in QUANTILES.items():
        assert figures[name] == weights[max(1, math.ceil(part * len(weights))) - 1]
    assert figures["mean"] == pytest.approx(sum(weights) / len(weights), abs=0.01)
    bins = [row[1:] for row in computed.table("histogram").rows if row[0] == "mol_weight"]
    assert [count for _, _, count in bins] == [sum(low <= weight < high for weight in weights) for low, high, _ in bins]  # type: ignore[operator]
    assert not computed.table("property").sampled
    package.index(library, workers=1)
    assert package.stats(library, where=where, workers=1).tables == computed.tables
    few = package.stats(library, where=where, sample=20, workers=1)
    assert few.table("property") == computed.table("property")
    assert (few.table("scaffold").of, few.table("scaffold").sampled) == (20, True)


@pytest.mark.slow
def test_a_sample_is_the_same_again(demo: Path) -> None:
    one, two = (package.stats(demo / "library", sample=60, workers=workers) for workers in (1, 2))
    assert one == two
    assert one.table("property").sampled


@pytest.mark.slow
def test_formats(halodb: Run, demo: Path, tmp_path: Path) -> None:
    asked = ("stats", demo / "library", "--where", WHERE, "--sample", 30, "-w", 1, "-q")
    done = halodb(*asked, "--csv", "-o", tmp_path / "s.parquet")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {"class", "k", "rule", "halogens", "scaffold", "property", "histogram"} == {row["table"] for row in rows}
    assert [tuple(row.values())[:4] for row in pq.read_table(tmp_path / "s.parquet").to_pylist()] == [
        (row["table"], row["item"], row["statistic"], pytest.approx(float(row["value"]))) for row in rows
    ]
    report = package.stats(demo / "library", where=WHERE, sample=30, workers=1)
    checked_output(tmp_path / "s.json", replace=False)(report)
    assert json.loads((tmp_path / "s.json").read_text()) == json.loads(report.model_dump_json())
    checked_output(tmp_path / "s.csv.gz", replace=False)(report)
    assert gzip.decompress((tmp_path / "s.csv.gz").read_bytes()).decode() == done.stdout
    with pytest.raises(OutputError):
        checked_output(tmp_path / "s.json", replace=False)


def test_wrong_ways(demo: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        package.stats(demo / "library", sample=0)
    with pytest.raises(QueryError):
        package.stats(demo / "library", where="nothing = 1")
    empty = package.stats(demo / "library", where="k = 7")
    assert (empty.products, empty.table("class").rows, empty.table("property").rows) == (0, (), ())
    with pytest.raises(UsageError, match="of molecules"):
        checked_output(tmp_path / "s.smi", replace=False)
