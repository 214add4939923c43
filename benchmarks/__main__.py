"""`python -m benchmarks NAME`: runs one benchmark, or all, prints a table and writes `results/NAME.json`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from benchmarks.result import Result

# The modules of a benchmark are imported by its command: a spawned worker imports this file again.

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Benchmarks of halodb.")

HERE = Path(__file__).parent
Rounds = Annotated[int, typer.Option(min=1, help="Runs behind each median.")]
Full = Annotated[bool, typer.Option("--full", help="Add the large sizes.")]
Note = Annotated[str, typer.Option(help="A word for the reader of the result.")]
Results = Annotated[Path, typer.Option(help="Directory of the results.")]
Sizes = Annotated[list[int] | None, typer.Option(help="A size; may be given again.")]


@app.command()
def enumeration(
    parents: int = 800,
    rows: int = 250,
    order_rows: int = 60_000,
    rounds: Rounds = 5,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Products a second of halodb, plain RDKit, public peers, and MolToSmiles alone; and of passes in any order."""
    from benchmarks.enumeration import run

    _finish(run(parents, rows, order_rows, rounds, note), results)


@app.command()
def dedup(
    rows: Sizes = None,
    parents: int = 300,
    largest_for_slow: Annotated[int, typer.Option(help="Rows above which SQLite is left out.")] = 5_000_000,
    rounds: Rounds = 5,
    memory: str = "1GB",
    full: Full = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Time, memory and disk of the dedup of a job, and of DuckDB, SQLite, Polars and sort in its place."""
    from benchmarks.dedup import run

    sizes = rows or [1_000_000, 5_000_000] + [20_000_000, 100_000_000] * full
    _finish(run(sizes, parents, largest_for_slow, rounds, memory, note), results)


@app.command()
def across_jobs(
    products: Sizes = None,
    largest_for_peers: Annotated[int, typer.Option(help="Products above which halodb alone takes part.")] = 20_000_000,
    rounds: Rounds = 5,
    memory: str = "1GB",
    full: Full = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Time, memory and disk of the dedup of a whole library, and of DuckDB and Polars in its place."""
    from benchmarks.across_jobs import run

    sizes = products or [3_000_000] + [20_000_000, 100_000_000] * full
    _finish(run(sizes, largest_for_peers, rounds, memory, note), results)


@app.command()
def opening(jobs: Sizes = None, rounds: Rounds = 5, note: Note = "", results: Results = HERE / "results") -> None:
    """Seconds from a question to its answer, by the jobs of the library."""
    from benchmarks.opening import run

    _finish(run(jobs or [118, 1000], rounds, note), results)


@app.command()
def query(
    products: Sizes = None,
    largest_for_slow: Annotated[int, typer.Option(help="Products above which only the index takes part.")] = 1_000_000,
    rounds: Rounds = 5,
    full: Full = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """CPU time of questions of chemistry with an index, without, and of SubstructLibrary and FPSim2."""
    from benchmarks.query import run

    _finish(run(products or [100_000] + [1_000_000, 10_000_000] * full, largest_for_slow, rounds, note), results)


@app.command()
def questions(
    parents: int = 32_000,
    limit: Annotated[float, typer.Option(help="Seconds after which a question is stopped.")] = 60,
    memory: str = "4GB",
    directory: Annotated[Path | None, typer.Option(help="Where the library is made, or goes on.")] = None,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """The 25 questions of docs/questions.md of 3 million products, cold and warm, with an index and without."""
    from benchmarks.questions import run

    _finish(run(parents, limit, memory, directory, note), results)


@app.command()
def export(
    products: Sizes = None,
    conformers: int | None = None,
    parents: int | None = None,
    indexed: Annotated[bool, typer.Option(help="Sample once more with an index.")] = False,
    memory: str = "1GB",
    full: Full = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """CPU time and memory of exports and samples: SMILES, conformers, diverse products against some drawn by chance."""
    from benchmarks.export import run

    sizes = products or [100_000, 1_000_000]
    conformers = conformers or (10_000 if full else 500)
    _finish(run(sizes, conformers, parents or (60_000 if full else 1_000), indexed, memory, note), results)


@app.command()
def memory(
    products: Sizes = None,
    rounds: Rounds = 1,
    workers: int = 16,
    full: Full = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Peak memory of the process tree against products made."""
    from benchmarks.memory import run

    _finish(run(products or [100_000, 1_000_000] + [10_000_000] * full, rounds, workers, note), results)


@app.command()
def scaling(
    workers: Sizes = None,
    parents: int | None = None,
    rows: int | None = None,
    growth: Sizes = None,
    rounds: Rounds = 5,
    full: Full = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Rate and idle share against workers; cost of a row against the rows of the input."""
    from benchmarks.scaling import run

    sizes = growth or [10_000, 100_000, 1_000_000] + [10_000_000] * full
    rows = rows or (20_000 if full else 5_000)
    parents = parents or rows // 14
    _finish(run(workers or [1, 2, 4, 16], parents, rows, sizes, rounds, note), results)


@app.command()
def profile(
    parents: int = 1500,
    rows: int = 20_000,
    sampled_rows: int = 10_000,
    rounds: Rounds = 5,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Share of a pass that goes to RDKit, our Python, writing, and dedup."""
    from benchmarks.profile import run

    _finish(run(parents, rows, sampled_rows, rounds, note), results)


@app.command()
def rehearsal(
    rows: int | None = None,
    workers: int = 16,
    memory: str = "50%",
    directory: Path = HERE.parent / "build" / "rehearsal",
    disturbed: Annotated[bool, typer.Option(help="Make the result again, killed on the way, and compare.")] = True,
    index: Annotated[bool, typer.Option("--index", help="Also write an index: 0.1 ms of a core a product.")] = False,
    all_rules: Annotated[bool, typer.Option("--all-rules", help="All four phenol rules, not one job alone.")] = False,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """The job that the older program could not end, at its full size or with fewer --rows; goes on where it stopped."""
    from benchmarks.plots_rehearsal import draw_rehearsal
    from benchmarks.rehearsal import HER_ROWS, run
    from benchmarks.rehearsal_told import show

    rows = rows or HER_ROWS
    made = run(
        rows,
        workers,
        memory,
        directory / f"{rows}{'-four-rules' * all_rules}",
        disturbed=disturbed,
        indexed=index,
        all_rules=all_rules,
        note=note,
    )
    _finish(made, results)
    show(made)
    try:
        print(f"wrote {draw_rehearsal(results, made.benchmark).name}")
    except ImportError as error:
        print(f"no plot drawn: {error}; plots want the extra `bench`", file=sys.stderr)


@app.command()
def her_rules(
    parents: Annotated[int, typer.Option(help="Natural products whose fluorine products are compared.")] = 300,
    counted: Annotated[int, typer.Option(help="Natural products of which products a parent are counted.")] = 3000,
    before: Annotated[Path | None, typer.Option(help="An earlier rule file, to count with it too.")] = None,
    drawing: Annotated[Path | None, typer.Option(help="Draw ten glycosides with the mask to this SVG.")] = None,
    results: Results = HERE / "results",
) -> None:
    """Products of the older program's rules, by plain RDKit, against those of the shipped ones, class by class."""
    from benchmarks.her_rules import run

    Console().print_json(data=run(parents, counted, before, results, drawing))


@app.command()
def cluster(
    workers: Annotated[list[int] | None, typer.Option(help="Worker processes; may be given again.")] = None,
    parents: int = 150,
    rows: int = 60_000,
    rounds: Rounds = 3,
    note: Note = "",
    results: Results = HERE / "results",
) -> None:
    """Dask on this machine against the local pool, and a simulation of 16 to 4,096 cores."""
    from benchmarks.cluster import run

    _finish(run(workers or [1, 2, 4], parents, rows, rounds, note), results)


@app.command()
def plots(results: Results = HERE / "results") -> None:
    """Draw the page of all results that are there."""
    from benchmarks.plots import draw, draw_face
    from benchmarks.plots_rehearsal import draw_rehearsal

    try:
        print(f"wrote {draw(results).name} and {draw_face(results).name}")
        if (results / "rehearsal.json").exists():
            print(f"wrote {draw_rehearsal(results).name}")
    except (ImportError, FileNotFoundError) as error:
        print(f"no page drawn: {error}; plots want results and the extra `bench`", file=sys.stderr)
        raise typer.Exit(1) from error


@app.command(name="all")
def run_all(full: Full = False, note: Note = "", results: Results = HERE / "results") -> None:
    """Run all benchmarks, each in a process of its own, and draw the page."""
    for name in ("enumeration", "dedup", "across-jobs", "opening", "query", "export", "memory", "scaling", "profile"):
        large = ["--full"] if full and name in {"dedup", "across-jobs", "query", "export", "memory", "scaling"} else []
        _run([name, *large, "--note", note, "--results", str(results)])
    _run(["plots", "--results", str(results)])


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks", *arguments], check=True, cwd=HERE.parent)


def _finish(result: Result, directory: Path) -> None:
    from benchmarks.result import write

    path = write(result, directory)
    table = Table("who", "on", "median", "unit", "more", title=f"{result.benchmark}, {result.rounds} rounds")
    for one in result.series:
        if one.unit == "trace":
            continue
        more = ", ".join(f"{name} {value:,.4g}" for name, value in one.numbers.items())
        table.add_row(one.who, one.on, f"{one.median:,.4g}", one.unit, more)
    console = Console(width=max(120, Console().width))
    console.print(table)
    for name, value in result.headline.items():
        console.print(f"{name}: [bold]{value:.4g}[/bold]")
    if result.note:
        console.print(f"Note: {result.note}")
    console.print(f"wrote {path.name}")


if __name__ == "__main__":
    app()
