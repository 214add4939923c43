"""A pass brings halogen analogues together where they lie apart; nothing of the result tells in which order it read."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rdkit

import halodb
from halodb.chemistry import Enumerator
from halodb.engine import connect
from halodb.inputs import open_input
from halodb.inputs.analogues import AS_GIVEN, BY_PATTERN, order_of
from halodb.jobs import Job
from halodb.memory import MemoryMeter
from halodb.rules import HALOGENATION, read_rules
from halodb.transformation import Limits, PassReport, Progress, run_pass
from halodb.units import JobReceipt, Receipt, load_made, load_receipts, write_receipt
from halodb.workers.governor import size_pool
from halodb.workers.listener import Listener
from tests.conftest import make_input, rows_of
from tests.transformation.test_workers import hanging_parent

OME, NH2 = "FG_PHENOL_OH__OH__TO__OMe", "FG_PHENOL_OH__OH__TO__NH2"
GIB = 1024**3
HALOGENS = ("F", "Cl", "Br", "I")


def analogues(count: int = 500) -> list[str | None]:
    """Four analogues of each of many phenols, side by side, and bad rows."""
    phenols = [f"{{}}{'C' * (number % 50)}c1ccc(O)c({'C' * (number // 50)}O)c1" for number in range(count)]
    rows: list[str | None] = [phenol.format(halogen) for phenol in phenols for halogen in HALOGENS]
    rows[30], rows[31], rows[32] = "C1CC", None, rows[33]
    return rows


def shuffled(rows: list[str | None]) -> list[str | None]:
    return random.Random(7).sample(rows, len(rows))


def expected(parents: list[str | None], rule: str) -> list[tuple[object, ...]]:
    """The result of a job, each parent enumerated as if it were alone."""
    chosen = read_rules().rule(rule)
    labels = ("polyphenol", 1, chosen.name, chosen.family, chosen.label)
    enumerator = Enumerator([chosen], remembered_bytes=0)
    made: dict[str, list[tuple[int, int]]] = {}
    for row, smiles in enumerate(parents):
        for _, site, product in enumerator.enumerate(smiles).products:
            made.setdefault(product, []).append((row, site))
    return sorted(((smiles, *min(origins), len(origins), *labels) for smiles, origins in made.items()), key=repr)


def receipts(library: Path) -> list[Receipt]:
    return list(load_receipts(library / "passes" / "polyphenol-1X" / "receipts"))


def run(jobs: list[Job], library: Path, stride: int = 1) -> PassReport:
    with MemoryMeter() as meter:
        return run_pass(jobs, library, budget=size_pool(meter, 1, GIB), stride=stride)


def test_shuffled_analogues_are_brought_together_and_the_result_is_the_same(tmp_path: Path) -> None:
    parents, library = shuffled(analogues()), tmp_path / "library"
    halodb.transform(make_input(tmp_path, parents), library, rules=[OME], workers=2)
    assert {(made.order, made.in_row_order, made.version) for made in receipts(library)} == {(BY_PATTERN, False, 2)}
    assert not (library / "passes" / "polyphenol-1X" / "working").exists()
    halodb.dedup(library)
    assert rows_of(library) == {f"polyphenol-1X_{OME}": expected(parents, OME)}
    with halodb.open(library) as opened:
        rejects = opened.sql("SELECT parent_row, parent_smiles FROM rejects ORDER BY ALL").fetchall()
    assert rejects == sorted((parents.index(bad), bad) for bad in ("C1CC", None))


@pytest.mark.parametrize(
    "parents", [analogues(), analogues(3000)[3::4], shuffled(analogues(50))], ids=["near", "none", "few"]
)
def test_rows_are_taken_as_they_come_where_nothing_is_to_gain(tmp_path: Path, parents: list[str | None]) -> None:
    """Analogues are side by side; there are none; or there are so few rows that all are remembered."""
    source = open_input(make_input(tmp_path, parents))
    with connect(tmp_path, GIB) as connection:
        assert order_of(connection, source) == AS_GIVEN
        assert order_of(connection, source, stride=7) == AS_GIVEN


@pytest.mark.slow
def test_a_stopped_pass_goes_on_with_the_copy_that_it_sorted(tmp_path: Path) -> None:
    parents, library = shuffled(analogues(2000)), tmp_path / "library"
    source = make_input(tmp_path, parents)

    def stop(progress: Progress) -> None:
        if progress.units == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        halodb.transform(source, library, rules=[OME], workers=1, listener=Listener(progress=stop))
    (copy,) = library.glob("passes/polyphenol-1X/working/*.parquet")
    kept = copy.stat().st_ino
    seen: set[int] = set()

    def look(_: object) -> None:
        seen.update(path.stat().st_ino for path in [copy] if path.exists())

    report = halodb.transform(source, library, rules=[OME], workers=1, listener=Listener(progress=look))
    assert 0 < report.parents < len(parents)
    assert seen == {kept}
    halodb.dedup(library)
    assert rows_of(library) == {f"polyphenol-1X_{OME}": expected(parents, OME)}


@pytest.mark.slow
def test_a_job_goes_on_in_the_order_it_was_begun_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older halodb took the rows as they came, and its receipts say nothing of it; a new job goes its own way."""
    parents, library = shuffled(analogues(1500)), tmp_path / "library"
    source = make_input(tmp_path, parents)
    with monkeypatch.context() as older:
        older.setattr("halodb.inputs.analogues._WORTH_IT", 2)
        halodb.transform(source, library, rules=[OME], workers=1)
    first, *others = sorted(library.glob("passes/polyphenol-1X/receipts/*.json"))
    told = json.loads(first.read_bytes())
    first.write_text(json.dumps({key: told[key] for key in told.keys() - {"order", "in_row_order"}}), encoding="utf-8")
    for other in others:
        other.unlink()
    report = halodb.transform(source, library, rules=[OME, NH2], workers=2)
    assert report.parents == 2 * len(parents) - (told["stop"] - told["start"])
    orders = {job.job.partition("_")[2]: made.order for made in receipts(library) for job in made.jobs}
    assert orders == {OME: AS_GIVEN, NH2: BY_PATTERN}
    halodb.dedup(library)
    assert rows_of(library) == {f"polyphenol-1X_{rule}": expected(parents, rule) for rule in (OME, NH2)}


def test_units_of_two_orders_are_never_counted_together(tmp_path: Path) -> None:
    """The same places are other rows: what was left behind by a pass in another order does not count."""
    made = JobReceipt(job="job", fingerprint="f", matched=0, sites=0, products=0, rejects={}, shards=())
    for start, order in [(0, AS_GIVEN), (10, BY_PATTERN), (20, AS_GIVEN)]:
        receipt = Receipt(start=start, stop=start + 10, order=order, parents=10, seconds=0, worker=1, jobs=(made,))
        write_receipt(tmp_path, receipt)
    assert [receipt.start for receipt, _ in load_made(tmp_path, {"f": tmp_path})] == [0, 20]


@pytest.mark.slow
def test_of_a_sample_the_same_rows_are_parents(tmp_path: Path) -> None:
    """And `halogenate`'s rows, which name their rule, are brought together like all others."""
    parents = shuffled(analogues(1500))
    source = open_input(make_input(tmp_path, parents))
    rules = read_rules(shipped=HALOGENATION).in_scope("polyphenol")
    job = Job(name="polyphenol-2X", directory=tmp_path / "polyphenol-2X", input=source, rules=rules, pooled=True)
    report = run([job], tmp_path, stride=2)
    assert {made.order for made in receipts(tmp_path)} == {BY_PATTERN}
    assert report.parents == len(parents[::2])
    enumerator = Enumerator(rules, remembered_bytes=0)
    shards = [pq.read_table(shard).to_pylist() for shard in job.shards.glob("*.[0-9].parquet")]
    found = sorted((row["parent_row"], row["rule"], row["site"], row["smiles"]) for rows in shards for row in rows)
    assert found == sorted(
        (row, *product) for row in range(0, len(parents), 2) for product in enumerator.enumerate(parents[row]).products
    )


def test_text_that_is_not_utf_8_is_a_reject_in_any_order(tmp_path: Path) -> None:
    parents = [(one or "").encode() for one in shuffled(analogues())]
    parents[7] = b"C\xe9"
    offsets = pa.array([0, *itertools.accumulate(map(len, parents))], pa.int32()).buffers()[1]
    column = pa.Array.from_buffers(pa.string(), len(parents), [None, offsets, pa.py_buffer(b"".join(parents))])
    source = tmp_path / "polyphenol-1X" / "products.parquet"
    source.parent.mkdir()
    pq.write_table(pa.table({"smiles": column}), source)
    halodb.transform(source, tmp_path / "library", rules=[OME], workers=1)
    assert {made.order for made in receipts(tmp_path / "library")} == {AS_GIVEN}
    halodb.dedup(tmp_path / "library")
    with halodb.open(tmp_path / "library") as opened:
        assert (7, r"C\xe9") in opened.sql("SELECT parent_row, parent_smiles FROM rejects").fetchall()


@pytest.mark.skipif(rdkit.__version__ < "2026", reason="an older RDKit refuses this parent at once")
def test_a_parent_that_hangs_is_told_by_its_row(tmp_path: Path) -> None:
    parents = shuffled([*analogues(), hanging_parent()])
    source = make_input(tmp_path, parents)
    (job,) = halodb.transform(
        source, tmp_path / "library", rules=[OME], workers=2, limits=Limits(parent_seconds=1)
    ).jobs
    assert job.counts.rejects["worker stopped on this parent"] == 1
    assert {made.order for made in receipts(tmp_path / "library")} == {BY_PATTERN}
    halodb.dedup(tmp_path / "library")
    with halodb.open(tmp_path / "library") as opened:
        rows = opened.sql("SELECT parent_row FROM rejects WHERE reason LIKE 'worker%'").fetchall()
    assert rows == [(parents.index(hanging_parent()),)]
