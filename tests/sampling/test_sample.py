"""Samples are the same for a seed, fair, and as different as they are said to be."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rdkit import Chem
from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator
from rdkit.Chem.Scaffolds.MurckoScaffold import MurckoScaffoldSmiles
from rdkit.DataStructs import BulkTanimotoSimilarity

import halodb as package
from halodb.errors import OutputError, QueryError, UsageError
from halodb.sampling.diverse import most_different, of_each_in_turn
from tests.conftest import Run
from tests.exporting.conftest import by_rdkit

pytestmark = pytest.mark.filterwarnings("ignore::halodb.errors.HalodbWarning")

WHERE = "class = 'lipid'"
MORGAN = GetMorganGenerator(radius=2, fpSize=1024)


def ids(library: Path, n: int, **options: object) -> list[str]:
    table = package.sample(library, n, **options).table  # type: ignore[arg-type]
    return list(map(str, table.column("id").to_pylist()))


def test_chance_is_the_same_for_a_seed(demo: Path) -> None:
    library = demo / "library"
    first = ids(library, 300)
    assert len(set(first)) == 300
    assert ids(library, 300, memory="320MiB") == first
    assert ids(library, 100) == first[:100]
    assert len({*first, *ids(library, 300, seed=1)}) > 590
    assert ids(library, 50, where=WHERE) == ids(library, 50, where=f"{WHERE} AND heavy_atoms(smiles) > 0")


def test_chance_is_fair(demo: Path) -> None:
    """Each class as often as it is in the library, within four standard errors."""
    with package.open(demo / "library") as library:
        shares = dict(
            library.sql("SELECT class, count(*) / sum(count(*)) OVER () FROM products GROUP BY class").fetchall()
        )
    drawn = Counter(package.sample(demo / "library", 4000, seed=7).table.column("class").to_pylist())
    for name, share in shares.items():
        assert abs(drawn[name] - 4000 * share) < 4 * (4000 * share * (1 - share)) ** 0.5


def test_equal_shares(demo: Path) -> None:
    """Of what there is less of than a share all is taken, and the others have more."""
    where = "class IN ('lipid', 'polyphenol') AND (class = 'polyphenol' OR (rule LIKE '%COCl' AND parent_row < 7))"
    with package.open(demo / "library") as library:
        few = library.sql(f"SELECT count(*) FROM products WHERE class = 'lipid' AND {where}").fetchall()[0][0]
    table = package.sample(demo / "library", 500, by="class", where=where).table
    assert 0 < few < 250
    assert Counter(table.column("class").to_pylist()) == {"lipid": few, "polyphenol": 500 - few}
    rules = package.sample(demo / "library", 190, by=["rule"]).table.column("rule").to_pylist()
    assert set(Counter(rules).values()) == {10}
    halogens = package.sample(demo / "library", 40, by="n_cl(smiles) > 0, k", columns="k, n_cl(smiles) > 0 AS cl").table
    assert set(Counter(map(str, halogens.to_pylist())).values()) == {10}


def test_maxmin_is_maxmin() -> None:
    """Against the definition, on fingerprints of chance."""
    dice = random.Random(3)
    bits = [bytes(dice.getrandbits(8) & dice.getrandbits(8) for _ in range(128)) for _ in range(80)]
    picked = most_different([None, *bits, None], 12)
    numbers = [int.from_bytes(each) for each in bits]

    def distance(one: int, other: int) -> float:
        return 1 - (numbers[one] & numbers[other]).bit_count() / (numbers[one] | numbers[other]).bit_count()

    chosen = [0]
    smallest = 1.0
    while len(chosen) < 12:
        away = {other: min(distance(other, one) for one in chosen) for other in range(80) if other not in chosen}
        place = [each - 1 for each in picked.places][len(chosen)]
        assert away[place] == pytest.approx(max(away.values()))
        smallest = min(smallest, away[place])
        chosen.append(place)
    assert picked.distance == pytest.approx(smallest)
    assert most_different([None], 3).places == []
    assert most_different([bits[0], None], 3).places == [0]


def nearest(smiles: list[str]) -> float:
    """The mean distance to the nearest other one."""
    prints = [MORGAN.GetFingerprint(Chem.MolFromSmiles(each)) for each in smiles]
    near = [max(BulkTanimotoSimilarity(each, prints[:n] + prints[n + 1 :])) for n, each in enumerate(prints)]
    return 1.0 - float(sum(near)) / len(near)


def test_diverse_is_more_different_than_chance_and_an_index_changes_nothing(
    phenol_library: Path, tmp_path: Path
) -> None:
    library = Path(shutil.copytree(phenol_library / "library", tmp_path / "library"))
    by_chance = list(map(str, package.sample(library, 60).table.column("smiles").to_pylist()))
    diverse = package.sample(library, 60, method="diverse", candidates=300, workers=1)
    smiles = list(map(str, diverse.table.column("smiles").to_pylist()))
    assert nearest(smiles) > nearest(by_chance)
    assert diverse.candidates == 300
    prints = [MORGAN.GetFingerprint(Chem.MolFromSmiles(each)) for each in smiles]
    closest = max(max(BulkTanimotoSimilarity(each, prints[:n])) for n, each in enumerate(prints) if n)
    assert diverse.distance == pytest.approx(1 - closest)
    package.index(library, jobs=["*OMe"], workers=2)  # the others are computed
    again = package.sample(library, 60, method="diverse", candidates=300, workers=2)
    assert again.table == diverse.table


def test_scaffolds_in_turn(demo: Path) -> None:
    sample = package.sample(
        demo / "library", 30, method="scaffolds", where="class = 'alkaloid'", candidates=200, workers=2
    )
    scaffolds = [MurckoScaffoldSmiles(str(each)) for each in sample.table.column("smiles").to_pylist()]  # type: ignore[no-untyped-call]
    found = len(set(scaffolds))
    assert len(set(scaffolds[:found])) == found
    assert of_each_in_turn([b"", b"", b"x", None], 9) == [0, 2, 1]


@pytest.mark.slow
def test_all_that_there_are(demo: Path, tmp_path: Path) -> None:
    heard: list[str] = []
    listener = package.Listener(message=heard.append)
    few = "class = 'lipid' AND parent_row = 3 AND k = 1"
    for method in ("random", "diverse", "scaffolds"):
        sample = package.sample(demo / "library", 100, method=method, where=few, workers=1, listener=listener)
        assert 1 < len(sample) < 100
        assert "and not 100" in heard[-1]
    assert len(package.sample(demo / "library", 5, method="diverse", where="k = 7", workers=1)) == 0


def test_wrong_ways(demo: Path, tmp_path: Path) -> None:
    library = demo / "library"
    for options in (
        {"method": "best"},
        {"method": "diverse", "by": "class"},
        {"candidates": 1},
        {"output": tmp_path / "a.x"},
    ):
        with pytest.raises(UsageError):
            package.sample(library, 5, **options)
    with pytest.raises(UsageError, match="held in memory"):
        package.sample(library, 10**9)
    with pytest.raises(QueryError):
        package.sample(library, 5, by="nothing")
    with pytest.raises(OutputError):
        package.sample(library, 5, output=tmp_path)


def test_the_command_line(halodb: Run, demo: Path, tmp_path: Path) -> None:
    library = demo / "library"
    told = json.loads(halodb("sample", library, "-n", 4, "--format", "json", "--columns", "id").stdout)
    assert [row["id"] for row in told] == ids(library, 4)
    assert halodb("sample", library, "--diverse", "--scaffolds").returncode == 2


def test_a_file_of_any_form(demo: Path, tmp_path: Path) -> None:
    library, names = demo / "library", ids(demo / "library", 4)
    for ending in ("sdf", "smi", "parquet"):
        package.sample(library, 4, output=tmp_path / f"few.{ending}", workers=1)
    assert [name for name, _ in by_rdkit(tmp_path / "few.sdf")] == names
    assert [name for name, _ in by_rdkit(tmp_path / "few.smi")] == names
    assert pq.read_table(tmp_path / "few.parquet").column("id").to_pylist() == names
