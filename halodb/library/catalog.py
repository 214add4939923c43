"""`halodb catalog`: a DuckDB file with the views of a library, for programs that know DuckDB and not halodb."""

from __future__ import annotations

from pathlib import Path

import duckdb

from halodb.engine import run_statement
from halodb.files import whole_file
from halodb.jobs.select import choose_jobs
from halodb.library.data_set import link_results
from halodb.library.views import create_views

CATALOG_FILE = "library.duckdb"

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.2.0",  # so that clients of DuckDB from 1.2 on can open it
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write_catalog(library: Path | str) -> Path:
    """Write `library.duckdb` into a library: its views, and the macros of pure SQL, such as `n_cl(smiles)`.

    Beside it `products/` has a link to each result (see `link_results`), for what reads a directory as one data set.

    No product is copied: the views read the results where they are, by absolute paths, so that they are found from any
    working directory. `jobs`, `rules` and `inputs` are tables, as they are now. Write it again when the library was
    moved or has new jobs. Functions that need RDKit are not in it.

    Args:
        library: the directory.

    Returns:
        The file. Open it read-only, and any number of programs may.

    Raises:
        LibraryError: there is no library, or its `products/` holds files of somebody else.
        OutputError, DiskFullError: it cannot be written.

    Example:
        >>> connection = duckdb.connect(halodb.write_catalog("library"), read_only=True)  # doctest: +SKIP
    """
    library = Path(library)
    manifests = choose_jobs(library)
    file = library / CATALOG_FILE
    with whole_file(file) as temporary, duckdb.connect(temporary, config=_SETTINGS) as connection:
        create_views(connection, library, manifests)
        run_statement(connection, "functions/halogens")
        run_statement(connection, "catalog/snapshot")
    link_results(library, manifests)
    return file
