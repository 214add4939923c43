"""`halodb catalog`."""

from __future__ import annotations

from halodb.cli.options import JsonOption, LibraryArgument


def catalog_command(library: LibraryArgument, as_json: JsonOption = False) -> None:
    """Write library.duckdb into a library: its views, for the DuckDB client, Harlequin, DBeaver and the DuckDB UI.

    It names files by absolute paths, and jobs as they are now: write it again after the library was moved or grew.
    Beside it, products/ has a link to each result: Polars, pandas and pyarrow read it as one data set.
    """
    from halodb.cli.as_json import print_json
    from halodb.cli.show import console
    from halodb.library.catalog import write_catalog
    from halodb.library.data_set import DATA_SET

    file = write_catalog(library)
    if as_json:
        print_json({"file": file, "products": library / DATA_SET})
    console().print(f"{file}: open it read-only, for example with: duckdb -readonly {file}", soft_wrap=True)
    console().print(f"{library / DATA_SET}: all results as one data set, for Polars, pandas, pyarrow", soft_wrap=True)
