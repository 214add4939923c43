"""Standard output and standard error, as other programs and terminals want them."""

from __future__ import annotations

import io
import sys


def set_up_streams() -> None:
    """Let no character stop a command, whatever the system's code page is.

    What goes to a file or through a pipe is UTF-8, for Windows would take the code page, which lacks the lines of a
    table. A terminal gets what it can show, with a question mark for anything else.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
