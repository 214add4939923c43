"""Asking a library one question after the other, with a history and completion."""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from halodb.errors import HalodbError, HalodbWarning
from halodb.functions.signatures import MACROS, SIGNATURES
from halodb.library import Library
from halodb.library.views import VIEWS
from halodb.query.answer import run_query
from halodb.query.formats import Format

HISTORY_FILE = ".halodb_history"
"""In the home directory, as DuckDB and SQLite have theirs."""

_WELCOME = "End a query with ; and leave with Ctrl-D. Tab completes views, columns and functions.\n"
_KEYWORDS = ("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "JOIN", "USING", "DESCRIBE", "SUMMARIZE")
_WORD = re.compile(r"\w+")
_LEAVE = {"exit", "quit", ".exit", ".quit"}


def prompt(library: Library, *, form: Format | None = None) -> None:
    """Ask on the terminal until its end, Ctrl-D or `exit`; an error is told, and the next question may come.

    Args:
        library: an open library.
        form: format of the results; a table by default.
    """
    words = completions(library)
    session: PromptSession[str] = PromptSession(
        "halodb> ",
        multiline=True,
        prompt_continuation="      > ",
        key_bindings=_enter_ends_what_is_whole(),
        completer=WordCompleter(list(words), ignore_case=True, meta_dict=words, pattern=_WORD),
        complete_while_typing=False,
        history=_history(),
    )
    sys.stderr.write(_WELCOME)
    while True:
        try:
            text = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if _bare(text) in _LEAVE:
            return
        if _bare(text):
            _answer(library, text, form)


def completions(library: Library) -> dict[str, str]:
    """Words that a query may have, with what they are."""
    words = {**dict.fromkeys(_KEYWORDS, ""), **dict.fromkeys(MACROS, "halogens, counted in the SMILES")}
    for view in VIEWS:
        words[view] = "view"
        for column in library.sql(f"FROM {view}").columns:  # a name of ours
            words.setdefault(column, f"column of {view}")
    for signature in SIGNATURES:
        words.update(dict.fromkeys((signature.name, *signature.aliases), signature.about))
    return words


def _answer(library: Library, text: str, form: Format | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always", HalodbWarning)  # each question is told anew
        try:
            run_query(library, text, form=form)
        except HalodbError as error:
            sys.stderr.write(f"{error}\n")
        except KeyboardInterrupt:
            sys.stderr.write("stopped.\n")


def _bare(text: str) -> str:
    return text.strip().rstrip(";").strip().lower()


def _history() -> History:
    file = Path.home() / HISTORY_FILE
    try:
        file.touch(mode=0o600)
    except OSError:  # a home that may not be written to
        return InMemoryHistory()
    return FileHistory(str(file))


def _enter_ends_what_is_whole() -> KeyBindings:
    """Enter runs what ends with a semicolon, and begins a new line otherwise."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if not buffer.text.strip() or buffer.text.rstrip().endswith(";") or _bare(buffer.text) in _LEAVE:
            buffer.validate_and_handle()
        else:
            buffer.newline()

    return keys
