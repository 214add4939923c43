"""The 25 questions of docs/questions.md, of millions of products: cold and warm, with an index and without.

The library has all jobs of the shipped rules, made of the shared natural products, or of the shipped ones. Each
question is asked in a process of its own: cold is from `halodb.open` to the last row, with the library's files dropped
from the page cache where the system does that; warm is the same question again in the opened library.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import halodb
from benchmarks.data import natural_products
from benchmarks.measure import Watched, watch
from benchmarks.result import Result, begin, series

_PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
_AGAIN_A_PARENT = 10
"""Natural products for each parent of a class that is halogenated once more."""

INDEX, PLAIN = "index", "no index"
COLD, WARM = "cold", "warm"


def questions() -> list[tuple[str, str]]:
    """Titles and SQL.

    >>> len(questions())
    25
    """
    found = re.findall(r"\n\n([^\n]+)(?:\n[^\n]+)*\n\n```sql\n([^\n]*);\n```", _PAGE.read_text(encoding="utf-8"))
    return [(title.partition("? ")[0].rstrip("?.") + "?", sql) for title, sql in found]


def run(parents: int, limit: float, memory: str, directory: Path | None, note: str) -> Result:
    """Measure.

    Args:
        parents: natural products of the library; each leads to about 90 products.
        limit: seconds after which a question is stopped; then only that it takes longer is told.
        memory: budget.
        directory: where the library is made, or goes on; a temporary one by default.
        note: for the result.

    Raises:
        RuntimeError: a question has other answers with an index than without.
    """
    result = begin("questions", 1, note)
    with tempfile.TemporaryDirectory() as name:
        library = _library(directory or Path(name), parents)
        asked = {PLAIN: _ask_all(result, library, PLAIN, limit, memory)}
        _index(result, library)
        asked[INDEX] = _ask_all(result, library, INDEX, limit, memory)
        _compare(result, asked)
    return result


def _library(directory: Path, parents: int) -> Path:
    source = directory / "parents.smi"
    directory.mkdir(parents=True, exist_ok=True)
    if not source.exists():  # else it goes on with what is there
        source.write_text("\n".join(natural_products(parents)) + "\n", encoding="utf-8")
    halodb.halogenate(source, directory / "inputs", sample_2x=parents // _AGAIN_A_PARENT)
    halodb.run(directory / "library", directory / "inputs")
    return directory / "library"


def _index(result: Result, library: Path) -> None:
    report = halodb.index(library)
    products = halodb.open(library).rows
    made = series("halodb index", f"{products:,} products", "s of CPU", [report.worker_seconds], size=products)
    made.numbers["peak_memory_bytes"] = report.peak_memory
    result.series.append(made)


def _ask_all(result: Result, library: Path, way: str, limit: float, memory: str) -> list[Watched]:
    return [_ask(result, library, number, title, way, limit, memory) for number, (title, _) in enumerate(questions())]


def _ask(result: Result, library: Path, number: int, title: str, way: str, limit: float, memory: str) -> Watched:
    options = ["--index" if way == INDEX else "--no-index", "--limit", str(limit), "--memory", memory]
    seen = watch("benchmarks.questions_asked", [str(library), str(number), *options], library / "none")
    for when in (COLD, WARM):
        if (seconds := seen.told.get(when)) is not None:
            made = series(f"{way}, {when}", f"{number + 1}. {title}", "s", [seconds], peak_memory_bytes=seen.memory)
            made.numbers |= {"rows": seen.told["rows"], "stopped": seen.told["stopped"]}
            result.series.append(made)
    print(f"{number + 1:2}. {title} {way}: {seen.told}, {seen.memory / 1e6:,.0f} MB", flush=True)
    return seen


def _compare(result: Result, asked: dict[str, list[Watched]]) -> None:
    same = 0
    for (title, _), plain, indexed in zip(questions(), asked[PLAIN], asked[INDEX], strict=True):
        if plain.told["stopped"] or indexed.told["stopped"]:
            continue
        if plain.told["answer"] != indexed.told["answer"]:
            raise RuntimeError(f"{title} has other answers with an index: {plain.told} and {indexed.told}")
        same += 1
    result.headline["questions answered in both ways, with the same rows"] = same
    for way, seen in asked.items():
        result.headline[f"{way}: questions stopped"] = sum(each.told["stopped"] for each in seen)
        result.headline[f"{way}: seconds of all, cold"] = sum(each.told[COLD] for each in seen)
    result.headline["peak memory, MB"] = max(each.memory for seen in asked.values() for each in seen) / 1e6
