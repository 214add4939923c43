"""What asks a command to stop besides Ctrl-C: `halodb stop`, a system that shuts down, the end of a terminal."""

from __future__ import annotations

import signal

_LIKE_CTRL_C = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None]


def set_up_signals() -> None:
    """Take them as Ctrl-C, with all that is done about that; but what is ignored, as under nohup, stays ignored."""
    for number in _LIKE_CTRL_C:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _as_ctrl_c)


def _as_ctrl_c(*_: object) -> None:
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as a shell has it for what runs in its background
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)
