"""The command `halodb`: its subcommands, and the one place where errors are printed."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Annotated, NoReturn, TextIO

import typer

from halodb.cli import (
    adopt,
    catalog,
    clean,
    dedup,
    demo,
    draw,
    export,
    find,
    gallery,
    halogenate,
    index,
    plan,
    report,
    rules,
    run,
    sample,
    sql,
    stats,
    status,
    stop,
    transform,
    unlock,
    verify,
)
from halodb.cli.command import Command, Group
from halodb.cli.older_options import answer_to
from halodb.cli.signals import set_up_signals
from halodb.cli.streams import set_up_streams
from halodb.errors import EXIT_FAILED, EXIT_STOPPED, EXIT_USAGE, HalodbError, HalodbWarning
from halodb.version import __version__
from halodb.without_pandas import leave_pandas_out

_INTERRUPTED_IN_DUCKDB = "Query interrupted"
"""What DuckDB 2.0 makes of Ctrl-C outside of `engine.interruptible`: a RuntimeError with this text."""

app = typer.Typer(
    name="halodb",
    help="Libraries of molecules: every product of your transforms, deduplicated, answering SQL.",
    no_args_is_help=True,
    cls=Group,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
_COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "demo": (demo.demo_command, "halodb demo"),
    "rules": (rules.rules_command, "halodb rules --explain FG_PHENOL_OH__OH__TO__OMe"),
    "halogenate": (halogenate.halogenate_command, "halodb halogenate parents.csv -o inputs"),
    "plan": (plan.plan_command, 'halodb plan library -i inputs --jobs "polyphenol-*"'),
    "run": (run.run_command, "halodb run library -i inputs -w 16 --memory 16GB"),
    "status": (status.status_command, "halodb status library --watch"),
    "stop": (stop.stop_command, "halodb stop library"),
    "unlock": (unlock.unlock_command, "halodb unlock library"),
    "transform": (transform.transform_command, "halodb transform inputs/polyphenol-2X -l library"),
    "dedup": (dedup.dedup_command, "halodb dedup library --across-jobs"),
    "verify": (verify.verify_command, "halodb verify library"),
    "adopt": (adopt.adopt_command, "halodb adopt old-results -l library -i inputs"),
    "clean": (clean.clean_command, "halodb clean library --dry-run"),
    "index": (index.index_command, "halodb index library -w 16"),
    "find": (find.find_command, "halodb find library COc1ccccc1"),
    "sql": (sql.sql_command, 'halodb sql library "SELECT smiles FROM products WHERE k = 2 LIMIT 10"'),
    "export": (export.export_command, "halodb export library -o hits.sdf --where \"class = 'lipid'\""),
    "sample": (sample.sample_command, "halodb sample library -n 500 --diverse -o diverse.smi"),
    "stats": (stats.stats_command, "halodb stats library -o stats.csv"),
    "draw": (draw.draw_command, 'halodb draw library "SELECT * FROM products LIMIT 20" -o hits.html'),
    "gallery": (gallery.gallery_command, "halodb gallery library -o gallery.html --where \"class = 'lipid'\""),
    "report": (report.report_command, "halodb report library"),
    "catalog": (catalog.catalog_command, "halodb catalog library"),
}
"""Each command with an example of its use, which its help shows."""

for name, (command, example) in _COMMANDS.items():
    app.command(name, cls=Command, epilog=f"Example: {example}")(command)


@app.callback()
def _options_of_all(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"halodb {__version__}\n")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command line; exit code 0 done, 1 failed, 2 wrong usage, 130 stopped, by Ctrl-C or a signal like it."""
    leave_pandas_out()
    set_up_streams()
    set_up_signals()
    code = run_line()
    with contextlib.suppress(BrokenPipeError):  # `halodb sql ... | head`
        sys.stdout.flush()
    # DuckDB's native module reports leaks on standard error when the interpreter takes it apart; all is written by now.
    sys.stderr.flush()
    os._exit(code)


def run_line(arguments: Sequence[str] | None = None) -> int:
    """Run the command line in this process; the exit code.

    Args:
        arguments: those of the command, without its name; the process's own by default.
    """
    warnings.showwarning = _show_warning
    warnings.simplefilter("once", HalodbWarning)
    threading.excepthook = lambda _: None  # what a thread meets, the one that waits for it tells
    try:
        # typer turns Ctrl-C and typer.Exit into a code that it returns. On Windows it would take patterns for files'.
        code = app(arguments, standalone_mode=False, windows_expand_args=False)
    except HalodbError as error:
        return _say(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = EXIT_STOPPED
    except BrokenPipeError:
        return 0
    except Exception as error:
        if str(error) != _INTERRUPTED_IN_DUCKDB:
            return _last_resort(error)
        code = EXIT_STOPPED
    if code == EXIT_STOPPED:
        return _say("stopped. Run the same command again to go on: what is finished stays finished.", code)
    return code if isinstance(code, int) else 0


def _of_the_system(error: OSError) -> str:
    """What the operating system refused, and where."""
    file = f"{error.filename}: " if error.filename else ""
    return f"the system refused: {file}{error.strerror or error}. Look at the disk and at permissions, then go on."


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, HalodbWarning):
        _say(f"note: {message}", 0)


def _last_resort(error: Exception) -> int:
    show = getattr(error, "format_message", None)
    if show is not None:  # the command line could not be understood
        option = str(getattr(error, "option_name", "") or "")
        answer = answer_to(option)
        if answer is not None:
            return _say(f"wrong usage: {option} is of the older program; {answer}", EXIT_USAGE)
        return _say(
            f"wrong usage: {show()} `halodb --help` and `halodb COMMAND --help` tell what there is.", EXIT_USAGE
        )
    if os.environ.get("HALODB_TRACEBACK"):
        raise error
    if isinstance(error, OSError):
        return _say(_of_the_system(error), EXIT_FAILED)
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return _say("the system starts no more threads. Look at its limits (ulimit -u), then go on.", EXIT_FAILED)
    if isinstance(error, MemoryError):
        return _say("no memory left. Give it less to do at a time, or close other programs.", EXIT_FAILED)
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    return _say(f"halodb has a fault: {reason}. Please report it, with what HALODB_TRACEBACK=1 shows.", EXIT_FAILED)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"halodb: {' '.join(text.split())}\n")
    return code
