"""The one family of errors that halodb raises on purpose.

Each carries a title (what kind of thing went wrong), a message (what happened, and where: file, row, rule) and a remedy
(what to do now). The command line prints them in one place, as one line on standard error; a notebook sees an ordinary
exception with the same text.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_STOPPED = 130


class HalodbError(Exception):
    """Base of all errors meant for a user.

    Args:
        message: what happened and where, a full sentence.
        remedy: what the user can do about it, a full sentence.
    """

    title: ClassVar[str] = "halodb failed"
    exit_code: ClassVar[int] = EXIT_FAILED

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.title}: {self.message} {self.remedy}"


def reason_of(error: Exception) -> str:
    """What an error says, on one line; RDKit writes several.

    >>> reason_of(ValueError("no   molecule")), reason_of(ValueError())
    ('no molecule', 'ValueError')
    """
    return " ".join(str(error).split()) or type(error).__name__


class UsageError(HalodbError):
    """The command or call itself is wrong: an option's value, or a name that does not exist."""

    title = "wrong usage"
    exit_code = EXIT_USAGE


class RuleFileError(HalodbError):
    """A rule file cannot be read, or a rule in it is not valid."""

    title = "rule file not valid"


class InputError(HalodbError):
    """A file of parents cannot be used: missing, empty, damaged, or without the column that is needed."""

    title = "input not usable"


class LibraryError(HalodbError):
    """A library's directory is not what the command needs: not there, in use, or of another input."""

    title = "library not usable"


class DamagedDocumentError(LibraryError):
    """A manifest, receipt, record or report is not what halodb wrote."""


class NewerVersionError(LibraryError):
    """A newer halodb wrote what is there: it is not understood, and never written over."""


class MisplacedError(LibraryError):
    """A manifest lies in the directory of another job: the directory is a copy, or was renamed."""


class OutputError(HalodbError):
    """A file cannot be written where it should go: no permission, or a path that is something else."""

    title = "cannot write"


class DiskFullError(OutputError):
    """The disk ran out of room; the message says how much was free and how much was needed."""

    title = "disk full"


class WorkerError(HalodbError):
    """Workers stopped, again and again, on the same unit."""

    title = "worker stopped"


class ClusterError(HalodbError):
    """A cluster cannot be used: no scheduler answers, or its workers would not do the same."""

    title = "cluster not usable"


class QueryError(HalodbError):
    """DuckDB refused or could not finish a user's SQL."""

    title = "query failed"


class HalodbWarning(UserWarning):
    """Something was left out or left behind that the user should know of; the work goes on.

    The command line prints it as a line on standard error; a notebook shows it as any warning.
    """


def problem_with(file: Path, error: HalodbError) -> str:
    """An error's message as one of several problems: with the file's name, which DuckDB leaves out, without its end."""
    message = error.message.rstrip(".")
    return message if str(file) in message else f"{file}: {message}"


def did_you_mean(name: str, names: Iterable[str], *, otherwise: str) -> str:
    """The remedy for a name that does not exist: the nearest one that does, or another sentence."""
    near = get_close_matches(name, list(names), n=1)
    return f"Did you mean {near[0]}?" if near else otherwise
