"""Options of the older program, and what does their job now."""

from __future__ import annotations

_MEMORY = (
    "workers write what they have when memory asks for it: --memory SIZE (50%, 16GB) is the budget of all processes."
)
_UNITS = "halodb cuts an input into units by what its rows cost, and goes on with them after a stop: leave it out."

_ANSWERS = {
    "--flush-interval": _MEMORY,
    "--target-memory": "its percent is --memory now: --memory 50% is half of RAM, of all processes together.",
    "--max-memory": "it is --memory now: --memory 16GB, of all processes together.",
    "--low-mem": "memory stays under --memory SIZE, 50% of RAM by default.",
    "--batch-size": _UNITS,
    "--chunk-size": _UNITS,
    "--shard-size": _UNITS,
    "--max-in-flight": "as many units are under way as there are workers: --workers N.",
    "--rdkit-threads": "workers are processes of one core each: --workers N.",
    "--n-jobs": "it is --workers now.",
    "--num-workers": "it is --workers now.",
    "--bloom-mb": "duplicates are found by DuckDB, exactly, within --memory; --temp-directory says where it spills.",
    "--no-dedup": "`halodb transform` alone leaves all products in shards; a result has each once.",
    "--dedup-policy": "a result has each SMILES once; `halodb dedup --across-jobs` has each once of a library.",
    "--outdir": "`halodb halogenate` takes --output, and `halodb run` the library as its first argument.",
    "--input-parquet": "`halodb halogenate` takes the file as its first argument, `halodb run` inputs by --inputs.",
    "--np-class": "the class is that of the file's column (--class-column), or found from the structure.",
    "--k": "it is --depth of `halodb halogenate` now.",
    "--k-max": "it is --depth of `halodb halogenate` now.",
    "--halogens": "rules make F, Cl, Br and I; --rule NAME and --rules FILE choose them.",
    "--rules-config": "it is --rules FILE now.",
    "--max-parents": "`halodb halogenate --sample-2x N` makes 2X of a part; a file with fewer rows does the rest.",
    "--resume": "every command goes on where it was stopped; --replace starts anew.",
}


def answer_to(option: str) -> str | None:
    """What does the job of an option of the older program now; None where it is none.

    >>> answer_to("--batch_size=2000")
    'halodb cuts an input into units by what its rows cost, and goes on with them after a stop: leave it out.'
    """
    return _ANSWERS.get(option.partition("=")[0].replace("_", "-").lower())
