"""Confining a connection to the files of a library: for a server on which others ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
from duckdb import StatementType

from halodb.errors import LibraryError, QueryError

_READING = {
    StatementType.SELECT,
    StatementType.EXPLAIN,
    StatementType.CREATE,
    StatementType.INSERT,
    StatementType.UPDATE,
    StatementType.DELETE,
    StatementType.DROP,
    StatementType.ALTER,
    StatementType.TRANSACTION,
    StatementType.SET,
    StatementType.VARIABLE_SET,
}
"""Kinds of statements that reach no file but through a reader: what they make and change is in memory alone."""

_EXPLAINS_A_QUERY = re.compile(r"\s*EXPLAIN\s+(ANALYZE\s+)?\(?\s*(SELECT|WITH|FROM|VALUES|TABLE)\b", re.IGNORECASE)


def confine(connection: duckdb.DuckDBPyConnection, library: Path, files: Sequence[Path], scratch: Path) -> None:
    """Let a connection read some files of a library and no others, write none and load no extension, for good.

    Args:
        connection: has its views already.
        library: the directory.
        files: what may be read.
        scratch: a directory of ours, for spilling and for results.

    Raises:
        LibraryError: one of the files leads out of the library.
    """
    for file in files:
        if not is_inside(file, library):
            raise LibraryError(
                f"{file} leads to {file.resolve()}, out of the library.", "Put the file itself there, or leave it out."
            )
    for setting, value in {
        "allowed_paths": [str(file.absolute()) for file in files],
        "allowed_directories": [str(scratch.absolute())],
        "python_enable_replacements": False,  # a table's name must not find a variable of the program
        "enable_external_access": False,
        "lock_configuration": True,
    }.items():
        connection.execute(f"SET {setting} = $value", {"value": value})  # the names are ours, the values bound


def is_inside(file: Path, directory: Path) -> bool:
    """Whether a file is in a directory, wherever links lead."""
    return file.resolve().is_relative_to(directory.resolve())


def check_reading(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Refuse statements that could write a file that may be read: COPY, EXPORT, ATTACH, PREPARE, and so on.

    Raises:
        QueryError: there is one.
    """
    for statement in connection.extract_statements(text):
        explains = statement.type is StatementType.EXPLAIN and not _EXPLAINS_A_QUERY.match(statement.query)
        if statement.type not in _READING or explains:
            raise QueryError(
                f"{statement.type.name} is not for a library that is opened read-only.",
                "Ask with SELECT, or without --read-only.",
            )
