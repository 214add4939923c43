"""The rehearsal: the job that the older program could not end, at its full size, driven as a user drives halodb.

The input stands for her `polyphenol-2X` of 13,790,820 rows: natural polyphenols, halogenated twice at as many sites as
by her rules (`rehearsal_halogenation.yaml`). The job is `polyphenol-2X_FG_PHENOL_OH__OH__TO__OMe`. Each stage is a
command in a process of its own, watched from outside (`rehearsal_watch`). A stage that is done leaves its record in
`record.json`; started again, the rehearsal goes on.

A second library is made of the same input while it is disturbed: kill -9 of a worker and of the main process in
transform, of the main process in dedup (which has no workers). Its result must be that of the first, by checksum and by
bytes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.rehearsal_input import CLASS, RULES, cut, parents_wanted, write_parents
from benchmarks.rehearsal_watch import Sample, Watcher, kill_main, kill_worker, samples
from benchmarks.result import Result, Series, begin, series
from halodb.files import format_bytes, free_bytes, write_whole
from halodb.inputs import open_input
from halodb.jobs import Manifest, read_manifest
from halodb.memory import parse_budget, total_memory

HER_ROWS = 13_790_820
RULE = "FG_PHENOL_OH__OH__TO__OMe"
PHENOL_RULES = (RULE, *(f"FG_PHENOL_OH__OH__TO__{to}" for to in ("NH2", "CH2CH2NH2", "CH2CH2COOH")))
INPUT = f"{CLASS}-2X"
JOB = f"{INPUT}_{RULE}"

CHEMISTRY = {
    "substructure": "SELECT count(*) FROM products WHERE substructure(smiles, 'O=c1ccc2ccccc2o1')",
    "drug-like": "SELECT count(*) FROM products WHERE mol_weight(smiles) < 500 AND logp(smiles) < 5",
}
"""Asked where there is an index."""

_BYTES_A_ROW = 120
"""Disk that a row may need at the most, for each library: 5 products in shards, spill and result."""
_POINTS = 300
_MOST_TRIES = 3

QUERIES = {
    "count": "SELECT count(*) FROM products",
    "by rule": "SELECT rule, k, count(*) AS products, sum(sources) AS sources FROM products GROUP BY ALL",
    "most sources": "SELECT smiles, sources FROM products ORDER BY sources DESC, smiles LIMIT 10",
    "by length": "SELECT length(smiles) // 10 * 10 AS letters, count(*) AS n FROM products GROUP BY ALL ORDER BY ALL",
    "most products": "SELECT parent_smiles, count(*) AS n FROM derivations GROUP BY ALL ORDER BY n DESC, 1 LIMIT 10",
}


def run(
    rows: int, workers: int, memory: str, directory: Path, *, disturbed: bool, indexed: bool, all_rules: bool, note: str
) -> Result:
    """Rehearse, or go on with it.

    Args:
        rows: of the input.
        workers: processes of halogenate and transform.
        memory: budget of each command.
        directory: working directory; what is done there is not done again.
        indexed: also write an index, and ask a question of chemistry.
        disturbed: make the result a second time, killed on the way, and compare.
        all_rules: all four phenol rules, not the one job alone.
        note: for the result.

    Raises:
        RuntimeError: the disk is too small, or the disturbed result is another one.
        FailedError: a command failed.
    """
    result = begin(_name(rows, all_rules), 1, note)
    rules = PHENOL_RULES if all_rules else (RULE,)
    rehearsal = _Rehearsal(rows, workers, memory, directory, rules)
    rehearsal.check_disk(2 if disturbed else 1)
    rehearsal.all_stages(disturbed, indexed)
    return rehearsal.tell(result)


def _name(rows: int, all_rules: bool) -> str:
    """Of the result: other sizes do not replace the full one."""
    return "rehearsal" + (f"-{rows}" if rows != HER_ROWS else "") + ("-four-rules" if all_rules else "")


class _Rehearsal:
    def __init__(self, rows: int, workers: int, memory: str, directory: Path, rules: Sequence[str]) -> None:
        self._rows, self._rules, self._directory = rows, rules, directory
        directory.mkdir(parents=True, exist_ok=True)
        self._watcher = Watcher(directory)
        self._record_file = directory / "record.json"
        self._asked = {"rows": rows, "workers": workers, "memory": memory, "rules": list(rules)}
        self._record: dict[str, Any] = {"asked": self._asked}
        if self._record_file.exists():
            self._record = json.loads(self._record_file.read_text())
            if self._record["asked"] != self._asked:
                raise RuntimeError(f"{directory} holds a rehearsal of {self._record['asked']}: give another directory")
        self._memory = parse_budget(memory)
        self._budget = ["-w", str(workers), "--memory", memory]
        self._with_memory = ["--memory", memory]
        self._chosen = [option for rule in rules for option in ("--rule", rule)]
        self._input = directory / "input" / INPUT

    def check_disk(self, libraries: int) -> None:
        needed = self._rows * _BYTES_A_ROW * (libraries + 1) * len(self._rules)
        free = free_bytes(self._directory)
        print(
            f"{self._rows:,} rows: up to {format_bytes(needed)} of disk needed, {format_bytes(free)} free", flush=True
        )
        if needed > free and "transform" not in self._record:
            raise RuntimeError("the disk is too small for it; give another --directory, or fewer --rows")

    def all_stages(self, disturbed: bool, indexed: bool) -> None:
        """Do the stages that have no record yet."""
        directory, library = self._directory, self._directory / "library"
        self._stage("input", self._make_input)
        self._halogenate()
        self._stage("cut", self._cut)
        unmade = directory / "unmade"  # so that a plan can be made again when the library is there
        self._command("plan", unmade, ["plan", unmade, "-i", self._input.parent, *self._jobs, *self._budget, "--json"])
        self._command("transform", library, ["transform", self._input, "-l", library, *self._chosen, *self._budget])
        self._command("dedup", library, ["dedup", "-l", library, *self._with_memory])
        self._command("verify", library, ["verify", library, *self._budget])
        self._command("across jobs", library, ["dedup", "-l", library, "--across-jobs", *self._with_memory])
        self._command("status", library, ["status", library, "--json"])
        self._command("open", library, ["sql", "-l", library, "SELECT 1"])
        for name, query in QUERIES.items():
            self._command(f"query: {name}", library, ["sql", "-l", library, query])
        if indexed:
            self._command("index", library, ["index", library, *self._budget])
            for name, query in CHEMISTRY.items():
                self._command(f"query: {name}", library, ["sql", "-l", library, query])
        if disturbed:
            self._disturbed(directory / "disturbed")

    @property
    def _jobs(self) -> list[str]:
        return [option for rule in self._rules for option in ("--jobs", f"{INPUT}_{rule}")]

    def _halogenate_arguments(self, parents: Path, output: str) -> list[object]:
        return ["halogenate", parents, "-o", self._directory / output, "--rules", RULES, *self._budget]

    def _stage(self, name: str, do: Callable[[], dict[str, Any]]) -> None:
        if name in self._record:
            return
        print(f"{name} ...", flush=True)
        self._record[name] = do()
        self._save()
        told = {key: value for key, value in self._record[name].items() if key != "output"}
        print(f"{name}: {told}", flush=True)

    def _save(self) -> None:
        write_whole(self._record_file, json.dumps(self._record, indent=1).encode())

    def _command(self, name: str, place: Path, arguments: Sequence[object]) -> None:
        self._stage(name, lambda: asdict(self._watcher.run(name, place, arguments)))

    def _make_input(self) -> dict[str, Any]:
        """Learn how many rows a parent gives from a few, and write as many parents as are needed."""
        few, tried = self._directory / "few.csv", max(20, min(400, self._rows // 2000))
        tried = write_parents(few, tried)
        self._watcher.run("few", self._directory / "few", self._halogenate_arguments(few, "few"))
        made = open_input(self._directory / "few" / INPUT).rows
        shutil.rmtree(self._directory / "few")
        parents = write_parents(self._directory / "parents.csv", parents_wanted(self._rows, tried, made))
        return {"parents": parents, "rows_a_parent": made / tried}

    def _halogenate(self) -> None:
        """Halogenate the parents; where they give too few rows, more of them, as far as there are any."""
        inputs, parents = self._directory / "inputs", self._directory / "parents.csv"
        for _ in range(_MOST_TRIES):
            self._command("halogenate", inputs, self._halogenate_arguments(parents, "inputs"))
            if "cut" in self._record:
                return
            made, had = open_input(inputs / INPUT).rows, self._record["input"]["parents"]
            if made >= self._rows:
                return
            there = write_parents(parents, parents_wanted(self._rows, had, made))
            if there <= had:
                return
            print(f"{had:,} parents gave {made:,} rows: {there:,} are taken", flush=True)
            del self._record["halogenate"]
            self._record["input"]["parents"] = there
            self._save()
            self._watcher.forget("halogenate")
            shutil.rmtree(inputs)

    def _cut(self) -> dict[str, Any]:
        source = open_input(self._directory / "inputs" / INPUT)
        cut(source, self._rows, self._input / "products.parquet")
        made = open_input(self._input)
        return {"made": source.rows, "rows": made.rows, "bytes": self._size(made.path), "attested": made.canonical_by}

    def _disturbed(self, library: Path) -> None:
        """The same job again, killed on the way."""
        products = self._record["transform"]["products"]
        seconds = self._record["dedup"]["seconds"]
        arguments = ["transform", self._input, "-l", library, *self._chosen, *self._budget]
        self._stage(
            "transform, disturbed",
            lambda: asdict(self._watcher.run("transform, disturbed", library, arguments, _InTransform(products))),
        )
        again = ["dedup", "-l", library, *self._with_memory]
        self._stage(
            "dedup, disturbed",
            lambda: asdict(self._watcher.run("dedup, disturbed", library, again, _InDedup(seconds))),
        )
        self._stage("compared", lambda: self._compare(library))

    def _compare(self, library: Path) -> dict[str, Any]:
        for rule in self._rules:
            calm, other = self._manifest(self._directory / "library", rule), self._manifest(library, rule)
            if (calm.checksum, calm.files[0].digest) != (other.checksum, other.files[0].digest):
                raise RuntimeError(f"{rule}: the disturbed result is another one: {other.checksum}, {calm.checksum}")
        return {"same": True, "checksum": calm.checksum}

    @staticmethod
    def _manifest(library: Path, rule: str) -> Manifest:
        manifest = read_manifest(library / f"{INPUT}_{rule}")
        if manifest is None or not manifest.checksum:
            raise RuntimeError(f"{library} has no result of {rule}")
        return manifest

    @staticmethod
    def _size(path: Path) -> int:
        return path.stat().st_size

    def tell(self, result: Result) -> Result:
        """What is kept."""
        short = self._rows - self._record["cut"]["rows"]
        if short:
            told = f"{short:,} rows fewer than asked for: there are no more natural products with a phenol"
            result.note = "; ".join(filter(None, [result.note, told]))
        record, on = self._record, f"{self._record['cut']['rows']:,} rows"
        for name, told in record.items():
            if "cpu_seconds" in told:
                numbers = {key: value for key, value in told.items() if key not in {"seconds", "output"}}
                made = series(name, on, "s", [max(told["seconds"], 0.01)], size=record["cut"]["rows"], **numbers)
                result.series.append(made)
        result.series.extend(self._traces(on))
        manifests = [self._manifest(self._directory / "library", rule) for rule in self._rules]
        products = sum(manifest.counts.products for manifest in manifests)
        plan = json.loads(record["plan"]["output"])
        transform, dedup = record["transform"], record["dedup"]
        peak = max(told["peak_memory"] for told in record.values() if "cpu_seconds" in told)
        cores = os.cpu_count() or 1
        result.headline = {
            "rows": record["cut"]["rows"],
            "products": products,
            "unique products": sum(manifest.counts.unique for manifest in manifests),
            "products per second, transform": products / transform["seconds"],
            "peak memory / budget": peak / self._memory,
            "peak memory / RAM": peak / total_memory(),
            "peak disk, bytes": max(transform["peak_disk"], dedup["peak_disk"]),
            "result, bytes": sum(manifest.files[0].bytes for manifest in manifests),
            "planned products / products": plan["products"] / products,
            "planned time / time": plan["seconds"] / (transform["seconds"] + dedup["seconds"]),
            "planned disk / peak disk": plan["disk_needed"] / max(transform["peak_disk"], dedup["peak_disk"]),
            "seconds of transform and dedup": transform["seconds"] + dedup["seconds"],
            "the same on 16 cores, seconds, computed: all spread evenly": (
                (transform["cpu_seconds"] + dedup["cpu_seconds"]) / 16
            ),
            "the same on 16 cores, seconds, computed: dedup no faster than here": (
                transform["cpu_seconds"] / 16 + dedup["seconds"]
            ),
            "budget, bytes": self._memory,
            "cores": cores,
        }
        if "compared" in record:
            result.headline["disturbed result is the same"] = float(record["compared"]["same"])
        return result

    def _traces(self, on: str) -> list[Series]:
        """Memory, products and disk over the time of the stages that are drawn, each thinned to 300 points."""
        wanted: dict[str, Callable[[Sample], int]] = {
            "memory": lambda sample: sample.memory,
            "products": lambda sample: sample.products,
            "shards": lambda sample: sample.shards,
            "spill": lambda sample: sample.spill,
            "results": lambda sample: sample.results,
        }
        found = []
        for stage in ("halogenate", "transform", "dedup", "verify"):
            points = [sample for sample in samples(self._watcher.trace) if sample.stage == stage]
            step = max(1, -(-len(points) // _POINTS))
            for name, value in wanted.items():
                groups = [points[start : start + step] for start in range(0, len(points), step)]
                trace = [(group[0].seconds, float(max(map(value, group)))) for group in groups]
                one = series(f"{stage}: {name}", on, "trace", [max(held for _, held in trace)])
                one.trace = trace
                found.append(one)
        return found


class _InTransform:
    """Kills a worker at three tenths of the products, and the main process at six."""

    def __init__(self, products: int) -> None:
        self._left = [(0.3 * products, kill_worker), (0.6 * products, kill_main)]

    def __call__(self, sample: Sample, process: subprocess.Popen[str]) -> bool:
        if not self._left or sample.products < self._left[0][0] or process.poll() is not None:
            return False
        if self._left[0][1](process):
            self._left.pop(0)
            return True
        return False


class _InDedup:
    """Kills the main process once, when half of the time has gone by that the undisturbed one took."""

    def __init__(self, seconds: float) -> None:
        self._at: float | None = seconds / 2

    def __call__(self, sample: Sample, process: subprocess.Popen[str]) -> bool:
        if self._at is None or sample.seconds < self._at or process.poll() is not None:
            return False
        self._at = None
        return kill_main(process)
